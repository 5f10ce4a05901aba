// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/base/text.h"
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

/// The keys of a configuration besides `model` that samples depend on.
struct SampledSettings {
  std::uint64_t seed = 42;
  std::string device = "auto";
  std::int64_t threads = 0;
  SamplingConfig sampling;
  static void declare(config::Declaration<SampledSettings>& keys) {
    using C = SampledSettings;
    keys.doc("What can be changed for sampling.");
    keys.field("seed", &C::seed, "all random choices derive from it");
    keys.field("device", &C::device, "auto, cpu, cuda or cuda:N");
    keys.field("threads", &C::threads, "CPU threads; 0: one a core").range(0, 4096);
    keys.field("sampling", &C::sampling, "what is drawn");
  }
};

std::vector<std::string> changeable_keys() {
  std::vector<std::string> keys = config::schema_of<SampledSettings>().names();
  keys.emplace(keys.begin(), Model::kind);
  return keys;
}

/// The first word of "model.sampler.steps=100" or "~model.sampler".
std::string section_of(std::string_view override_text) {
  if (override_text.starts_with('~')) override_text.remove_prefix(1);
  return std::string(override_text.substr(0, override_text.find_first_of(".=")));
}

/// A change that has no effect on samples is a mistake, most often a forgotten `model.`.
void check_overrides(const std::vector<std::string>& overrides, const config::Value& stored) {
  const std::vector<std::string> known = changeable_keys();
  const std::vector<std::string> others = config::schema_of<Experiment>().names();
  std::vector<std::string> mistakes;
  for (const std::string& change : overrides) {
    const std::string section = section_of(change);
    if (std::ranges::find(known, section) != known.end()) continue;
    const bool is_other = std::ranges::find(others, section) != others.end();
    const auto* model = stored.find("model");
    const std::string remark = is_other ? "samples do not depend on it"
                               : model && model->find(section)
                                   ? fmt::format("did you mean 'model.{}'?", change)
                                   : "there is no such key" + text::did_you_mean(section, known);
    mistakes.push_back(fmt::format("'{}' changes nothing: {}", change, remark));
  }
  if (mistakes.empty()) return;
  throw ConfigError("sampling-override", text::join(mistakes, "\n"),
                    "for sampling can be changed: " + text::join(known, ", "));
}

config::Value stored_config(const SamplingOptions& options) {
  const Checkpoint checkpoint = open_checkpoint(options.model, checkpoint_choice(options));
  const auto stored = config::Value::from_json(checkpoint.config);
  check_overrides(options.overrides, stored);
  config::Problems problems;
  config::Value config = config::apply_overrides(stored, options.overrides, problems);
  problems.throw_if_any();
  return config;
}

SampledSettings stored_settings(const config::Value& config) {
  config::Value settings = config::Value::map();
  for (const std::string& key : config::schema_of<SampledSettings>().names()) {
    if (const auto* value = config.find(key)) settings.set(key, *value);
  }
  return config::checked<SampledSettings>(settings, Registry::instance().schemas(), "sampling");
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
std::map<std::string, std::string> origin_of(const RestoredModel& restored,
                                             const DrawOptions& draw) {
  std::string conditions;
  for (const Sample& sample : draw.conditions) {
    const Crystal& crystal = crystal_in(sample);
    conditions += fmt::format("{}:{};", crystal.name, formula(composition(crystal)));
  }
  if (!conditions.empty()) conditions += fmt::format("\n{}", draw.samples_per_condition);
  return {{"checkpoint", sha256(read_file(restored.checkpoint.source))},
          {"set of options of the model", sha256(restored.config.find("model")->to_json().dump())},
          {"choice of parameters", restored.ema_used ? "averaged" : "last"},
          {"list of compositions", sha256(conditions)}};
}

ExistingFile what_happens_to_existing(const SamplingOptions& options) {
  if (options.restart) return ExistingFile::replace;
  return options.replace_other ? ExistingFile::replace_other : ExistingFile::keep;
}

/// One sample, or as many as asked for, of each composition. Throws ConfigError when there are
/// fewer samples than the formulas take: some would be left out without a word.
void ask_for_compositions(DrawOptions& draw, const SamplingOptions& options,
                          const SamplingConfig& stored, const RestoredModel& restored) {
  draw.conditions =
      sampling_conditions(options, stored.compositions, restored.config, restored.checkpoint.data);
  if (options.formulas.empty())
    warn_of_unmet_conditions(*restored.model, draw.conditions);
  else
    require_met_conditions(*restored.model, draw.conditions);
  draw.samples_per_condition =
      options.samples_per_composition.value_or(stored.samples_per_composition);
  const std::int64_t all = std::ssize(draw.conditions) * draw.samples_per_condition;
  draw.count = options.count.value_or(all);
  if (options.formulas.empty() || draw.count >= all) return;
  throw ConfigError("sampling-count",
                    fmt::format("{} samples are too few for {} compositions with {} each",
                                draw.count, draw.conditions.size(), draw.samples_per_condition),
                    fmt::format("leave out -n, or give at least {}", all));
}

}  // namespace

SamplingResult run_sampling(const SamplingOptions& options) {
  const SampledSettings settings = stored_settings(stored_config(options));
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
    ask_for_compositions(draw, options, settings.sampling, restored);
  } else if (!options.formulas.empty() || options.compositions || options.formula_units) {
    throw ConfigError("sampling-compositions",
                      "the model generates whole crystals or molecules: it takes no compositions",
                      "leave out --formula and --compositions");
  }
  const StopOnSignal signals;
  draw.stop = StopOnSignal::requested;
  log::info(fmt::format("sampling {} from {}{}", draw.count, restored.checkpoint.source.string(),
                        restored.ema_used ? ", averaged parameters" : ""));
  const FileJob job{file, origin_of(restored, draw), what_happens_to_existing(options)};
  const FileJobResult result = draw_samples_to_file(*restored.model, job, draw);
  return {.file = file,
          .written = result.written,
          .resumed = result.resumed,
          .seconds = result.seconds,
          .interrupted = result.written < draw.count};
}

}  // namespace equigen
