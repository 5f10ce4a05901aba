// SPDX-License-Identifier: MIT
#include "equigen/train/schedule.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/train/figure_monitor.h"
#include "equigen/train/trainer_checks.h"

using namespace equigen;

TEST_CASE("schedule: exponential counts steps or epochs") {
  const TrainingHorizon horizon{10, 100};
  const Schedule by_epoch({.type = "exponential", .interval = "epoch", .gamma = 0.9}, 2.0, horizon);
  CHECK(by_epoch.learning_rate(0, 0) == 2.0);
  CHECK(by_epoch.learning_rate(9, 0) == 2.0);
  CHECK(by_epoch.learning_rate(30, 3) == Approx(2.0 * std::pow(0.9, 3)));
  const Schedule by_step({.type = "exponential", .interval = "step", .gamma = 0.9}, 2.0, horizon);
  CHECK(by_step.learning_rate(7, 0) == Approx(2.0 * std::pow(0.9, 7)));
}

TEST_CASE("schedule: warm-up rises to the rate, cosine falls to its floor at the limit") {
  const ScheduleConfig config{.type = "cosine", .minimum_learning_rate = 0.1, .warm_up_steps = 10};
  const Schedule schedule(config, 1.0, {10, 110});
  CHECK(schedule.learning_rate(0, 0) == Approx(0.1));
  CHECK(schedule.learning_rate(9, 0) == Approx(1.0));
  CHECK(schedule.learning_rate(10, 1) == Approx(1.0));
  CHECK(schedule.learning_rate(60, 6) == Approx(0.55));
  CHECK(schedule.learning_rate(110, 11) == Approx(0.1));
  CHECK(schedule.learning_rate(500, 50) == Approx(0.1));
  CHECK_THROWS_AS(Schedule(config, 1.0, {10, std::nullopt}), ConfigError);
}

TEST_CASE("schedule: plateau lowers the rate when the validation loss stalls, and remembers") {
  const ScheduleConfig config{.type = "plateau",
                              .minimum_learning_rate = 0.3,
                              .plateau_factor = 0.5,
                              .plateau_patience = 1};
  Schedule schedule(config, 1.0, {10, 100});
  for (const double loss : {3.0, 2.0, 2.5}) schedule.observe_validation_loss(loss);
  CHECK(schedule.learning_rate(5, 0) == 1.0);
  schedule.observe_validation_loss(2.1);
  CHECK(schedule.learning_rate(5, 0) == 0.5);
  Schedule resumed(config, 1.0, {10, 100});
  resumed.load_state(schedule.state());
  for (Schedule* each : {&schedule, &resumed}) {
    each->observe_validation_loss(9);
    CHECK(each->learning_rate(5, 0) == 0.5);
    each->observe_validation_loss(9);
    CHECK(each->learning_rate(5, 0) == 0.3);
  }
}

TEST_CASE("monitor: counts values without progress, in either direction, and NaN is none") {
  FigureMonitor lower("validation/loss", "lower", 0.1);
  CHECK(lower.observe(1.0));
  CHECK_FALSE(lower.observe(0.95));
  CHECK(lower.observe(0.8));
  CHECK_FALSE(lower.observe(std::numeric_limits<double>::quiet_NaN()));
  CHECK(lower.stalled() == 1);
  FigureMonitor resumed("validation/loss", "lower", 0.1);
  resumed.load_state(lower.state());
  CHECK(resumed.best() == lower.best());
  CHECK(resumed.stalled() == 1);
  FigureMonitor higher("metric/validity", "higher");
  CHECK(higher.observe(0.5));
  CHECK(higher.observe(0.6));
  CHECK_FALSE(higher.observe(0.6));
}

TEST_CASE("trainer checks: contradictions are all named at once") {
  TrainerConfig config;
  config.schedule.type = "plateau";
  config.checkpoint.best_metric = "metric/validity";
  config.early_stopping.patience = 3;
  config.early_stopping.metric = "loss";
  CHECK_THROWS_WITH(check_trainer_config(config, false, true),
                    ContainsSubstring("no end") && ContainsSubstring("plateau") &&
                        ContainsSubstring("sampling.every_steps") &&
                        ContainsSubstring("early_stopping"));
  config = {};
  config.max_time = "4 parsecs";
  CHECK_THROWS_WITH(check_trainer_config(config, true, true), ContainsSubstring("4 parsecs"));
  config.max_time = "4 min";
  config.schedule.type = "cosine";
  CHECK_THROWS_WITH(check_trainer_config(config, true, true), ContainsSubstring("cosine"));
  config.schedule.period = 100;
  CHECK_NOTHROW(check_trainer_config(config, true, true));
}
