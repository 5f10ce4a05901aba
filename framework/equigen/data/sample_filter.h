// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "equigen/data/sample_files.h"

namespace equigen {

/// What a sample must be to stand in a data set.
struct SampleFilter {
  std::string structure;       ///< "graph", "molecule" or "crystal"
  std::int64_t min_nodes = 1;  ///< nodes or atoms
  std::int64_t max_nodes = 0;  ///< 0: any
  std::vector<std::string>
      elements;  ///< symbols that molecules and crystals may consist of; empty: any
};

/// Leaves out the samples that do not fit, counted as skipped with the reason; the others keep
/// their rows. `source` names the data in the reasons. Throws ConfigError for an unknown element.
void keep_fitting(SampleFile& file, const SampleFilter& filter, const std::string& source);

/// Adds a skipped row; names it while fewer than 20 are named.
void add_skip(SampleFile& file, std::string source, std::string reason);

}  // namespace equigen
