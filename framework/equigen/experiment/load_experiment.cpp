// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "equigen/base/text.h"
#include "equigen/experiment/experiment.h"
#include "equigen/plugin/loader.h"
#include "equigen/plugin/registry.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;
using config::Problem;
using config::Problems;
using config::Value;

/// Paths in `plugins:` are relative to the experiment file. They become absolute, so that the run's
/// saved configuration finds them too, and are searched before components are looked up.
void add_plugin_paths(Value& tree, const fs::path& folder) {
  Value* plugins = tree.find("plugins");
  if (!plugins || !plugins->is_sequence()) return;
  std::vector<fs::path> paths;
  for (Value& item : plugins->items()) {
    if (!item.is_scalar()) continue;
    paths.push_back(fs::absolute(folder / item.text()));
    item = Value::scalar(paths.back().string(), /*quoted=*/true, item.origin());
  }
  PluginLoader::instance().add_search_paths(paths);
}

const config::Origin& origin_at(const Value& tree, const std::string& path) {
  const Value* value = tree.at_path(path);
  return value ? value->origin() : tree.origin();
}

void add_problem(Problems& problems, const Value& tree, const std::string& path,
                 const std::string& message, const std::string& note) {
  const Value* value = tree.at_path(path);
  const int length = value && value->is_scalar()
                         ? static_cast<int>(std::max<std::size_t>(1, value->text().size()))
                         : 1;
  problems.add(Problem{"config-contradiction", message, origin_at(tree, path), length, {}, note});
}

bool is_device_name(const std::string& name) {
  if (name == "auto" || name == "cpu" || name == "cuda") return true;
  return name.starts_with("cuda:") && text::to_integer(name.substr(5)).value_or(-1) >= 0;
}

bool is_figure_name(const std::string& name) {
  return name.starts_with("validation/") || name.starts_with("train/") ||
         name.starts_with("metric/");
}

/// Runs stay below `output`.
bool leaves_folder(const std::string& name) {
  const fs::path path(name);
  return path.is_absolute() || std::ranges::find(path, "..") != path.end();
}

void check_figure(Problems& problems, const Value& tree, const std::string& key,
                  const std::string& figure) {
  if (is_figure_name(figure)) return;
  add_problem(problems, tree, key, fmt::format("'{}' is not a figure of the training", figure),
              "expected validation/loss, train/loss or metric/NAME");
}

void check_limits(const TrainerConfig& trainer, const Value& tree, const Value& given,
                  Problems& problems) {
  const auto time = parse_duration(trainer.max_time);
  if (!trainer.max_time.empty() && !time) {
    add_problem(problems, tree, "trainer.max_time",
                fmt::format("'{}' is not a duration", trainer.max_time),
                "expected a number with s, min, h or d: 90 s, 4 min, 1.5 h");
  } else if (time && *time <= 0) {
    add_problem(problems, tree, "trainer.max_time", "there is no time to train in",
                "expected a duration above 0, or nothing for no limit");
  }
  const bool limited =
      trainer.max_steps >= 0 || trainer.max_epochs >= 0 || !trainer.max_time.empty();
  if (given.find("trainer") && !limited) {
    add_problem(problems, given, "trainer", "the training has no limit",
                "set trainer.max_steps, trainer.max_epochs or trainer.max_time");
  }
}

void check_watched_figures(const TrainerConfig& trainer, const Value& tree, Problems& problems) {
  const std::string& best = trainer.checkpoint.best_metric;
  if (!best.empty()) check_figure(problems, tree, "trainer.checkpoint.best_metric", best);
  if (trainer.early_stopping.patience == 0) return;
  const std::string& watched = trainer.early_stopping.metric;
  check_figure(problems, tree, "trainer.early_stopping.metric", watched);
  const bool validates = trainer.validate_every_steps > 0 || trainer.validate_every_epochs > 0;
  if (watched.starts_with("validation/") && !validates) {
    add_problem(problems, tree, "trainer.early_stopping.patience",
                "early stopping waits for a validation that never comes",
                "set trainer.validate_every_epochs or trainer.validate_every_steps");
  }
}

/// What no single key can be blamed for by its type and range. `given`: what the user wrote,
/// without defaults.
void check_contradictions(const Experiment& experiment, const Value& tree, const Value& given,
                          Problems& problems) {
  const TrainerConfig& trainer = experiment.trainer;
  if (!is_device_name(experiment.device)) {
    add_problem(problems, tree, "device", fmt::format("there is no device '{}'", experiment.device),
                "expected auto, cpu, cuda or cuda:N");
  }
  if (leaves_folder(experiment.name)) {
    add_problem(problems, tree, "name",
                fmt::format("'{}' is not the name of a folder below `output`", experiment.name),
                "expected a name without .. and without / in front; `output` says where runs go");
  }
  if (trainer.schedule.minimum_learning_rate > trainer.optimizer.learning_rate) {
    add_problem(problems, tree, "trainer.schedule.minimum_learning_rate",
                fmt::format("the smallest learning rate {} is above the learning rate {}",
                            text::shortest(trainer.schedule.minimum_learning_rate),
                            text::shortest(trainer.optimizer.learning_rate)),
                "set it below trainer.optimizer.learning_rate");
  }
  check_limits(trainer, tree, given, problems);
  check_watched_figures(trainer, tree, problems);
}

Value defaults_of(const Value& composed) {
  Problems ignored;
  return config::validate(composed, config::schema_of<Experiment>(), Registry::instance().schemas(),
                          "the experiment", ignored);
}

LoadedExperiment checked_experiment(const Value& given, Problems& problems) {
  Value tree = config::validate(given, config::schema_of<Experiment>(),
                                Registry::instance().schemas(), "the experiment", problems);
  problems.throw_if_any();
  Experiment experiment = config::read<Experiment>(tree);
  check_contradictions(experiment, tree, given, problems);
  problems.throw_if_any();
  return {std::move(experiment), std::move(tree)};
}

}  // namespace

LoadedExperiment load_experiment(const fs::path& file, std::span<const std::string> overrides) {
  Problems problems;
  const auto defaults = [&](const Value& composed) {
    Value tree = composed;
    add_plugin_paths(tree, file.parent_path());
    return defaults_of(tree);
  };
  Value tree = config::compose(file, overrides, problems, defaults);
  if (problems.stopped()) problems.throw_if_any();
  add_plugin_paths(tree, file.parent_path());
  return checked_experiment(tree, problems);
}

LoadedExperiment read_experiment(Value tree, std::span<const std::string> overrides) {
  Problems problems;
  const Value changed = config::apply_overrides(std::move(tree), overrides, problems);
  return checked_experiment(changed, problems);
}

}  // namespace equigen
