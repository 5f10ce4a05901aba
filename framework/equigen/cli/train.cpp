// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "equigen/base/error.h"
#include "equigen/base/log.h"
#include "equigen/cli/commands.h"
#include "equigen/cli/engine.h"
#include "equigen/cli/run_report.h"

namespace equigen::cli {
namespace {

LoadedExperiment chosen_experiment(const TrainArguments& arguments) {
  if (arguments.resume.empty()) {
    if (arguments.experiment.empty()) {
      throw ConfigError("train-what", "give an experiment file, or --resume RUN",
                        "equigen train experiments/gdss/community_small.yaml");
    }
    return load_experiment(arguments.experiment, arguments.overrides);
  }
  // With --resume there is no experiment file: the first word is an override like the others.
  std::vector<std::string> overrides = arguments.overrides;
  if (const std::string first = arguments.experiment.string(); !first.empty()) {
    if (first.find('=') == std::string::npos && !first.starts_with('~')) {
      throw ConfigError("train-resume-experiment",
                        fmt::format("a resumed run has its own configuration, {}: '{}' beside "
                                    "--resume would not be read",
                                    (arguments.resume / "config.yaml").string(), first),
                        "leave it out; changes are given as trainer.max_steps=2000");
    }
    overrides.insert(overrides.begin(), first);
  }
  return load_experiment(arguments.resume / "config.yaml", overrides);
}

void sample_and_report(const TrainingResult& trained) {
  SamplingOptions options;
  options.model = trained.run;
  // A run that trained on has samples of its earlier checkpoint.
  options.replace_other = true;
  const SamplingResult sampled = engine().sample(options);
  if (sampled.interrupted) {
    log::warning(fmt::format(
        "sampling was stopped: no report; `equigen train --resume {}` goes on where it was",
        trained.run.string()));
    return;
  }
  fmt::print("samples: {}\n", sampled.file.string());
  fmt::print("report: {}\n",
             write_run_report(trained.run, sampled.file, trained.run / "report").string());
}

}  // namespace

int train(const TrainArguments& arguments) {
  const LoadedExperiment loaded = chosen_experiment(arguments);
  if (arguments.print_config) {
    fmt::print("{}", loaded.tree.to_yaml(/*origins=*/true));
    return 0;
  }
  const TrainingResult trained =
      engine().train(loaded, {arguments.experiment, arguments.resume, arguments.dry_run});
  if (arguments.dry_run) {
    fmt::print("dry run: everything works\n");
    return 0;
  }
  fmt::print("run: {}\n", trained.run.string());
  if (trained.interrupted) {
    fmt::print("stopped after step {}; go on with: equigen train --resume {}\n", trained.step,
               trained.run.string());
    return 0;
  }
  if (!arguments.skip_report) sample_and_report(trained);
  return 0;
}

}  // namespace equigen::cli
