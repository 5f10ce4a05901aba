// SPDX-License-Identifier: MIT
#include "equigen/train/trainer_checks.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "equigen/base/error.h"
#include "equigen/base/text.h"

namespace equigen {
namespace {

/// Why a figure is never computed in this training; empty when it is.
std::string why_absent(const std::string& figure, const TrainerConfig& config,
                       bool has_validation_set, bool has_metrics) {
  if (figure.starts_with("validation/")) {
    if (!has_validation_set) return "the data set has no validation split";
    if (config.validate_every_steps == 0 && config.validate_every_epochs == 0)
      return "validate_every_steps and validate_every_epochs are both 0";
    return {};
  }
  if (figure.starts_with("metric/")) {
    if (config.sampling.every_steps == 0) return "trainer.sampling.every_steps is 0";
    if (!has_metrics) return "the experiment lists no metrics";
    return {};
  }
  if (figure.starts_with("train/")) return {};
  return "only train/..., validation/... and metric/... figures can be watched";
}

}  // namespace

void check_trainer_config(const TrainerConfig& config, bool has_validation_set, bool has_metrics) {
  std::vector<std::string> mistakes;
  if (config.max_steps < 0 && config.max_epochs < 0 && config.max_time.empty()) {
    mistakes.emplace_back(
        "the training has no end: set trainer.max_steps, trainer.max_epochs or trainer.max_time");
  }
  if (!config.max_time.empty() && parse_duration(config.max_time).value_or(0) <= 0) {
    mistakes.push_back(fmt::format(
        "trainer.max_time '{}' is not a duration above 0; write it as 90 s, 4 min, 1.5 h or 2 d",
        config.max_time));
  }
  const auto require_figure = [&](const std::string& key, const std::string& figure) {
    const std::string reason = why_absent(figure, config, has_validation_set, has_metrics);
    if (!reason.empty())
      mistakes.push_back(fmt::format("{} waits for '{}', but {}", key, figure, reason));
  };
  if (config.schedule.type == "cosine" && config.schedule.period == 0 && config.max_steps < 0 &&
      config.max_epochs < 0) {
    mistakes.emplace_back(
        "trainer.schedule is cosine but nothing says how long the fall lasts: set "
        "trainer.schedule.period, trainer.max_steps or trainer.max_epochs");
  }
  if (config.schedule.type == "plateau")
    require_figure("trainer.schedule (plateau)", "validation/loss");
  if (config.early_stopping.patience > 0)
    require_figure("trainer.early_stopping.metric", config.early_stopping.metric);
  if (!config.checkpoint.best_metric.empty())
    require_figure("trainer.checkpoint.best_metric", config.checkpoint.best_metric);
  if (mistakes.empty()) return;
  throw ConfigError("config-contradiction", text::join(mistakes, "\n"));
}

void require_watched_figure(const std::string& watched, const std::string& group,
                            const NamedValues& figures) {
  if (!watched.starts_with(group)) return;
  std::vector<std::string> names;
  for (const auto& [name, value] : figures) {
    if (name == watched) return;
    if (name.starts_with(group)) names.push_back(name);
  }
  throw ConfigError("trainer-figure",
                    fmt::format("the training is to watch '{}', but there is no such figure{}",
                                watched, text::did_you_mean(watched, names)),
                    fmt::format("set trainer.checkpoint.best_metric and "
                                "trainer.early_stopping.metric to one of: {}",
                                text::join(names, ", ")));
}

std::vector<std::string> watched_figures(const TrainerConfig& config) {
  std::vector<std::string> watched;
  if (config.early_stopping.patience > 0) watched.push_back(config.early_stopping.metric);
  if (!config.checkpoint.best_metric.empty()) watched.push_back(config.checkpoint.best_metric);
  return watched;
}

}  // namespace equigen
