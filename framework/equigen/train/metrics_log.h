// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "equigen/train/event_file.h"
#include "equigen/train/log_file.h"

namespace equigen {

using NamedValues = std::vector<std::pair<std::string, double>>;

/// The figures of a run over its steps: a JSON object a line in metrics.jsonl ({"step": 10,
/// "epoch": 0, "time": 1.5, "train/loss": 0.8, ...}; a figure that is not finite is null) and the
/// same as TensorBoard scalars.
class MetricsLog {
 public:
  /// Lines after step `resumed_step` (of a run that is resumed from there) are dropped, and a last
  /// line that was cut off. Throws ResourceError.
  MetricsLog(const std::filesystem::path& run_folder, std::int64_t resumed_step);

  /// `seconds`: training time so far.
  void add(std::int64_t step, std::int64_t epoch, double seconds, const NamedValues& values);

 private:
  LogFile file_;
  EventFile events_;
};

}  // namespace equigen
