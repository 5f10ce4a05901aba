// SPDX-License-Identifier: MIT
#include "equigen/experiment/experiment.h"

#include "equigen/base/text.h"

namespace equigen {

void OptimizerConfig::declare(config::Declaration<OptimizerConfig>& keys) {
  using C = OptimizerConfig;
  keys.doc("How parameters are stepped.");
  keys.field("type", &C::type,
             "adam (weight decay as L2 in the gradient), adamw (decoupled) or sgd")
      .choices({"adam", "adamw", "sgd"});
  keys.field("learning_rate", &C::learning_rate, "step size before the schedule").above(0);
  keys.field("weight_decay", &C::weight_decay, "strength of the weight decay").at_least(0);
  keys.field("beta1", &C::beta1, "decay of the first moment (adam, adamw)").range(0, 1).below(1);
  keys.field("beta2", &C::beta2, "decay of the second moment (adam, adamw)").range(0, 1).below(1);
  keys.field("epsilon", &C::epsilon, "added to the root of the second moment").above(0);
  keys.field("momentum", &C::momentum, "momentum of sgd").range(0, 1).below(1);
}

void ScheduleConfig::declare(config::Declaration<ScheduleConfig>& keys) {
  using C = ScheduleConfig;
  keys.doc("How the learning rate changes.");
  keys.field("type", &C::type, "shape of the schedule after the warm-up")
      .choices({"constant", "exponential", "cosine", "plateau"});
  keys.field("interval", &C::interval, "what exponential and cosine count")
      .choices({"step", "epoch"});
  keys.field("gamma", &C::gamma, "factor of exponential, once an interval").above(0).range(0, 1);
  keys.field("minimum_learning_rate", &C::minimum_learning_rate, "floor of cosine and plateau")
      .at_least(0);
  keys.field("warm_up_steps", &C::warm_up_steps, "steps of linear rise from zero").at_least(0);
  keys.field("period", &C::period, "intervals of the cosine's fall; 0: until the training limit")
      .at_least(0);
  keys.field("plateau_factor", &C::plateau_factor, "factor when the validation loss stalls")
      .above(0)
      .below(1);
  keys.field("plateau_patience", &C::plateau_patience, "validations without progress before that")
      .at_least(0);
}

void EmaConfig::declare(config::Declaration<EmaConfig>& keys) {
  using C = EmaConfig;
  keys.doc("Exponential moving average of the parameters.");
  keys.field("decay", &C::decay, "decay a step; 0: no average is kept").range(0, 1).below(1);
  keys.field("warm_up", &C::warm_up, "use min(decay, (1 + k) / (10 + k)) at update k");
  keys.field("start_step", &C::start_step,
             "until this step the average is the parameters themselves")
      .at_least(0);
}

void EarlyStoppingConfig::declare(config::Declaration<EarlyStoppingConfig>& keys) {
  using C = EarlyStoppingConfig;
  keys.doc("Stops when a figure no longer improves.");
  keys.field("metric", &C::metric,
             "figure that is watched: validation/loss, train/loss or metric/NAME");
  keys.field("direction", &C::direction, "which way is better").choices({"lower", "higher"});
  keys.field("patience", &C::patience, "figures without progress before stopping; 0: never")
      .at_least(0);
  keys.field("minimum_change", &C::minimum_change, "smallest change that counts as progress")
      .at_least(0);
}

void CheckpointConfig::declare(config::Declaration<CheckpointConfig>& keys) {
  using C = CheckpointConfig;
  keys.doc("When checkpoints are written and which are kept.");
  keys.field("every_steps", &C::every_steps, "steps between checkpoints; 0: only at the end")
      .at_least(0);
  keys.field("keep_last", &C::keep_last, "how many of the latest are kept").at_least(1);
  keys.field("best_metric", &C::best_metric, "also keep the best by this figure; empty: none");
  keys.field("best_direction", &C::best_direction, "which way is better")
      .choices({"lower", "higher"});
}

void PeriodicSamplingConfig::declare(config::Declaration<PeriodicSamplingConfig>& keys) {
  using C = PeriodicSamplingConfig;
  keys.doc("Sampling and metrics while training.");
  keys.field("every_steps", &C::every_steps, "steps between; 0: never").at_least(0);
  keys.field("count", &C::count, "samples each time").at_least(1);
}

void TrainerConfig::declare(config::Declaration<TrainerConfig>& keys) {
  using C = TrainerConfig;
  keys.doc("The training loop. At least one of max_steps, max_epochs, max_time must be set.");
  keys.field("max_steps", &C::max_steps, "optimiser steps; -1: no limit").at_least(-1);
  keys.field("max_epochs", &C::max_epochs, "passes over the training data; -1: no limit")
      .at_least(-1);
  keys.field("max_time", &C::max_time, "wall-clock limit, as 90 s, 4 min, 1.5 h; empty: none");
  keys.field("batch_size", &C::batch_size, "samples a batch").at_least(1);
  keys.field("accumulate_batches", &C::accumulate_batches,
             "batches whose gradients are averaged for a step")
      .at_least(1);
  keys.field("gradient_clip_norm", &C::gradient_clip_norm,
             "largest norm of the gradient of a parameter group; 0: no clipping")
      .at_least(0);
  keys.field("gradient_clip_value", &C::gradient_clip_value,
             "largest entry of a gradient; 0: no clipping")
      .at_least(0);
  keys.field("validate_every_steps", &C::validate_every_steps,
             "steps between validations; 0: by epochs")
      .at_least(0);
  keys.field("validate_every_epochs", &C::validate_every_epochs,
             "epochs between validations; 0: never")
      .at_least(0);
  keys.field("log_every_steps", &C::log_every_steps, "steps between lines of metrics.jsonl")
      .at_least(1);
  keys.field("overfit_batches", &C::overfit_batches,
             "train on only the first so many batches (a test of the model); 0: all")
      .at_least(0);
  keys.field("loader_threads", &C::loader_threads, "threads that collate batches").range(0, 256);
  keys.field("prefetch_batches", &C::prefetch_batches, "batches made ahead").range(1, 1024);
  keys.field("precision", &C::precision,
             "float32, or bfloat16 autocast where the device supports it")
      .choices({"float32", "bfloat16"});
  keys.field("optimizer", &C::optimizer, "how parameters are stepped");
  keys.field("schedule", &C::schedule, "how the learning rate changes");
  keys.field("ema", &C::ema, "moving average of the parameters");
  keys.field("early_stopping", &C::early_stopping, "stop when a figure no longer improves");
  keys.field("checkpoint", &C::checkpoint, "when checkpoints are written");
  keys.field("sampling", &C::sampling, "sampling and metrics while training");
}

void SamplingConfig::declare(config::Declaration<SamplingConfig>& keys) {
  using C = SamplingConfig;
  keys.doc("What `equigen sample` draws when the command line does not say otherwise.");
  keys.field("count", &C::count, "how many samples").at_least(1);
  keys.field("batch_size", &C::batch_size, "samples drawn at once; does not change them")
      .at_least(1);
  keys.field("seed", &C::seed, "seed of the samples; empty: the run's seed");
  keys.field("use_ema", &C::use_ema,
             "sample with the averaged parameters where the checkpoint has them");
  keys.field("file", &C::file,
             "name of the samples file; empty: samples.smi, samples.cif or samples.jsonl");
  keys.field("compositions", &C::compositions,
             "what structures are predicted for, by models that do: a part of the training data, "
             "or a data set's name, or a file of crystals; `count` then does not matter");
  keys.field("samples_per_composition", &C::samples_per_composition,
             "structures predicted for each composition")
      .at_least(1);
}

void Experiment::declare(config::Declaration<Experiment>& keys) {
  using C = Experiment;
  keys.doc("A whole run.");
  keys.field("name", &C::name, "folder name under `output`");
  keys.field("description", &C::description, "a line for the report");
  keys.field(
      "method", &C::method,
      "what papers call the method, whose published figures stand beside the run's; empty: the "
      "model's type");
  keys.field("seed", &C::seed, "all random choices derive from it");
  keys.field("device", &C::device, "auto, cpu, cuda or cuda:N");
  keys.field("threads", &C::threads, "CPU threads; 0: one a core").range(0, 4096);
  keys.field("output", &C::output, "folder of run folders");
  keys.field("plugins", &C::plugins,
             "plugin files or folders to search first, relative to this file");
  keys.field("model", &C::model, "the generative model").kind("model").required();
  keys.field("data", &C::data, "the data set").kind("dataset").required();
  keys.field("trainer", &C::trainer, "the training loop");
  keys.field("sampling", &C::sampling, "what `equigen sample` draws");
  keys.field("metrics", &C::metrics, "figures of the samples").kind("metric");
}

std::optional<double> parse_duration(const std::string& value) {
  const std::string_view text = text::trim(value);
  const auto unit_start = text.find_first_not_of("0123456789.");
  if (unit_start == 0 || unit_start == std::string_view::npos) return std::nullopt;
  const auto number = text::to_real(text.substr(0, unit_start));
  const std::string_view unit = text::trim(text.substr(unit_start));
  if (!number) return std::nullopt;
  if (unit == "s") return *number;
  if (unit == "min") return *number * 60;
  if (unit == "h") return *number * 3600;
  if (unit == "d") return *number * 86400;
  return std::nullopt;
}

}  // namespace equigen
