// SPDX-License-Identifier: MIT
#include "equigen/train/trainer.h"

#include <fmt/format.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/base/random.h"
#include "equigen/tensor/safetensors.h"
#include "equigen/train/trainer_checks.h"

namespace equigen {
namespace {

constexpr double kTellEverySeconds = 30;

LoaderOptions training_order(const TrainerSetup& setup) {
  const TrainerConfig& config = setup.config;
  return {.batch_size = config.batch_size,
          .threads = config.loader_threads,
          .prefetch = config.prefetch_batches,
          .shuffle = config.overfit_batches == 0,
          .seed = setup.seed,
          .batch_limit = config.overfit_batches};
}

bool validates(const TrainerSetup& setup) {
  return !setup.validation.empty() &&
         (setup.config.validate_every_steps > 0 || setup.config.validate_every_epochs > 0);
}

void append_prefixed(NamedValues& all, std::string_view prefix, const NamedValues& values) {
  for (const auto& [name, value] : values)
    all.emplace_back(fmt::format("{}{}", prefix, name), value);
}

}  // namespace

Trainer::Trainer(TrainerSetup setup)
    : setup_(std::move(setup)),
      config_(setup_.config),
      loader_(*setup_.model, setup_.train, training_order(setup_), "training"),
      early_stopping_(config_.early_stopping.metric, config_.early_stopping.direction,
                      config_.early_stopping.minimum_change),
      best_(config_.checkpoint.best_metric, config_.checkpoint.best_direction) {
  check_trainer_config(config_, !setup_.validation.empty(), static_cast<bool>(setup_.measure));
  make_folder(setup_.folder / "checkpoints");
  setup_.model->to(setup_.device);
  setup_.model->train();
  optimizer_ = make_optimizer(config_.optimizer, setup_.model->parameter_groups());
  schedule_.emplace(config_.schedule, config_.optimizer.learning_rate,
                    TrainingHorizon{steps_per_epoch(), step_limit()});
  if (config_.ema.decay > 0) ema_ = std::make_unique<Ema>(config_.ema, *setup_.model);
  if (validates(setup_)) {
    validation_ =
        std::make_unique<Validation>(*setup_.model, setup_.validation, training_order(setup_),
                                     setup_.device, config_.precision == "bfloat16");
  }
}

Trainer::~Trainer() = default;

std::int64_t Trainer::steps_per_epoch() const {
  const std::int64_t batches = loader_.batches_per_epoch();
  return (batches + config_.accumulate_batches - 1) / config_.accumulate_batches;
}

std::optional<std::int64_t> Trainer::step_limit() const {
  std::optional<std::int64_t> limit;
  if (config_.max_steps >= 0) limit = config_.max_steps;
  if (config_.max_epochs >= 0) {
    const std::int64_t steps = config_.max_epochs * steps_per_epoch();
    limit = limit ? std::min(*limit, steps) : steps;
  }
  return limit;
}

double Trainer::seconds() const {
  return earlier_seconds_ +
         std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
}

std::string Trainer::end_reason() const {
  if (config_.max_steps >= 0 && state_.step >= config_.max_steps) return "max_steps";
  if (config_.max_epochs >= 0 && state_.position.epoch >= config_.max_epochs) return "max_epochs";
  if (!config_.max_time.empty() && seconds() >= *parse_duration(config_.max_time))
    return "max_time";
  if (config_.early_stopping.patience > 0 &&
      early_stopping_.stalled() >= config_.early_stopping.patience)
    return "early_stopping";
  return {};
}

TrainingOutcome Trainer::run(const StopRequested& stop) {
  started_ = std::chrono::steady_clock::now();
  earlier_seconds_ = interval_start_ = last_told_ = state_.seconds;
  if (!log_) log_ = std::make_unique<MetricsLog>(setup_.folder, state_.step);
  std::optional<Progress> progress;
  if (setup_.show_progress) progress.emplace("training", step_limit().value_or(-1), "steps");
  std::string end = end_reason();
  bool interrupted = false;
  while (end.empty() && !interrupted) {
    step_or_save();
    if (progress) progress->update(static_cast<double>(state_.step), progress_note());
    end = end_reason();
    interrupted = end.empty() && stop();
  }
  if (!interrupted && validation_ && !validation_due()) validate();
  if (!interrupted) log_training(1);
  save();
  if (new_best_) keep_best(*new_best_);
  return outcome(interrupted ? "stop requested" : end, interrupted);
}

void Trainer::step_or_save() {
  try {
    step();
    events_of_step();
  } catch (const NumericalError&) {
    throw;
  } catch (...) {
    // A sample that cannot be collated, no memory, a metric's missing file: nothing trained is
    // lost.
    log::error(fmt::format("training failed after step {}", state_.step));
    save_if_possible();
    throw;
  }
}

void Trainer::save_if_possible() {
  try {
    save();
    log::info(fmt::format("its state is saved; `equigen train --resume {}` goes on from there",
                          setup_.folder.string()));
  } catch (const Error& failure) {
    log::error(fmt::format("its state cannot be saved: {}", failure.message()));
  }
}

std::string Trainer::progress_note() const {
  std::string note = fmt::format("loss {:.4g}, epoch {}", state_.last_loss, state_.position.epoch);
  if (!config_.max_time.empty())
    note += fmt::format(", {} of {}", duration_text(seconds()), config_.max_time);
  return note;
}

TrainingOutcome Trainer::outcome(const std::string& end, bool interrupted) const {
  TrainingOutcome outcome;
  outcome.step = state_.step;
  outcome.epoch = state_.position.epoch;
  outcome.train_loss = state_.last_loss;
  if (!state_.last_validation.empty()) outcome.validation_loss = state_.last_validation[0].second;
  outcome.seconds = seconds();
  outcome.last_checkpoint = last_checkpoint_;
  outcome.end = end;
  outcome.interrupted = interrupted;
  return outcome;
}

std::vector<LoadedBatch> Trainer::next_batches() {
  // A step never reaches into the next epoch, so its last one may have fewer batches.
  const std::int64_t left = loader_.batches_per_epoch() - state_.position.batch;
  std::vector<LoadedBatch> batches(
      static_cast<std::size_t>(std::min(config_.accumulate_batches, left)));
  for (LoadedBatch& batch : batches) batch = loader_.next();
  return batches;
}

void Trainer::step() {
  const std::vector<LoadedBatch> batches = next_batches();
  const auto number = static_cast<std::uint64_t>(state_.step);
  // What a network draws from LibTorch's own generator (dropout) is a function of the step, too.
  torch::manual_seed(derive_key(setup_.seed, "training-library", 0, number));
  NoiseStream noise(derive_key(setup_.seed, "training", 0, number), setup_.device,
                    {derive_key(setup_.seed, "training-sequence"), state_.step});
  learning_rate_ = schedule_->learning_rate(state_.step, state_.position.epoch);
  const StepResult result =
      training_step(*setup_.model, *optimizer_, batches, noise, learning_rate_,
                    {.device = setup_.device,
                     .bfloat16 = config_.precision == "bfloat16",
                     .clip_norm = config_.gradient_clip_norm,
                     .clip_value = config_.gradient_clip_value});
  if (!result.non_finite.empty()) fail_non_finite(result.non_finite, batches);
  if (ema_) ema_->update();
  gradient_norms_ = result.gradient_norms;
  state_.add_losses(result.losses);
  move_on(batches);
}

void Trainer::move_on(const std::vector<LoadedBatch>& batches) {
  ++state_.step;
  state_.position.batch += std::ssize(batches);
  if (state_.position.batch >= loader_.batches_per_epoch())
    state_.position = {state_.position.epoch + 1, 0};
  for (const LoadedBatch& batch : batches) interval_samples_ += batch.count;
}

void Trainer::fail_non_finite(const std::string& what, const std::vector<LoadedBatch>& batches) {
  const auto file = setup_.folder / fmt::format("non_finite_step_{:08}.safetensors", state_.step);
  TensorFile content;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    for (const auto& [name, tensor] : batches[i].batch.tensors())
      content.tensors.set(batches.size() == 1 ? name : fmt::format("batch_{}.{}", i, name), tensor);
  }
  content.metadata = {{"reason", what},
                      {"step", fmt::format("{}", state_.step)},
                      {"epoch", fmt::format("{}", state_.position.epoch)}};
  write_safetensors(file, content);
  save();
  throw NumericalError(
      "training-non-finite",
      fmt::format("{} at step {} (epoch {}, learning rate {:.3g}); the batch is saved in {}, the "
                  "state before this step in {}",
                  what, state_.step, state_.position.epoch, learning_rate_, file.string(),
                  last_checkpoint_.string()),
      "try a smaller trainer.optimizer.learning_rate, or set trainer.gradient_clip_norm");
}

