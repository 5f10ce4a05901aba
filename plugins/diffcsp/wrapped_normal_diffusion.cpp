// SPDX-License-Identifier: MIT
#include "diffcsp/wrapped_normal_diffusion.h"

#include <torch/types.h>

#include <cmath>

#include "equigen/process/wrapped_normal.h"

namespace equigen::diffcsp {
namespace {

double entry(const at::Tensor& table, std::int64_t index) {
  return table[index].item<double>();
}

}  // namespace

void WrappedNormalDiffusion::Config::declare(config::Declaration<Config>& keys) {
  using C = Config;
  keys.doc("Fractional coordinates under normal noise that is wrapped into the cell.");
  keys.field("smallest_deviation", &C::smallest_deviation,
             "standard deviation of the last step's noise, in cell lengths")
      .above(0);
  keys.field("largest_deviation", &C::largest_deviation,
             "standard deviation of the first step's noise, in cell lengths")
      .above(0);
  keys.field("step_size", &C::step_size,
             "of a Langevin step at the smallest deviation; it grows with the variance")
      .at_least(0)
      .at_sampling();
  keys.field("corrector", &C::corrector,
             "a Langevin step before each ancestral one, at the price of a second network call")
      .at_sampling();
}

WrappedNormalDiffusion::WrappedNormalDiffusion(Config config, const FieldSetting& setting)
    : config_(config), steps_(setting.steps) {
  require_field(setting, CrystalField::coordinates, "wrapped_normal_diffusion");
  deviations_ = wrapped_normal::geometric_deviations(config_.smallest_deviation,
                                                     config_.largest_deviation, steps_);
  squared_scores_ = wrapped_normal::expected_squared_score(deviations_);
}

FieldLayout WrappedNormalDiffusion::layout() const {
  return {.seen = 3, .conditioning = 0, .predicted = 3, .is_matrix = false};
}

at::Tensor WrappedNormalDiffusion::encode(const at::Tensor& data) const {
  return data - data.floor();
}

at::Tensor WrappedNormalDiffusion::seen(const at::Tensor& value) const {
  return 2 * M_PI * value;
}

NoisyField WrappedNormalDiffusion::prior(const FieldRows&, RowNoise& noise) {
  return {noise.uniform({3}), {}};
}

CorruptedField WrappedNormalDiffusion::corrupt(const at::Tensor& clean, const at::Tensor& step,
                                               const FieldRows&, RowNoise& noise) {
  const at::Tensor level = steps_ + 1 - step;
  const at::Tensor deviation = at_step(deviations_, level, clean);
  const at::Tensor change = deviation * noise.normal({3});
  const at::Tensor noisy = clean + change;
  const at::Tensor score = wrapped_normal::negative_score(change, deviation.expand_as(change));
  const at::Tensor target = score / at_step(squared_scores_, level, clean).sqrt();
  return {{noisy - noisy.floor(), {}}, clean, target, step};
}

at::Tensor WrappedNormalDiffusion::loss(const at::Tensor& output, const CorruptedField& corrupted,
                                        const FieldRows&) const {
  return (output - corrupted.target).square().mean(1);
}

NoisyField WrappedNormalDiffusion::correct(const NoisyField& field, const at::Tensor& output,
                                           std::int64_t step, const FieldRows&, RowNoise& noise) {
  const std::int64_t level = steps_ + 1 - step;
  const double ratio = entry(deviations_, level) / config_.smallest_deviation;
  const double size = config_.step_size * ratio * ratio;
  at::Tensor value = field.value - size * std::sqrt(entry(squared_scores_, level)) * output;
  if (level > 1) value = value + std::sqrt(2 * size) * noise.normal({3});
  return {value, {}};
}

NoisyField WrappedNormalDiffusion::advance(const NoisyField& field, const at::Tensor& output,
                                           const Stride& stride, const FieldRows&,
                                           RowNoise& noise) {
  const std::int64_t level = steps_ + 1 - stride.from;
  const std::int64_t next_level = steps_ + 1 - stride.to;
  const double now = std::pow(entry(deviations_, level), 2);
  const double next = std::pow(entry(deviations_, next_level), 2);
  at::Tensor value = field.value - (now - next) * std::sqrt(entry(squared_scores_, level)) * output;
  if (next_level > 0) value = value + std::sqrt(next * (now - next) / now) * noise.normal({3});
  return {value - value.floor(), {}};
}

at::Tensor WrappedNormalDiffusion::result(const NoisyField& field, RowNoise&) {
  // A value just below 1 may have been rounded up to it.
  return field.value - field.value.floor();
}

}  // namespace equigen::diffcsp
