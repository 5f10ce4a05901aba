// SPDX-License-Identifier: MIT
#include "crysbfn/circular_bayesian_flow.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>

#include "crysbfn/sampler_choice.h"
#include "equigen/nn/row_stable.h"
#include "equigen/process/accuracy_schedule.h"
#include "equigen/process/von_mises.h"

namespace equigen::crysbfn {
namespace {

/// The smallest length that a belief is taken to have, and an offset of the published update.
constexpr double kSmallestLength = 1e-7;
constexpr double kUpdateOffset = 1e-6;

/// Training and validation take turns, each with its own sequence; a sampling goes from block to
/// block of its samples.
constexpr std::ptrdiff_t kKeptTrainingPools = 2;
constexpr std::ptrdiff_t kKeptSamplingPools = 1;

}  // namespace

void CircularBayesianFlow::Config::declare(config::Declaration<Config>& keys) {
  using C = Config;
  keys.doc("Coordinates as angles that are observed with von Mises noise, ever more accurately.");
  keys.field("final_accuracy", &C::final_accuracy,
             "concentration that the schedule of accuracies ends at; its entropy falls linearly")
      .above(1e-3)
      .range(1e-3, 1e6);
  keys.field(
          "sampler", &C::sampler,
          "how a step goes on from a prediction: a fresh belief as if it were the data, one more "
          "observation of it, or the first for two thirds of the steps and then the second")
      .choices({"end_back", "vanilla", "mix"})
      .at_sampling();
  keys.field("loss", &C::loss, "squared distance on the circle, or one minus its cosine")
      .choices({"squared", "cosine"});
  keys.field(
          "training_paths", &C::training_paths,
          "paths of observations that the coordinates of a batch are put together from; a part of "
          "them is drawn anew for each batch")
      .range(1, 1000000);
  keys.field("sampling_paths", &C::sampling_paths,
             "the same for sampling, drawn anew for each block of 256 samples")
      .range(1, 1000000)
      .at_sampling();
}

CircularBayesianFlow::CircularBayesianFlow(Config config, const FieldSetting& setting)
    : config_(std::move(config)), steps_(setting.steps) {
  require_field(setting, CrystalField::coordinates, "circular_bayesian_flow");
  use_accuracies(linear_entropy_schedule(steps_, config_.final_accuracy).accuracies);
}

void CircularBayesianFlow::use_accuracies(const at::Tensor& accuracies) {
  accuracies_ = accuracies.to(torch::kFloat64);
  pools_.clear();
  const at::Tensor weights =
      static_cast<double>(steps_) * accuracies_ * von_mises::mean_resultant(accuracies_);
  weights_ = torch::cat({torch::zeros({1}, weights.options()), weights});
}

void CircularBayesianFlow::use_observations(std::shared_ptr<Observations> observations) {
  observations_ = std::move(observations);
  observations_are_given_ = true;
}

FieldLayout CircularBayesianFlow::layout() const {
  return {.seen = 3, .conditioning = 3, .predicted = 3, .is_matrix = false};
}

void CircularBayesianFlow::begin(ProcessUse use, const NoisePlace& place, at::Device device) {
  if (observations_are_given_) return;
  const auto found = std::ranges::find_if(pools_, [&](const Pool& pool) {
    return pool.observations->sequence() == place.sequence && pool.observations->device() == device;
  });
  if (found != pools_.end()) {
    found->observations->move_to(place.position);
    observations_ = found->observations;
    return;
  }
  const bool trains = use == ProcessUse::training;
  const auto of_use = [&](const Pool& pool) { return pool.use == use; };
  if (std::ranges::count_if(pools_, of_use) >= (trains ? kKeptTrainingPools : kKeptSamplingPools))
    pools_.erase(std::ranges::find_if(pools_, of_use));
  const std::int64_t paths = trains ? config_.training_paths : config_.sampling_paths;
  pools_.push_back({use, std::make_shared<PooledObservations>(accuracies_, paths, place, device)});
  observations_ = pools_.back().observations;
}

at::Tensor CircularBayesianFlow::encode(const at::Tensor& data) const {
  return 2 * M_PI * (data - data.floor()) - M_PI;
}

NoisyField CircularBayesianFlow::belief(const Resultant& sums) const {
  return {row_stable::atan2(sums.sine, sums.cosine),
          normalised_log_accuracy(sums, config_.final_accuracy)};
}

NoisyField CircularBayesianFlow::prior(const FieldRows&, RowNoise& noise) {
  const at::Tensor value = 2 * M_PI * noise.uniform({3}) - M_PI;
  return {value, torch::zeros_like(value)};
}

CorruptedField CircularBayesianFlow::corrupt(const at::Tensor& clean, const at::Tensor& step,
                                             const FieldRows& rows, RowNoise& noise) {
  const NoisyField nothing_observed = prior(rows, noise);
  const at::Tensor count = step - 1;
  NoisyField noisy = belief(observations_->first(clean, count, noise));
  const at::Tensor is_first = (count == 0).unsqueeze(1);
  noisy.value = torch::where(is_first, nothing_observed.value, noisy.value);
  noisy.conditioning = torch::where(is_first, nothing_observed.conditioning, noisy.conditioning);
  return {noisy, clean, {}, step};
}

at::Tensor CircularBayesianFlow::loss(const at::Tensor& output, const CorruptedField& corrupted,
                                      const FieldRows&) const {
  const at::Tensor error = von_mises::wrap_angle(
      corrupted.clean - von_mises::wrap_angle(output + corrupted.noisy.value));
  const at::Tensor distance = config_.loss == "squared" ? error.square() : 1 - error.cos();
  return (at_step(weights_, corrupted.step, distance) * distance).mean(1);
}

NoisyField CircularBayesianFlow::updated(const NoisyField& field, const at::Tensor& observation,
                                         std::int64_t step) const {
  const double smallest = std::log(kSmallestLength);
  const double range = std::log(config_.final_accuracy) - smallest;
  const at::Tensor accuracy = accuracies_[step - 1].to(field.value);
  const von_mises::Belief next =
      von_mises::update({field.value, (field.conditioning * range + smallest).exp()}, observation,
                        accuracy, kUpdateOffset);
  return {next.mean, ((next.concentration + kSmallestLength).log() - smallest) / range};
}

NoisyField CircularBayesianFlow::advance(const NoisyField& field, const at::Tensor& output,
                                         const Stride& stride, const FieldRows&, RowNoise& noise) {
  const at::Tensor predicted = von_mises::wrap_angle(output + field.value);
  if (stride.to > steps_) return {predicted, {}};
  if (is_update(config_.sampler, stride.from, steps_)) {
    NoisyField next = field;
    for (std::int64_t step = stride.from; step < stride.to; ++step)
      next = updated(next, observations_->single(predicted, step, noise), step);
    return next;
  }
  const at::Tensor count =
      torch::full({predicted.size(0)}, stride.to - 1, predicted.options().dtype(torch::kLong));
  return belief(observations_->first(predicted, count, noise));
}

at::Tensor CircularBayesianFlow::result(const NoisyField& field, RowNoise&) {
  const at::Tensor turns = (von_mises::wrap_angle(field.value) + M_PI) / (2 * M_PI);
  return turns - turns.floor();
}

}  // namespace equigen::crysbfn
