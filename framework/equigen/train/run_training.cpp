// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <torch/types.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/base/random.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/named_dataset.h"
#include "equigen/data/sample_files.h"
#include "equigen/metrics/evaluation/evaluation.h"
#include "equigen/model/restore.h"
#include "equigen/model/sampling.h"
#include "equigen/train/device.h"
#include "equigen/train/engine.h"
#include "equigen/train/model_for_data.h"
#include "equigen/train/rehearsal.h"
#include "equigen/train/run_folder.h"
#include "equigen/train/sampling_conditions.h"
#include "equigen/train/saved_paths.h"
#include "equigen/train/trainer.h"
#include "equigen/train/trainer_checks.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

/// A folder for a dry run that goes away with it.
class TemporaryOutput {
 public:
  TemporaryOutput()
      : path_(fs::temp_directory_path() / fmt::format("equigen-dry-run-{}", ::getpid())) {}
  ~TemporaryOutput() {
    log::copy_to_file({});
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryOutput(const TemporaryOutput&) = delete;
  TemporaryOutput& operator=(const TemporaryOutput&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

DataSplits load_data(const Experiment& experiment, const fs::path& experiment_file) {
  DataSplits data = load_dataset(experiment.data, data_context(experiment_file, experiment.seed));
  log::info(fmt::format("data {}: {} training, {} validation, {} test samples", data.name,
                        data.train.size(), data.validation.size(), data.test.size()));
  if (data.skipped_count > 0) {
    log::warning(fmt::format("{} rows could not be used; the first: {}: {}", data.skipped_count,
                             data.skipped.front().source, data.skipped.front().reason));
  }
  return data;
}

/// Where samples are too poor for a metric, what is watched of it is not a number this time.
void add_missing_figures(const TrainerConfig& config, NamedValues& values) {
  constexpr std::string_view kPrefix = "metric/";
  for (const std::string& watched : watched_figures(config)) {
    const std::string name =
        watched.starts_with(kPrefix) ? watched.substr(kPrefix.size()) : std::string();
    const bool is_there =
        std::ranges::any_of(values, [&](const auto& value) { return value.first == name; });
    if (!name.empty() && !is_there)
      values.emplace_back(name, std::numeric_limits<double>::quiet_NaN());
  }
}

/// Draws samples while training and computes the experiment's metrics of them.
MeasureSamples measurement(const Experiment& experiment, const DataSplits& data,
                           at::Device device) {
  return [&experiment, &data, device](Model& model, std::int64_t step) {
    DrawOptions options;
    options.count = experiment.trainer.sampling.count;
    options.batch_size = experiment.sampling.batch_size;
    options.seed = derive_key(experiment.seed, "periodic-sampling");
    options.device = device;
    options.show_progress = false;
    options.stop = StopOnSignal::requested;
    const std::vector<Sample>& reference = data.validation.empty() ? data.test : data.validation;
    if (model.needs_conditions()) options.conditions = reference;
    const std::vector<Sample> samples = draw_samples(model, options);
    if (std::ssize(samples) < options.count) return NamedValues{};
    EvaluationRequest request;
    request.generated = samples;
    request.reference = reference;
    request.train = data.train;
    request.metrics = experiment.metrics;
    request.dataset = data.name;
    request.with_floor = false;
    request.with_verdicts = false;
    NamedValues values;
    const Evaluation evaluation = evaluate(request);
    for (const Figure& figure : evaluation.figures)
      values.emplace_back(figure.value.name, figure.value.value);
    if (!evaluation.left_out.empty()) add_missing_figures(experiment.trainer, values);
    log::debug(fmt::format("measured {} samples at step {}", samples.size(), step));
    return values;
  };
}

TrainerSetup trainer_setup(const LoadedExperiment& loaded, const DataSplits& data,
                           const fs::path& folder) {
  const Experiment& experiment = loaded.experiment;
  TrainerSetup setup;
  setup.train = data.train;
  setup.validation = data.validation;
  setup.config = experiment.trainer;
  setup.seed = experiment.seed;
  setup.device = choose_device(experiment.device);
  setup.folder = folder;
  setup.experiment = loaded.tree.to_json();
  ModelForData fitted = model_for_data(experiment.model, data.name, data.train, experiment.seed);
  setup.model = std::move(fitted.model);
  setup.summary = std::move(fitted.summary);
  setup.model->to(setup.device);
  if (experiment.trainer.sampling.every_steps > 0)
    setup.measure = measurement(experiment, data, setup.device);
  return setup;
}

void announce(const TrainerSetup& setup) {
  std::int64_t parameters = 0;
  for (const at::Tensor& parameter : setup.model->parameters()) parameters += parameter.numel();
  log::info(fmt::format("model with {} parameters on {}, {} threads", parameters,
                        setup.device.str(), at::get_num_threads()));
}

/// Says before the training what the sampling after it will have to leave out. The training itself
/// needs no compositions.
void check_conditions(const Model& model, const Experiment& experiment, const DataSplits& data,
                      const fs::path& experiment_file) {
  if (!model.needs_conditions()) return;
  try {
    warn_of_unmet_conditions(
        model, stored_conditions(experiment.sampling.compositions, data, experiment_file));
  } catch (const DataError& failure) {
    log::warning(fmt::format("sampling.compositions cannot be had for the sampling afterwards: {}",
                             failure.message()));
  }
}

/// Lets runs/<name>/latest point to the newest run.
void point_latest_to(const fs::path& run) {
  const fs::path link = run.parent_path() / "latest";
  const fs::path temporary = run.parent_path() / fmt::format(".latest.{}", ::getpid());
  std::error_code failure;
  fs::create_directory_symlink(run.filename(), temporary, failure);
  if (!failure) fs::rename(temporary, link, failure);
  if (failure)
    log::warning(
        fmt::format("cannot point {} to the new run: {}", link.string(), failure.message()));
}

TrainingResult result_of(const TrainingOutcome& outcome, const fs::path& run) {
  return {.run = run,
          .last_checkpoint = outcome.last_checkpoint,
          .step = outcome.step,
          .epoch = outcome.epoch,
          .end = outcome.end,
          .interrupted = outcome.interrupted};
}

std::unique_ptr<Trainer> new_trainer(const RunFolder& run, const LoadedExperiment& loaded,
                                     const DataSplits& data) {
  log::copy_to_file(run.log());
  TrainerSetup setup = trainer_setup(loaded, data, run.path());
  announce(setup);
  check_conditions(*setup.model, loaded.experiment, data, run.path() / "config.yaml");
  return std::make_unique<Trainer>(std::move(setup));
}

TrainingResult train_to_end(Trainer& trainer, const RunFolder& run) {
  const StopOnSignal signals;
  log::info(fmt::format("training in {}", run.path().string()));
  const TrainingOutcome outcome = trainer.run(StopOnSignal::requested);
  log::info(fmt::format("training ended after step {} ({}): {}", outcome.step,
                        duration_text(outcome.seconds), outcome.end));
  return result_of(outcome, run.path());
}

TrainingResult train_on(const RunFolder& run, const LoadedExperiment& loaded,
                        const DataSplits& data) {
  const auto trainer = new_trainer(run, loaded, data);
  trainer->resume(read_latest_checkpoint(run.checkpoints()));
  return train_to_end(*trainer, run);
}

/// A run that cannot even begin leaves nothing, and `latest` where it was.
TrainingResult train_anew(const LoadedExperiment& loaded, const DataSplits& data) {
  const RunFolder run = RunFolder::create(loaded.experiment.output, loaded.experiment.name);
  run.describe(loaded.tree, describe_environment().dump(2));
  std::unique_ptr<Trainer> trainer;
  try {
    trainer = new_trainer(run, loaded, data);
  } catch (...) {
    log::copy_to_file({});
    std::error_code ignored;
    fs::remove_all(run.path(), ignored);
    fs::remove(run.path().parent_path(), ignored);  // where it holds no other run
    throw;
  }
  point_latest_to(run.path());
  return train_to_end(*trainer, run);
}

void try_writing(const std::vector<Sample>& samples, const fs::path& file) {
  const auto writer = open_sample_writer(file);
  writer->write(samples);
  writer->flush();
}

/// One step, one validation, a few samples and their metrics, one checkpoint, read back.
void try_everything(LoadedExperiment loaded, DataSplits data) {
  constexpr std::size_t kFewReferences = 100;
  constexpr std::int64_t kFewSamples = 4;
  const TemporaryOutput output;
  TrainerConfig& trainer = loaded.experiment.trainer;
  // The run that is tried has other limits; contradictions are those of the real one.
  check_trainer_config(trainer, !data.validation.empty(), trainer.sampling.every_steps > 0);
  for (std::vector<Sample>* split : {&data.validation, &data.test})
    split->resize(std::min(split->size(), kFewReferences));
  trainer.max_steps = 1;
  trainer.validate_every_steps = 1;
  trainer.validate_every_epochs = 1;
  trainer.checkpoint.every_steps = 1;
  trainer.log_every_steps = 1;
  trainer.sampling.every_steps = 1;
  trainer.sampling.count = std::min(trainer.sampling.count, kFewSamples);
  const RunFolder run = RunFolder::create(output.path(), "dry_run");
  const TrainingResult trained = train_to_end(*new_trainer(run, loaded, data), run);
  RestoreOptions options;
  options.use_ema = loaded.experiment.sampling.use_ema;
  options.device = choose_device(loaded.experiment.device);
  const RestoredModel restored = restore_model(trained.last_checkpoint, {}, options);
  DrawOptions draw;
  draw.count = 1;
  draw.seed = loaded.experiment.seed;
  draw.device = options.device;
  if (restored.model->needs_conditions()) draw.conditions = data.train;
  const std::vector<Sample> samples = draw_samples(*restored.model, draw);
  if (const fs::path name = loaded.experiment.sampling.file; !name.empty())
    try_writing(samples, run.samples() / name.filename());
}

}  // namespace

TrainingResult run_training(const LoadedExperiment& loaded, const TrainingOptions& options) {
  const Experiment& experiment = loaded.experiment;
  use_threads(experiment.threads);
  choose_device(experiment.device);
  const bool resume = !options.resume.empty();
  const fs::path file = resume ? options.resume / "config.yaml" : options.experiment_file;
  // Nobody else may write into a run while it is resumed.
  const std::optional<RunFolder> resumed =
      resume && !options.dry_run ? std::optional(RunFolder::open(options.resume)) : std::nullopt;
  const DataSplits data = load_data(experiment, file);
  rehearse(experiment, data);
  if (options.dry_run) {
    try_everything(loaded, data);
    return {};
  }
  if (resumed) return train_on(*resumed, loaded, data);
  LoadedExperiment saved = loaded;
  saved.tree =
      with_absolute_paths(std::move(saved.tree), file, data_context(file, experiment.seed));
  return train_anew(saved, data);
}

}  // namespace equigen