void Trainer::events_of_step() {
  new_best_.reset();
  log_training(config_.log_every_steps);
  if (validation_due()) validate();
  const std::int64_t sampling = config_.sampling.every_steps;
  if (setup_.measure && sampling > 0 && state_.step % sampling == 0) sample_and_measure();
  const std::int64_t saving = config_.checkpoint.every_steps;
  if (new_best_ || (saving > 0 && state_.step % saving == 0)) save();
  if (new_best_) keep_best(*new_best_);
}

void Trainer::log_training(std::int64_t every) {
  if (state_.summed_steps == 0 || state_.step % every != 0) return;
  NamedValues values;
  append_prefixed(values, "train/", state_.take_means());
  append_prefixed(values, "train/gradient_norm/", gradient_norms_);
  values.emplace_back("learning_rate", learning_rate_);
  const double now = seconds();
  if (now > interval_start_) {
    values.emplace_back("samples_per_second",
                        static_cast<double>(interval_samples_) / (now - interval_start_));
  }
  interval_samples_ = 0;
  interval_start_ = now;
  log_->add(state_.step, state_.position.epoch, now, values);
  observe_all("train/", values);
}

bool Trainer::validation_due() const {
  if (!validation_ || state_.step == 0) return false;
  if (config_.validate_every_steps > 0) return state_.step % config_.validate_every_steps == 0;
  return state_.position.batch == 0 && state_.position.epoch % config_.validate_every_epochs == 0;
}

