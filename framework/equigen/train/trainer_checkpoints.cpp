// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <torch/types.h>

#include "equigen/base/error.h"
#include "equigen/base/log.h"
#include "equigen/train/trainer.h"

namespace equigen {
namespace {

using nlohmann::json;

/// What must be equal for a resumed run to meet the batches and noise it would have met.
json identity(const TrainerSetup& setup, std::int64_t samples) {
  return {{"seed", setup.seed},
          {"batch_size", setup.config.batch_size},
          {"accumulate_batches", setup.config.accumulate_batches},
          {"overfit_batches", setup.config.overfit_batches},
          {"samples", samples}};
}

void warn_of_differences(const json& stored, const json& own) {
  for (const auto& [key, value] : own.items()) {
    if (stored.value(key, json()) != value) {
      log::warning(
          fmt::format("{} was {} and is {} now: the resumed run is not the one that was "
                      "interrupted",
                      key, stored.value(key, json()).dump(), value.dump()));
    }
  }
}

}  // namespace

Checkpoint Trainer::snapshot() const {
  Checkpoint checkpoint;
  checkpoint.step = state_.step;
  checkpoint.epoch = state_.position.epoch;
  checkpoint.config = setup_.experiment;
  checkpoint.data = setup_.summary;
  TrainerState state = state_;
  state.seconds = seconds();
  checkpoint.trainer = {{"state", state.to_json()},
                        {"identity", identity(setup_, loader_.sample_count())},
                        {"schedule", schedule_->state()},
                        {"early_stopping", early_stopping_.state()},
                        {"best", best_.state()},
                        {"optimizer", config_.optimizer.type},
                        {"ema_updates", ema_ ? ema_->updates() : 0}};
  checkpoint.model = weights_of(*setup_.model);
  if (ema_) checkpoint.ema = ema_->state();
  checkpoint.optimizer = optimizer_->state();
  return checkpoint;
}

void Trainer::save() {
  if (saved_step_ == state_.step) return;
  const auto folder = setup_.folder / "checkpoints";
  last_checkpoint_ = write_checkpoint(folder, snapshot());
  saved_step_ = state_.step;
  prune_checkpoints(folder, config_.checkpoint.keep_last);
}

void Trainer::keep_best(double value) {
  const auto folder = setup_.folder / "checkpoints";
  write_best_checkpoint(folder, {last_checkpoint_.stem().string(), best_.name(), value});
  prune_checkpoints(folder, config_.checkpoint.keep_last);
}

void Trainer::resume(const Checkpoint& checkpoint) {
  const json type = setup_.experiment.value("/model/type"_json_pointer, json());
  if (type.is_string() && type != checkpoint.model_type()) {
    throw DataError(
        "checkpoint-model",
        fmt::format("checkpoint {} is of model '{}', the run of model '{}'",
                    checkpoint.source.string(), checkpoint.model_type(), type.get<std::string>()),
        "resume with the configuration of the checkpoint's own run");
  }
  load_weights(*setup_.model, checkpoint.model, checkpoint.source.string());
  if (checkpoint.trainer.is_null()) {
    throw DataError("checkpoint-without-trainer",
                    fmt::format("checkpoint {} holds a model but no state of a training",
                                checkpoint.source.string()));
  }
  try {
    const json& trainer = checkpoint.trainer;
    warn_of_differences(trainer.at("identity"), identity(setup_, loader_.sample_count()));
    state_ = TrainerState::from_json(trainer.at("state"));
    schedule_->load_state(trainer.at("schedule"));
    early_stopping_.load_state(trainer.at("early_stopping"));
    best_.load_state(trainer.at("best"));
    if (trainer.at("optimizer") == config_.optimizer.type) {
      optimizer_->load_state(checkpoint.optimizer);
    } else {
      log::warning("the optimiser was changed: it starts without the state of the old one");
    }
    if (ema_ && checkpoint.ema.size() > 0) {
      ema_->load_state(checkpoint.ema, trainer.at("ema_updates").get<std::int64_t>());
    } else if (ema_) {
      ema_ = std::make_unique<Ema>(config_.ema, *setup_.model);
    }
  } catch (const json::exception& failure) {
    throw DataError("checkpoint-damaged",
                    fmt::format("checkpoint {}: the trainer's state is incomplete ({})",
                                checkpoint.source.string(), failure.what()));
  }
  if (state_.position.batch >= loader_.batches_per_epoch()) {
    state_.position = {state_.position.epoch + 1, 0};
  }
  loader_.seek(state_.position);
  saved_step_ = state_.step;
  last_checkpoint_ = checkpoint.source;
}

}  // namespace equigen
