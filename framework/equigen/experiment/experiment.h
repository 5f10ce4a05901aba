// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "equigen/config/compose.h"
#include "equigen/config/schema.h"

namespace equigen {

struct OptimizerConfig {
  std::string type = "adam";
  double learning_rate = 1e-3;
  double weight_decay = 0;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double momentum = 0;
  static void declare(config::Declaration<OptimizerConfig>& keys);
};

struct ScheduleConfig {
  std::string type = "constant";
  std::string interval = "step";
  double gamma = 0.999;
  double minimum_learning_rate = 0;
  std::int64_t warm_up_steps = 0;
  std::int64_t period = 0;
  double plateau_factor = 0.5;
  std::int64_t plateau_patience = 10;
  static void declare(config::Declaration<ScheduleConfig>& keys);
};

struct EmaConfig {
  double decay = 0;
  bool warm_up = true;
  std::int64_t start_step = 0;
  static void declare(config::Declaration<EmaConfig>& keys);
};

struct EarlyStoppingConfig {
  std::string metric = "validation/loss";
  std::string direction = "lower";
  std::int64_t patience = 0;
  double minimum_change = 0;
  static void declare(config::Declaration<EarlyStoppingConfig>& keys);
};

struct CheckpointConfig {
  std::int64_t every_steps = 1000;
  std::int64_t keep_last = 2;
  std::string best_metric;
  std::string best_direction = "lower";
  static void declare(config::Declaration<CheckpointConfig>& keys);
};

/// Sampling and metrics while training.
struct PeriodicSamplingConfig {
  std::int64_t every_steps = 0;
  std::int64_t count = 64;
  static void declare(config::Declaration<PeriodicSamplingConfig>& keys);
};

struct TrainerConfig {
  std::int64_t max_steps = -1;
  std::int64_t max_epochs = -1;
  std::string max_time;
  std::int64_t batch_size = 128;
  std::int64_t accumulate_batches = 1;
  double gradient_clip_norm = 0;
  double gradient_clip_value = 0;
  std::int64_t validate_every_steps = 0;
  std::int64_t validate_every_epochs = 1;
  std::int64_t log_every_steps = 10;
  std::int64_t overfit_batches = 0;
  std::int64_t loader_threads = 1;
  std::int64_t prefetch_batches = 4;
  std::string precision = "float32";
  OptimizerConfig optimizer;
  ScheduleConfig schedule;
  EmaConfig ema;
  EarlyStoppingConfig early_stopping;
  CheckpointConfig checkpoint;
  PeriodicSamplingConfig sampling;
  static void declare(config::Declaration<TrainerConfig>& keys);
};

struct SamplingConfig {
  std::int64_t count = 1000;
  std::int64_t batch_size = 128;
  std::optional<std::uint64_t> seed;
  bool use_ema = true;
  std::string file;
  std::string compositions = "test";
  std::int64_t samples_per_composition = 1;
  static void declare(config::Declaration<SamplingConfig>& keys);
};

/// A whole run: what an experiment file holds.
struct Experiment {
  std::string name = "experiment";
  std::string description;
  std::string method;  ///< as papers call it; empty: the model's type
  std::uint64_t seed = 42;
  std::string device = "auto";
  std::int64_t threads = 0;
  std::string output = "runs";
  std::vector<std::string> plugins;
  config::ComponentChoice model;
  config::ComponentChoice data;
  TrainerConfig trainer;
  SamplingConfig sampling;
  std::vector<config::ComponentChoice> metrics;
  static void declare(config::Declaration<Experiment>& keys);
};

/// An experiment together with the tree it was read from (complete, with origins).
struct LoadedExperiment {
  Experiment experiment;
  config::Value tree;
};

/// Composes, checks (components against their manifests, nothing is loaded) and reads an
/// experiment. Throws ConfigError with all mistakes.
LoadedExperiment load_experiment(const std::filesystem::path& file,
                                 std::span<const std::string> overrides);

/// The same for a tree that is already there (a run's config.yaml or a checkpoint's).
LoadedExperiment read_experiment(config::Value tree, std::span<const std::string> overrides);

/// Reads "90 s", "4 min", "1.5 h", "2 d" as seconds; nothing when it is not a duration.
std::optional<double> parse_duration(const std::string& text);

}  // namespace equigen
