// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace equigen::report {

/// One quantity over the training steps.
struct LoggedSeries {
  std::string name;  ///< "train/loss", "validation/loss", "learning_rate", "metric/degree_mmd"
  std::vector<double> steps;
  std::vector<double> values;  ///< NaN where the log has null
};

/// What a run's metrics.jsonl holds.
struct TrainingLog {
  std::vector<LoggedSeries> series;  ///< in the order of first appearance
  std::int64_t last_step = 0;
  double last_epoch = 0;
  double seconds = 0;
  std::int64_t bad_line_count = 0;  ///< lines that are no JSON object; a kill may leave one

  bool empty() const { return series.empty(); }
  const LoggedSeries* find(std::string_view name) const;
};

/// Reads a metrics.jsonl: each line an object with "step", "epoch" and "time" (seconds), and any
/// numbers beside them. Where a
/// resumed run starts again at an earlier step, what had been logged beyond that step is replaced.
/// Throws DataError when the file is missing.
TrainingLog read_training_log(const std::filesystem::path& path);

/// The same from text.
TrainingLog parse_training_log(std::string_view text);

}  // namespace equigen::report
