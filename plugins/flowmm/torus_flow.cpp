// SPDX-License-Identifier: MIT
#include <torch/types.h>

#include <cmath>

#include "equigen/nn/atom_pairs.h"
#include "flowmm/flow_time.h"

namespace equigen::flowmm {
namespace {

at::Tensor without_mean(const at::Tensor& velocity, const FieldRows& rows) {
  return velocity -
         mean_by_crystal(velocity, rows.crystal, rows.crystals).index_select(0, rows.crystal);
}

/// Mean of (n - 1) / n over atoms: what is left of a velocity's variance without its mean.
double share_without_mean(const DataSummary& data) {
  double kept = 0;
  double atoms = 0;
  for (std::size_t size = 1; size < data.size_histogram.size(); ++size) {
    const auto crystals = static_cast<double>(data.size_histogram[size]);
    kept += crystals * static_cast<double>(size - 1);
    atoms += crystals * static_cast<double>(size);
  }
  return atoms > 0 && kept > 0 ? kept / atoms : 1;
}

}  // namespace

void AnnealingConfig::declare(config::Declaration<AnnealingConfig>& keys) {
  using C = AnnealingConfig;
  keys.doc("How much faster than its velocity a sampler goes: 1 + slope max(t - start, 0).");
  keys.field("slope", &C::slope, "s of the factor 1 + s max(t - start, 0), t from 0 to 1; 0: none")
      .at_least(0);
  keys.field("start", &C::start, "time t from which on the sampler goes faster").range(0, 1);
}

void TorusFlow::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Fractional coordinates along the shortest way round the cell, from anywhere in it.");
  keys.field("annealing", &Config::annealing,
             "the sampler goes 1 + slope max(t - start, 0) times as fast as the velocity")
      .at_sampling();
}

TorusFlow::TorusFlow(Config config, const FieldSetting& setting)
    : config_(std::move(config)), steps_(setting.steps) {
  require_field(setting, CrystalField::coordinates, "torus_flow");
  // The way from a uniform base to any data is uniform in (-1/2, 1/2].
  velocity_deviation_ = std::sqrt(share_without_mean(setting.data) / 12);
}

FieldLayout TorusFlow::layout() const {
  return {.seen = 3, .conditioning = 0, .predicted = 3, .is_matrix = false};
}

at::Tensor TorusFlow::encode(const at::Tensor& data) const {
  return data - data.floor();
}

at::Tensor TorusFlow::seen(const at::Tensor& value) const {
  return 2 * M_PI * value;
}

NoisyField TorusFlow::prior(const FieldRows&, RowNoise& noise) {
  return {noise.uniform({3}), {}};
}

CorruptedField TorusFlow::corrupt(const at::Tensor& clean, const at::Tensor& step,
                                  const FieldRows& rows, RowNoise& noise) {
  const at::Tensor base = noise.uniform({3});
  const at::Tensor way = clean - base - torch::round(clean - base);
  const at::Tensor now = base + time_of(step, steps_, clean) * way;
  return {{now - now.floor(), {}}, clean, without_mean(way, rows), step};
}

at::Tensor TorusFlow::loss(const at::Tensor& output, const CorruptedField& corrupted,
                           const FieldRows& rows) const {
  const at::Tensor velocity = without_mean(velocity_deviation_ * output, rows);
  return (velocity - corrupted.target).square().mean(1);
}

NoisyField TorusFlow::advance(const NoisyField& field, const at::Tensor& output,
                              const Stride& stride, const FieldRows& rows, RowNoise&) {
  const at::Tensor velocity = without_mean(velocity_deviation_ * output, rows);
  const at::Tensor value = field.value + step_size(stride, steps_, config_.annealing) * velocity;
  return {value - value.floor(), {}};
}

at::Tensor TorusFlow::result(const NoisyField& field, RowNoise&) {
  return field.value - field.value.floor();
}

}  // namespace equigen::flowmm