void Trainer::validate() {
  NamedValues values;
  {
    const Ema::Scope averages(ema_.get());
    state_.last_validation = validation_->run();
  }
  append_prefixed(values, "validation/", state_.last_validation);
  log_->add(state_.step, state_.position.epoch, seconds(), values);
  schedule_->observe_validation_loss(state_.last_validation.at(0).second);
  observe_all("validation/", values);
  if (const double now = seconds(); now - last_told_ > kTellEverySeconds) {
    last_told_ = now;
    log::info(fmt::format("step {}, epoch {}: loss {:.4g}, validation loss {:.4g}", state_.step,
                          state_.position.epoch, state_.last_loss,
                          state_.last_validation.at(0).second));
  }
}

void Trainer::sample_and_measure() {
  NamedValues values;
  try {
    const Ema::Scope averages(ema_.get());
    append_prefixed(values, "metric/", setup_.measure(*setup_.model, state_.step));
  } catch (const DataError& failure) {
    // Early samples can be too poor for a metric (no valid molecule): no reason to stop training.
    log::warning(fmt::format("step {}: no metrics: {}", state_.step, failure.message()));
  }
  setup_.model->train();
  if (values.empty()) return;
  log_->add(state_.step, state_.position.epoch, seconds(), values);
  observe_all("metric/", values);
}

void Trainer::observe_all(const std::string& group, const NamedValues& values) {
  for (const std::string& watched : watched_figures(config_))
    require_watched_figure(watched, group, values);
  for (const auto& [name, value] : values) {
    // A metric that these samples are too poor for says nothing about progress.
    if (group != "metric/" || !std::isnan(value)) observe(name, value);
  }
}

void Trainer::observe(const std::string& figure, double value) {
  if (figure == early_stopping_.name()) early_stopping_.observe(value);
  if (figure == best_.name() && best_.observe(value)) new_best_ = value;
}

}  // namespace equigen
