// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "equigen/experiment/experiment.h"

namespace equigen {

/// How long a training will be, as far as its limits tell.
struct TrainingHorizon {
  std::int64_t steps_per_epoch = 1;
  std::optional<std::int64_t> steps;  ///< nothing when only time limits it
};

/// The learning rate of each step: a linear rise of `warm_up_steps`, then
///   constant      rate
///   exponential   rate gamma^n
///   cosine        floor + (rate - floor) (1 + cos(pi n / period)) / 2, the floor afterwards
///   plateau       rate, times `plateau_factor` whenever the validation loss stalled, never below
///                 the floor
/// with n the steps or epochs (`interval`) since the warm-up.
class Schedule {
 public:
  /// Throws ConfigError when cosine has neither a period nor a limit to fall to.
  Schedule(const ScheduleConfig& config, double learning_rate, const TrainingHorizon& horizon);

  /// Rate of step `step` (from 0) in epoch `epoch` (from 0).
  double learning_rate(std::int64_t step, std::int64_t epoch) const;

  /// Tells plateau how a validation went; the others ignore it.
  void observe_validation_loss(double loss);

  nlohmann::json state() const;
  void load_state(const nlohmann::json& state);

 private:
  double intervals_since_warm_up(std::int64_t step, std::int64_t epoch) const;

  ScheduleConfig config_;
  double base_;
  TrainingHorizon horizon_;
  double period_ = 0;
  double plateau_scale_ = 1;
  std::optional<double> plateau_best_;
  std::int64_t plateau_stalled_ = 0;
};

}  // namespace equigen
