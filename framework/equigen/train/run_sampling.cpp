// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/data/sample_files.h"
#include "equigen/model/restore.h"
#include "equigen/model/sampling.h"
#include "equigen/plugin/registry.h"
#include "equigen/train/device.h"
#include "equigen/train/engine.h"
#include "equigen/train/sampling_conditions.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

CheckpointChoice checkpoint_choice(const SamplingOptions& options) {
  if (options.checkpoint == "best") return CheckpointChoice::best;
  if (options.checkpoint == "last" || fs::is_regular_file(options.model))
    return CheckpointChoice::latest;
  const bool has_best = read_best_checkpoint(options.model / "checkpoints").has_value();
  return has_best ? CheckpointChoice::best : CheckpointChoice::latest;
}

/// The keys that samples depend on, of the stored configuration with the overrides.
struct StoredSettings {
  SamplingConfig sampling;
  std::uint64_t seed = 42;
  std::string device = "auto";
  std::int64_t threads = 0;
};

StoredSettings stored_settings(const config::Value& config) {
  StoredSettings settings;
  if (const auto* section = config.find("sampling")) {
    settings.sampling =
        config::checked<SamplingConfig>(*section, Registry::instance().schemas(), "sampling");
  }
  if (const auto* seed = config.find("seed")) settings.seed = seed->to_json().get<std::uint64_t>();
  if (const auto* device = config.find("device")) settings.device = device->text();
  if (const auto* threads = config.find("threads"))
    settings.threads = threads->to_json().get<std::int64_t>();
  return settings;
}

config::Value stored_config(const SamplingOptions& options) {
  const Checkpoint checkpoint = open_checkpoint(options.model, checkpoint_choice(options));
  config::Problems problems;
  config::Value config = config::apply_overrides(config::Value::from_json(checkpoint.config),
                                                 options.overrides, problems);
  problems.throw_if_any();
  return config;
}

fs::path output_file(const SamplingOptions& options, const SamplingConfig& stored,
                     const std::string& structure) {
  if (!options.output.empty()) return options.output;
  const std::string name = !stored.file.empty()      ? stored.file
                           : structure == "molecule" ? "samples.smi"
                           : structure == "crystal"  ? "samples.cif"
                                                     : "samples.jsonl";
  return fs::is_directory(options.model) ? options.model / "samples" / name : fs::path(name);
}

/// Equal for two calls that would draw the same samples from the same seed.
std::string origin_of(const RestoredModel& restored, const DrawOptions& draw) {
  const auto* model = restored.config.find("model");
  std::string conditions;
  for (const Sample& sample : draw.conditions) {
    const Crystal& crystal = crystal_in(sample);
    conditions += fmt::format("{}:{};", crystal.name, formula(composition(crystal)));
  }
  if (!conditions.empty()) conditions += fmt::format("\n{}", draw.samples_per_condition);
  return sha256(fmt::format("{}\n{}\n{}{}", read_file(restored.checkpoint.source),
                            model->to_json().dump(), restored.ema_used, conditions));
}

/// One sample, or as many as asked for, of each composition.
void ask_for_compositions(DrawOptions& draw, const SamplingOptions& options,
                          const SamplingConfig& stored, const config::Value& config) {
  draw.conditions = sampling_conditions(options, stored.compositions, config);
  draw.samples_per_condition =
      options.samples_per_composition.value_or(stored.samples_per_composition);
  draw.count = options.count.value_or(std::ssize(draw.conditions) * draw.samples_per_condition);
}

}  // namespace

SamplingResult run_sampling(const SamplingOptions& options) {
  const StoredSettings settings = stored_settings(stored_config(options));
  use_threads(settings.threads);
  RestoreOptions restore;
  restore.choice = checkpoint_choice(options);
  restore.use_ema = options.use_ema.value_or(settings.sampling.use_ema);
  restore.device = choose_device(settings.device);
  const RestoredModel restored = restore_model(options.model, options.overrides, restore);

  const fs::path file = output_file(options, settings.sampling, restored.checkpoint.data.structure);
  require_writable_format(file, restored.checkpoint.data.structure);
  DrawOptions draw;
  draw.count = options.count.value_or(settings.sampling.count);
  draw.batch_size = options.batch_size.value_or(settings.sampling.batch_size);
  draw.seed = options.seed.value_or(settings.sampling.seed.value_or(settings.seed));
  draw.device = restore.device;
  if (restored.model->needs_conditions()) {
    ask_for_compositions(draw, options, settings.sampling, restored.config);
  } else if (!options.formulas.empty() || options.compositions) {
    throw ConfigError("sampling-compositions",
                      "the model generates whole crystals or molecules: it takes no compositions",
                      "leave out --formula and --compositions");
  }
  const StopOnSignal signals;
  draw.stop = StopOnSignal::requested;
  log::info(fmt::format("sampling {} from {}{}", draw.count, restored.checkpoint.source.string(),
                        restored.ema_used ? ", averaged parameters" : ""));
  if (options.restart) {
    std::error_code ignored;
    fs::remove(file, ignored);
  }
  const FileJobResult job =
      draw_samples_to_file(*restored.model, {file, origin_of(restored, draw)}, draw);
  return {.file = file,
          .written = job.written,
          .resumed = job.resumed,
          .seconds = job.seconds,
          .interrupted = job.written < draw.count};
}

}  // namespace equigen
