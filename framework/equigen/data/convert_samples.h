// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "equigen/base/progress.h"
#include "equigen/data/dataset.h"
#include "equigen/data/sample_files.h"

namespace equigen {

struct Conversion {
  std::int64_t rows = 0;     ///< records of the source
  std::int64_t written = 0;  ///< records of the target
  std::int64_t skipped_count = 0;
  std::vector<SkippedRow> skipped;  ///< the first 20
  std::vector<std::string> losses;  ///< what the target does not hold, one sentence each
  bool stopped = false;             ///< by the user; the target is then not written
};

/// Turns a file of samples into another format, both told by name. Works in pieces, so memory does
/// not grow with the file; the target gets its name when it is whole. Rows that cannot be read or
/// written are left out and counted.
///
/// Throws ConfigError before anything is read or written when the target cannot hold this kind of
/// structure or is the source; DataError: missing or damaged source, no usable row; ResourceError.
Conversion convert_samples(const std::filesystem::path& source, const std::filesystem::path& target,
                           const SampleFileOptions& options, const StopRequested& stop = {},
                           const SampleWriteOptions& write = {});

}  // namespace equigen
