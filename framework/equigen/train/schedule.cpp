// SPDX-License-Identifier: MIT
#include "equigen/train/schedule.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "equigen/base/error.h"

namespace equigen {
namespace {

std::int64_t epochs_of(std::int64_t steps, const TrainingHorizon& horizon) {
  return (steps + horizon.steps_per_epoch - 1) / horizon.steps_per_epoch;
}

double cosine_period(const ScheduleConfig& config, const TrainingHorizon& horizon) {
  if (config.period > 0) return static_cast<double>(config.period);
  if (!horizon.steps) {
    throw ConfigError("config-schedule-period",
                      "trainer.schedule is cosine but nothing says how long the fall lasts",
                      "set trainer.schedule.period, trainer.max_steps or trainer.max_epochs");
  }
  const std::int64_t steps = std::max<std::int64_t>(*horizon.steps - config.warm_up_steps, 1);
  return static_cast<double>(config.interval == "epoch" ? epochs_of(steps, horizon) : steps);
}

}  // namespace

Schedule::Schedule(const ScheduleConfig& config, double learning_rate,
                   const TrainingHorizon& horizon)
    : config_(config), base_(learning_rate), horizon_(horizon) {
  if (config.type == "cosine") period_ = cosine_period(config, horizon);
}

double Schedule::intervals_since_warm_up(std::int64_t step, std::int64_t epoch) const {
  if (config_.interval == "step") return static_cast<double>(step - config_.warm_up_steps);
  const std::int64_t warm_up_epochs = config_.warm_up_steps / horizon_.steps_per_epoch;
  return static_cast<double>(std::max<std::int64_t>(epoch - warm_up_epochs, 0));
}

double Schedule::learning_rate(std::int64_t step, std::int64_t epoch) const {
  if (step < config_.warm_up_steps) {
    return base_ * static_cast<double>(step + 1) / static_cast<double>(config_.warm_up_steps);
  }
  const double floor = std::min(config_.minimum_learning_rate, base_);
  const double intervals = intervals_since_warm_up(step, epoch);
  if (config_.type == "exponential") return base_ * std::pow(config_.gamma, intervals);
  if (config_.type == "cosine") {
    const double share = std::min(intervals / period_, 1.0);
    return floor + (base_ - floor) * (1 + std::cos(std::numbers::pi * share)) / 2;
  }
  if (config_.type == "plateau") return std::max(base_ * plateau_scale_, floor);
  return base_;
}

void Schedule::observe_validation_loss(double loss) {
  if (config_.type != "plateau") return;
  if (!plateau_best_ || loss < *plateau_best_) {
    plateau_best_ = loss;
    plateau_stalled_ = 0;
  } else if (++plateau_stalled_ > config_.plateau_patience) {
    plateau_scale_ *= config_.plateau_factor;
    plateau_stalled_ = 0;
  }
}

nlohmann::json Schedule::state() const {
  return {{"plateau_scale", plateau_scale_},
          {"plateau_best", plateau_best_ ? nlohmann::json(*plateau_best_) : nlohmann::json()},
          {"plateau_stalled", plateau_stalled_}};
}

void Schedule::load_state(const nlohmann::json& state) {
  plateau_scale_ = state.at("plateau_scale").get<double>();
  const auto& best = state.at("plateau_best");
  plateau_best_ = best.is_null() ? std::nullopt : std::optional(best.get<double>());
  plateau_stalled_ = state.at("plateau_stalled").get<std::int64_t>();
}

}  // namespace equigen
