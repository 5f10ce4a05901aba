// SPDX-License-Identifier: MIT
#include "crysbfn/gaussian_bayesian_flow.h"

#include <torch/types.h>

#include <cmath>

#include "crysbfn/sampler_choice.h"
#include "equigen/base/error.h"

namespace equigen::crysbfn {

void GaussianBayesianFlow::Config::declare(config::Declaration<Config>& keys) {
  using C = Config;
  keys.doc("Lattice vectors that are observed with Gaussian noise, ever more accurately.");
  keys.field("final_deviation", &C::final_deviation,
             "standard deviation of the belief in the end, in units of `standard_deviation`")
      .above(0)
      .below(1);
  keys.field("standard_deviation", &C::standard_deviation,
             "what components of lattice vectors are divided by; null: of the training data")
      .unit("Å")
      .above(0);
  keys.field(
          "sampler", &C::sampler,
          "how a step goes on from a prediction: a fresh belief as if it were the data, one more "
          "observation of it, or the first for two thirds of the steps and then the second")
      .choices({"end_back", "vanilla", "mix"})
      .at_sampling();
}

GaussianBayesianFlow::GaussianBayesianFlow(Config config, const FieldSetting& setting)
    : config_(std::move(config)), steps_(setting.steps) {
  require_field(setting, CrystalField::lattice, "gaussian_bayesian_flow");
  scale_ = config_.standard_deviation.value_or(setting.data.lattice.vector_deviation);
  if (scale_ <= 0) {
    throw ConfigError("gaussian-bayesian-flow",
                      "the training data does not say how much lattice vectors vary",
                      "set standard_deviation of the lattice's process");
  }
  const auto count = static_cast<double>(steps_);
  const at::Tensor share = torch::arange(steps_ + 1, torch::kFloat64) / count;
  gammas_ = 1 - torch::pow(config_.final_deviation, 2 * share);
  weights_ = count * (1 - std::pow(config_.final_deviation, 2 / count)) /
             (2 * torch::pow(config_.final_deviation, 2 * share));
}

FieldLayout GaussianBayesianFlow::layout() const {
  return {.seen = 9, .conditioning = 0, .predicted = 9, .is_matrix = true, .starts_at_zero = true};
}

at::Tensor GaussianBayesianFlow::encode(const at::Tensor& data) const {
  return lattice_vectors(data) / scale_;
}

at::Tensor GaussianBayesianFlow::cell(const at::Tensor& value) const {
  return (value * scale_).view({-1, 3, 3});
}

at::Tensor GaussianBayesianFlow::seen_at(const at::Tensor& x, const at::Tensor& gamma,
                                         RowNoise& noise) const {
  return gamma * x + (gamma * (1 - gamma)).sqrt() * noise.normal({9});
}

NoisyField GaussianBayesianFlow::prior(const FieldRows& rows, RowNoise&) {
  return {torch::zeros({rows.crystals, 9}, rows.crystal.options().dtype(torch::kFloat32)), {}};
}

CorruptedField GaussianBayesianFlow::corrupt(const at::Tensor& clean, const at::Tensor& step,
                                             const FieldRows&, RowNoise& noise) {
  return {{seen_at(clean, at_step(gammas_, step - 1, clean), noise), {}}, clean, {}, step};
}

at::Tensor GaussianBayesianFlow::loss(const at::Tensor& output, const CorruptedField& corrupted,
                                      const FieldRows&) const {
  const at::Tensor error = (output - corrupted.clean).square();
  return (at_step(weights_, corrupted.step, error) * error).mean(1);
}

NoisyField GaussianBayesianFlow::advance(const NoisyField& field, const at::Tensor& output,
                                         const Stride& stride, const FieldRows&, RowNoise& noise) {
  if (stride.to > steps_) return {output, {}};
  if (!is_update(config_.sampler, stride.from, steps_))
    return {seen_at(output, gammas_[stride.to - 1].to(output), noise), {}};
  // The precision of the belief after i observations is sigma^(-2 i / N): their sum telescopes.
  const auto precision = [&](std::int64_t observations) {
    return std::pow(config_.final_deviation,
                    -2 * static_cast<double>(observations) / static_cast<double>(steps_));
  };
  const double before = precision(stride.from - 1);
  const double accuracy = precision(stride.to - 1) - before;
  const at::Tensor observed = output + noise.normal({9}) / std::sqrt(accuracy);
  return {(before * field.value + accuracy * observed) / (before + accuracy), {}};
}

at::Tensor GaussianBayesianFlow::result(const NoisyField& field, RowNoise&) {
  return cell(field.value);
}

}  // namespace equigen::crysbfn
