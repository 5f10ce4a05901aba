// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <torch/types.h>

#include <cmath>

#include "equigen/base/error.h"
#include "equigen/data/lattice_statistics.h"
#include "flowmm/flow_time.h"

namespace equigen::flowmm {
namespace {

constexpr double kInterval = kLargestReducedAngle - kSmallestReducedAngle;

at::Tensor row(const std::vector<double>& values) {
  return torch::tensor(values, torch::kFloat64);
}

at::Tensor row(const std::array<double, 3>& values) {
  return row(std::vector<double>(values.begin(), values.end()));
}

at::Tensor three_numbers(const std::optional<std::vector<double>>& given,
                         const std::array<double, 3>& of_data, const char* key) {
  if (!given) return row(of_data);
  if (given->size() != 3) {
    throw ConfigError("lattice-parameter-flow",
                      fmt::format("{} has {} numbers where lengths have three", key, given->size()),
                      "give one for each of a, b and c");
  }
  return row(*given);
}

// LibTorch's own logit and sigmoid round the last few numbers of a tensor otherwise than the
// others, which makes a sample depend on its batch.
at::Tensor logit_of(const at::Tensor& share) {
  return (share / (1 - share)).log();
}

at::Tensor sigmoid_of(const at::Tensor& x) {
  return 1 / (1 + (-x).exp());
}

at::Tensor logits(const at::Tensor& degrees) {
  return logit_of(((degrees - kSmallestReducedAngle) / kInterval)
                      .clamp(kReducedAngleMargin, 1 - kReducedAngleMargin));
}

/// Lengths and logits to lengths and degrees.
at::Tensor parameters_of(const at::Tensor& value) {
  const at::Tensor degrees =
      kSmallestReducedAngle + kInterval * sigmoid_of(value.slice(1, 3).to(torch::kFloat64));
  return torch::cat({value.slice(1, 0, 3).to(torch::kFloat64), degrees}, 1).to(value.dtype());
}

/// Like `like`, for multiplying rows of it.
at::Tensor as(const at::Tensor& table, const at::Tensor& like) {
  return table.to(like.options()).unsqueeze(0);
}

}  // namespace

void LatticeParameterFlow::Config::declare(config::Declaration<Config>& keys) {
  using C = Config;
  keys.doc("Lattice parameters of reduced cells, along straight lines.");
  keys.field(
      "log_length_mean", &C::log_length_mean,
      "three numbers: means of log a, log b and log c in the base, lengths in Å; null: of the "
      "training data");
  keys.field("log_length_deviation", &C::log_length_deviation,
             "three numbers: their standard deviations; null: of the training data");
  keys.field("annealing", &C::annealing,
             "the sampler goes 1 + slope max(t - start, 0) times as fast as the velocity")
      .at_sampling();
}

LatticeParameterFlow::LatticeParameterFlow(Config config, const FieldSetting& setting)
    : config_(std::move(config)), steps_(setting.steps) {
  require_field(setting, CrystalField::lattice, "lattice_parameter_flow");
  const LatticeStatistics& data = setting.data.lattice;
  log_mean_ = three_numbers(config_.log_length_mean, data.log_length_mean, "log_length_mean");
  log_deviation_ = three_numbers(config_.log_length_deviation, data.log_length_deviation,
                                 "log_length_deviation");
  // Moments of the base: a log-normal, and a logistic distribution.
  const at::Tensor variance = log_deviation_.square();
  const at::Tensor base_mean =
      torch::cat({(log_mean_ + variance / 2).exp(), torch::zeros({3}, torch::kFloat64)});
  const at::Tensor base_variance =
      torch::cat({(variance.exp() - 1) * (2 * log_mean_ + variance).exp(),
                  torch::full({3}, M_PI * M_PI / 3, torch::kFloat64)});
  const at::Tensor data_mean = torch::cat({row(data.length_mean), row(data.angle_logit_mean)});
  const at::Tensor data_variance =
      torch::cat({row(data.length_deviation), row(data.angle_logit_deviation)}).square();
  velocity_mean_ = data_mean - base_mean;
  velocity_deviation_ = (data_variance + base_variance).sqrt().clamp_min(1e-3);
  // Over t uniform in [0, 1]: E t^2 = E (1 - t)^2 = 1/3 and E t (1 - t) = 1/6.
  seen_mean_ = (base_mean + data_mean) / 2;
  const at::Tensor second = (base_variance + base_mean.square() + data_variance +
                             data_mean.square() + base_mean * data_mean) /
                            3;
  seen_deviation_ = (second - seen_mean_.square()).clamp_min(1e-6).sqrt();
}

std::string LatticeParameterFlow::misfit(const Crystal& crystal) const {
  for (const double angle : crystal.lattice.parameters().angles) {
    if (angle <= kSmallestReducedAngle || angle >= kLargestReducedAngle) {
      return fmt::format(
          "an angle of {:.2f} degrees; lattice_parameter_flow takes reduced cells, "
          "whose angles lie between 60 and 120 (data.reduce: niggli)",
          angle);
    }
  }
  return {};
}

FieldLayout LatticeParameterFlow::layout() const {
  return {.seen = 6, .conditioning = 0, .predicted = 6, .is_matrix = false};
}

at::Tensor LatticeParameterFlow::encode(const at::Tensor& data) const {
  return torch::cat({data.slice(1, 0, 3), logits(data.slice(1, 3))}, 1);
}

at::Tensor LatticeParameterFlow::seen(const at::Tensor& value) const {
  return (value - as(seen_mean_, value)) / as(seen_deviation_, value);
}

at::Tensor LatticeParameterFlow::cell(const at::Tensor& value) const {
  return lattice_vectors(parameters_of(value)).view({-1, 3, 3});
}

NoisyField LatticeParameterFlow::prior(const FieldRows&, RowNoise& noise) {
  const at::Tensor normal = noise.normal({3});
  const at::Tensor lengths = (as(log_mean_, normal) + as(log_deviation_, normal) * normal).exp();
  const at::Tensor angles = logit_of(noise.uniform({3}).to(torch::kFloat64).clamp(1e-6, 1 - 1e-6));
  return {torch::cat({lengths, angles.to(normal.dtype())}, 1), {}};
}

CorruptedField LatticeParameterFlow::corrupt(const at::Tensor& clean, const at::Tensor& step,
                                             const FieldRows& rows, RowNoise& noise) {
  const at::Tensor base = prior(rows, noise).value;
  const at::Tensor velocity = clean - base;
  return {{base + time_of(step, steps_, clean) * velocity, {}}, clean, velocity, step};
}

at::Tensor LatticeParameterFlow::velocity(const at::Tensor& output) const {
  return as(velocity_mean_, output) + as(velocity_deviation_, output) * output;
}

at::Tensor LatticeParameterFlow::loss(const at::Tensor& output, const CorruptedField& corrupted,
                                      const FieldRows&) const {
  return (velocity(output) - corrupted.target).square().mean(1);
}

NoisyField LatticeParameterFlow::advance(const NoisyField& field, const at::Tensor& output,
                                         const Stride& stride, const FieldRows&, RowNoise&) {
  return {field.value + step_size(stride, steps_, config_.annealing) * velocity(output), {}};
}

at::Tensor LatticeParameterFlow::result(const NoisyField& field, RowNoise&) {
  // A velocity can lead past zero. Vectors of a negative length would look like a mirrored cell.
  const at::Tensor is_cell = (field.value.slice(1, 0, 3) > 0).all(1).view({-1, 1, 1});
  const at::Tensor vectors = cell(field.value);
  return torch::where(is_cell, vectors, torch::full_like(vectors, std::nan("")));
}

}  // namespace equigen::flowmm
