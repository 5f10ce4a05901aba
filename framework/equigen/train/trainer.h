// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "equigen/base/progress.h"
#include "equigen/experiment/experiment.h"
#include "equigen/model/checkpoint.h"
#include "equigen/model/model.h"
#include "equigen/train/batch_loader.h"
#include "equigen/train/ema.h"
#include "equigen/train/figure_monitor.h"
#include "equigen/train/metrics_log.h"
#include "equigen/train/optimizer.h"
#include "equigen/train/schedule.h"
#include "equigen/train/trainer_state.h"
#include "equigen/train/training_step.h"
#include "equigen/train/validation.h"

namespace equigen {

/// Draws samples and computes figures of them ("degree_mmd"); called with the averaged parameters
/// in place where there are any.
using MeasureSamples = std::function<NamedValues(Model&, std::int64_t step)>;

/// What a training is made of.
struct TrainerSetup {
  std::shared_ptr<Model> model;
  std::span<const Sample> train;
  std::span<const Sample> validation;  ///< may be empty
  TrainerConfig config;
  std::uint64_t seed = 0;
  at::Device device = at::kCPU;
  std::filesystem::path folder;  ///< of the run; checkpoints/ in it
  nlohmann::json experiment;     ///< complete configuration, stored in checkpoints
  DataSummary summary;
  MeasureSamples measure;  ///< empty: never
  bool show_progress = true;
};

struct TrainingOutcome {
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  double train_loss = 0;  ///< of the last step
  std::optional<double> validation_loss;
  double seconds = 0;
  std::filesystem::path last_checkpoint;
  std::string end;           ///< why it ended: "max_steps", "early_stopping", "stop requested", ...
  bool interrupted = false;  ///< asked to stop before its end
};

/// The training loop. Everything that happens at step k depends only on the setup and k, so that a
/// run that is resumed from any checkpoint gives the numbers of one that never stopped (bit for bit
/// on the CPU with the same number of threads).
class Trainer {
 public:
  /// Throws ConfigError for contradictory settings, DataError when no sample fits the model,
  /// ResourceError when the folder cannot be written.
  explicit Trainer(TrainerSetup setup);
  ~Trainer();
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Goes on where a checkpoint stands. Throws DataError when it is of another model.
  void resume(const Checkpoint& checkpoint);

  /// Trains until a limit or until `stop`; then the last step is whole and a checkpoint holds it.
  /// Throws NumericalError when a loss or gradient is not finite: the batches of that step and a
  /// checkpoint of the state before it have been saved.
  TrainingOutcome run(const StopRequested& stop);

 private:
  std::string end_reason() const;
  double seconds() const;
  std::int64_t steps_per_epoch() const;
  std::optional<std::int64_t> step_limit() const;

  void step();
  void step_or_save();
  void save_if_possible();
  std::string progress_note() const;
  std::vector<LoadedBatch> next_batches();
  void move_on(const std::vector<LoadedBatch>& batches);
  [[noreturn]] void fail_non_finite(const std::string& what,
                                    const std::vector<LoadedBatch>& batches);
  void events_of_step();
  void log_training(std::int64_t every);
  bool validation_due() const;
  void validate();
  void sample_and_measure();
  void observe_all(const std::string& group, const NamedValues& values);
  void observe(const std::string& figure, double value);
  TrainingOutcome outcome(const std::string& end, bool interrupted) const;

  void save();
  Checkpoint snapshot() const;
  void keep_best(double value);

  TrainerSetup setup_;
  const TrainerConfig& config_;
  BatchLoader loader_;
  std::unique_ptr<Optimizer> optimizer_;
  std::optional<Schedule> schedule_;
  std::unique_ptr<Ema> ema_;
  std::unique_ptr<Validation> validation_;
  FigureMonitor early_stopping_;
  FigureMonitor best_;
  std::unique_ptr<MetricsLog> log_;

  TrainerState state_;
  double earlier_seconds_ = 0;  ///< spent before this process
  std::chrono::steady_clock::time_point started_;
  NamedValues gradient_norms_;
  double learning_rate_ = 0;
  std::int64_t interval_samples_ = 0;
  double interval_start_ = 0;
  double last_told_ = 0;
  std::int64_t saved_step_ = -1;
  std::optional<double> new_best_;  ///< value, when this step's figures are the best so far
  std::filesystem::path last_checkpoint_;
};

}  // namespace equigen
