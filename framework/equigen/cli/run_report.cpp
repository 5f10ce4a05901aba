// SPDX-License-Identifier: MIT
#include "equigen/cli/run_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/named_dataset.h"
#include "equigen/data/sample_files.h"
#include "equigen/metrics/evaluation/evaluation.h"
#include "equigen/report/report.h"

namespace equigen::cli {
namespace {

namespace fs = std::filesystem;

nlohmann::json environment_of(const fs::path& run) {
  if (!fs::exists(run / "environment.json")) return nlohmann::json::object();
  return nlohmann::json::parse(read_file(run / "environment.json"), nullptr, false);
}

const std::string& method_of(const Experiment& experiment) {
  return experiment.method.empty() ? experiment.model.type : experiment.method;
}

Evaluation evaluate_samples(const Experiment& experiment, const DataSplits& data,
                            const SampleFile& file) {
  EvaluationRequest request;
  request.generated = file.samples;
  request.reference = data.test;
  request.train = data.train;
  request.metrics = experiment.metrics;
  request.dataset = data.name;
  request.method = method_of(experiment);
  request.skipped_count = file.skipped_count;
  request.skipped = file.skipped;
  request.seed = experiment.seed;
  request.spread_draws = kAutomaticSpread;
  return evaluate(request);
}

std::optional<fs::path> found_samples(const fs::path& run) {
  const std::string chosen = experiment_of_run(run).experiment.sampling.file;
  for (const std::string& name : {chosen, std::string("samples.smi"), std::string("samples.cif"),
                                  std::string("samples.jsonl")}) {
    const fs::path file = run / "samples" / name;
    if (!name.empty() && fs::exists(file)) return file;
  }
  return std::nullopt;
}

}  // namespace

LoadedExperiment experiment_of_run(const fs::path& run) {
  const fs::path file = run / "config.yaml";
  if (!fs::exists(file)) {
    throw DataError("run-folder",
                    fmt::format("{} is not a run folder: it has no config.yaml", run.string()),
                    "give the folder that `equigen train` or `equigen import` wrote");
  }
  return load_experiment(file, {});
}

DataSplits load_data(const Experiment& experiment, const fs::path& experiment_file) {
  const DataContext context = data_context(experiment_file, experiment.seed);
  return load_dataset(experiment.data, context);
}

DataSplits reference_data(const std::string& against, const std::string& train) {
  DataSplits data = load_named_or_file(against, fs::current_path(), /*seed=*/0);
  if (train.empty()) return data;
  DataSplits other = load_named_or_file(train, fs::current_path(), /*seed=*/0);
  data.train = other.train.empty() ? std::move(other.test) : std::move(other.train);
  return data;
}

report::DatasetInfo dataset_info(const DataSplits& data) {
  return {.name = data.name,
          .train_count = std::ssize(data.train),
          .validation_count = std::ssize(data.validation),
          .test_count = std::ssize(data.test),
          .skipped_count = data.skipped_count,
          .skipped = data.skipped,
          .note = {}};
}

report::ComparedRun compared_run(const fs::path& run) {
  const LoadedExperiment loaded = experiment_of_run(run);
  report::ComparedRun result;
  result.source = run.string();
  result.config_yaml = loaded.tree.to_yaml();
  if (fs::exists(run / "metrics.jsonl"))
    result.training = report::read_training_log(run / "metrics.jsonl");
  const auto samples = found_samples(run);
  if (!samples) return result;
  const DataSplits data = load_data(loaded.experiment, run / "config.yaml");
  SampleFile file = read_sample_file(*samples);
  result.evaluation = evaluate_samples(loaded.experiment, data, file);
  result.samples = std::move(file.samples);
  return result;
}

fs::path samples_of_run(const fs::path& run) {
  if (const auto file = found_samples(run)) return *file;
  throw DataError("run-samples", fmt::format("the run {} has no samples", run.string()),
                  "draw some with `equigen sample RUN`, or name a file with --samples");
}

fs::path write_run_report(const fs::path& run, const fs::path& samples, const fs::path& folder) {
  const LoadedExperiment loaded = experiment_of_run(run);
  const DataSplits data = load_data(loaded.experiment, run / "config.yaml");
  SampleFileOptions options;
  options.to_be_judged = true;
  const SampleFile file = read_sample_file(samples, options);

  report::ReportInput input;
  input.title = fmt::format("{} on {}", method_of(loaded.experiment), data.name);
  input.subtitle = loaded.experiment.description;
  input.command_line = fmt::format("equigen report {}", run.string());
  input.config_yaml = loaded.tree.to_yaml();
  input.environment = environment_of(run);
  input.dataset = dataset_info(data);
  input.evaluation = evaluate_samples(loaded.experiment, data, file);
  if (fs::exists(run / "metrics.jsonl"))
    input.training = report::read_training_log(run / "metrics.jsonl");
  input.samples = file.samples;
  input.reference = data.test;
  fmt::print("{}", evaluation_table(*input.evaluation));
  return report::write_report(folder, input);
}

}  // namespace equigen::cli
