// SPDX-License-Identifier: MIT
#include "diffcsp/denoising_diffusion.h"

#include <torch/types.h>

#include <cmath>

#include "equigen/base/error.h"

namespace equigen::diffcsp {

void DenoisingDiffusion::Config::declare(config::Declaration<Config>& keys) {
  using C = Config;
  keys.doc("Lattice vectors, or elements as one-hot rows, under Gaussian noise.");
  keys.field("offset", &C::offset, "of the cosine schedule: how little noise the first level adds")
      .at_least(0)
      .below(1);
}

DenoisingDiffusion::DenoisingDiffusion(Config config, const FieldSetting& setting)
    : is_lattice_(setting.field == CrystalField::lattice),
      steps_(setting.steps),
      columns_(is_lattice_ ? 9 : static_cast<std::int64_t>(setting.vocabulary.size())),
      cumulative_alphas_(cosine_cumulative_alphas(setting.steps, config.offset)) {
  if (setting.field == CrystalField::coordinates) {
    throw ConfigError("process-field", "process denoising_diffusion is for lattices and elements",
                      "coordinates are periodic: use wrapped_normal_diffusion");
  }
}

FieldLayout DenoisingDiffusion::layout() const {
  return {.seen = columns_, .conditioning = 0, .predicted = columns_, .is_matrix = is_lattice_};
}

at::Tensor DenoisingDiffusion::encode(const at::Tensor& data) const {
  if (is_lattice_) return lattice_vectors(data);
  return torch::one_hot(data, columns_).to(torch::kFloat32);
}

at::Tensor DenoisingDiffusion::cell(const at::Tensor& value) const {
  return value.view({-1, 3, 3});
}

NoisyField DenoisingDiffusion::prior(const FieldRows&, RowNoise& noise) {
  return {noise.normal({columns_}), {}};
}

CorruptedField DenoisingDiffusion::corrupt(const at::Tensor& clean, const at::Tensor& step,
                                           const FieldRows&, RowNoise& noise) {
  const at::Tensor left = at_step(cumulative_alphas_, steps_ + 1 - step, clean);
  const at::Tensor normal = noise.normal({columns_});
  return {{left.sqrt() * clean + (1 - left).sqrt() * normal, {}}, clean, normal, step};
}

at::Tensor DenoisingDiffusion::loss(const at::Tensor& output, const CorruptedField& corrupted,
                                    const FieldRows&) const {
  return (output - corrupted.target).square().mean(1);
}

NoisyField DenoisingDiffusion::advance(const NoisyField& field, const at::Tensor& output,
                                       const Stride& stride, const FieldRows&, RowNoise& noise) {
  // The posterior between two levels, which need not be neighbours.
  const std::int64_t next_level = steps_ + 1 - stride.to;
  const double left = cumulative_alphas_[steps_ + 1 - stride.from].item<double>();
  const double next_left = cumulative_alphas_[next_level].item<double>();
  const double alpha = left / next_left;
  at::Tensor value = (field.value - (1 - alpha) / std::sqrt(1 - left) * output) / std::sqrt(alpha);
  if (next_level > 0) {
    const double deviation = std::sqrt((1 - alpha) * (1 - next_left) / (1 - left));
    value = value + deviation * noise.normal({columns_});
  }
  return {value, {}};
}

at::Tensor DenoisingDiffusion::result(const NoisyField& field, RowNoise&) {
  return is_lattice_ ? cell(field.value) : field.value.argmax(1);
}

}  // namespace equigen::diffcsp
