// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "equigen/data/dataset.h"
#include "equigen/tensor/batch.h"

namespace torch::nn {
class Module;
}

/// Checkpoints: a folder checkpoints/ with two files for each, step_00001000.safetensors (tensors
/// `model.*`, `ema.*`, `optimizer.*`) and step_00001000.json (everything else, the SHA-256 of the
/// tensors' file, and its own). The description is written last: without it there is no checkpoint.
namespace equigen {

inline constexpr std::int64_t kCheckpointFormat = 1;

struct Checkpoint {
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  nlohmann::json config;   ///< the complete experiment; at least {"model": {"type": ...}}
  DataSummary data;        ///< what the model was built for
  nlohmann::json trainer;  ///< scalars of the trainer's state; null in a model without one
  Batch model;             ///< parameters and buffers by name
  Batch ema;               ///< averages by name; empty without EMA
  Batch optimizer;
  std::filesystem::path source;  ///< the description it was read from

  /// `config.model.type`, or "" when there is none.
  std::string model_type() const;
};

/// Writes both files atomically into `folder` and returns the description's path. Throws
/// ResourceError; what was there before is then untouched.
std::filesystem::path write_checkpoint(const std::filesystem::path& folder,
                                       const Checkpoint& checkpoint);

/// Reads and verifies one checkpoint, named by either of its files. Throws DataError that names the
/// file: missing, truncated, altered, of a newer format.
Checkpoint read_checkpoint(const std::filesystem::path& file);

/// Descriptions in a folder checkpoints/, by ascending step. Empty when there is no such folder.
std::vector<std::filesystem::path> list_checkpoints(const std::filesystem::path& folder);

/// Reads the latest checkpoint that is whole; each damaged one on the way is named in a warning.
/// Throws DataError when there is none.
Checkpoint read_latest_checkpoint(const std::filesystem::path& folder);

/// The checkpoint that best.json points to.
struct BestCheckpoint {
  std::string name;  ///< "step_00001000"
  std::string metric;
  double value = 0;
};
void write_best_checkpoint(const std::filesystem::path& folder, const BestCheckpoint& best);
/// Nothing when there is no best.json. Throws DataError when it is damaged.
std::optional<BestCheckpoint> read_best_checkpoint(const std::filesystem::path& folder);

/// Removes all but the last `keep` checkpoints and the best one, and tensors without description.
void prune_checkpoints(const std::filesystem::path& folder, std::int64_t keep);

/// Which of a run's checkpoints is wanted.
enum class CheckpointChoice { latest, best };

/// Reads the checkpoint that `path` stands for: either file of one, a folder checkpoints/, or a run
/// or model folder that holds one. Throws DataError.
Checkpoint open_checkpoint(const std::filesystem::path& path,
                           CheckpointChoice choice = CheckpointChoice::latest);

/// Parameters and buffers of a module by name (not copied).
Batch weights_of(const torch::nn::Module& module);

/// Copies weights into a module. Throws DataError that lists the first differences: missing,
/// unknown, another shape. `source` names where they come from.
void load_weights(torch::nn::Module& module, const Batch& weights, const std::string& source);

}  // namespace equigen
