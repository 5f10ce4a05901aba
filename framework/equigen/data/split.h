// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/data/dataset.h"
#include "equigen/data/sample_files.h"

namespace equigen {

/// How a data set is divided. The same settings give the same parts, whatever a run's seed.
struct SplitConfig {
  std::string method = "fraction";
  double test_fraction = 0.1;
  std::string test_rows{};
  std::vector<std::string> test_files{};
  std::vector<std::string> validation_files{};
  double validation_fraction = 0.05;
  std::uint64_t seed = 0;
  static void declare(config::Declaration<SplitConfig>& keys);
};

/// Rows of a file of row numbers: one integer from 0 a line, plain or gzip.
/// Throws DataError with file and line: not a number, not below `row_count`, no rows at all.
std::vector<std::int64_t> read_row_numbers(const std::filesystem::path& path,
                                           std::int64_t row_count);

/// The parts of a data set before they get a name.
struct SplitSource {
  SampleFile main;        ///< what is divided; the training part where files give the others
  SampleFile validation;  ///< of `method: files`
  SampleFile test;        ///< of `method: files`
};

/// Divides `source` as `config` says: first the test part, then from the rest the validation part.
/// Without a validation part of its own (fraction 0 and no files) the test part stands in for it,
/// which is said in the log. Each part keeps the order of the file. `test_rows` is the content of
/// the row file of `method: rows`. Throws DataError ("data-empty-split") that names the empty part.
DataSplits split_samples(const std::string& name, SplitSource source, const SplitConfig& config,
                         const std::vector<std::int64_t>& test_rows);

}  // namespace equigen
