// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "equigen/experiment/experiment.h"

/// How the program, which does not link LibTorch, reaches the engine: a table of functions behind
/// one exported C function. LibTorch-free.
namespace equigen {

struct TrainingOptions {
  std::filesystem::path experiment_file;  ///< where relative data paths start; empty when resuming
  std::filesystem::path resume;           ///< run folder to continue; empty: a new run
  bool dry_run = false;
};

struct TrainingResult {
  std::filesystem::path run;  ///< the run folder; empty after a dry run
  std::filesystem::path last_checkpoint;
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  std::string end;           ///< why training ended: "max_steps", "stop requested", ...
  bool interrupted = false;  ///< asked to stop before its end
};

struct SamplingOptions {
  std::filesystem::path model;        ///< run folder, model folder or one checkpoint
  std::string checkpoint = "auto";    ///< "best", "last", "auto"
  std::filesystem::path output;       ///< samples file
  std::optional<std::int64_t> count;  ///< what is not given comes from the stored `sampling:`
  std::optional<std::int64_t> batch_size;
  std::optional<std::uint64_t> seed;
  std::optional<bool> use_ema;
  std::vector<std::string> overrides;  ///< "model.sampler.predictor=euler", "device=cpu"
  bool restart = false;                ///< draw all anew
  bool replace_other = false;          ///< a file of other samples gives way
  /// Of models that predict structures; what is not given comes from the stored `sampling:`.
  std::optional<std::string> compositions;  ///< part of the training data, data set or file
  std::vector<std::string> formulas;        ///< instead: "SrTiO3"
  /// How many of a formula may be in the cell; none given: one; an empty list: one, two, ... up to
  /// the size of the largest crystal that was trained.
  std::optional<std::vector<std::int64_t>> formula_units;
  std::optional<std::int64_t> samples_per_composition;
};

struct SamplingResult {
  std::filesystem::path file;
  std::int64_t written = 0;
  std::int64_t resumed = 0;
  double seconds = 0;
  bool interrupted = false;
};

struct ImportOptions {
  std::filesystem::path file;    ///< .pth, .pt or .safetensors
  std::string data;              ///< data set name or file
  std::filesystem::path output;  ///< model folder to write
};

struct EngineApi {
  const char* equigen_version;
  TrainingResult (*train)(const LoadedExperiment&, const TrainingOptions&);
  SamplingResult (*sample)(const SamplingOptions&);
  /// Returns what was recognised, for the user: "GDSS, 2 networks, 32,389 parameters".
  std::string (*import_model)(const ImportOptions&);
  /// JSON: libtorch, blas, threads, gpu, matmul_gflops, slow_blas.
  std::string (*info)();
};

/// The exported function.
using EngineEntry = const EngineApi* (*)();
inline constexpr const char* kEngineEntryName = "equigen_engine";

}  // namespace equigen
