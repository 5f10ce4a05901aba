// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "equigen/data/sample_files.h"
#include "equigen/data/split.h"

/// What data sets that are made, not read, have in common.
namespace equigen {

/// The samples as those of a file without a broken row.
SampleFile made_file(std::vector<Sample> samples);

/// Throws ConfigError for a split by a file: there is none.
void require_made_split(const SplitConfig& split);

}  // namespace equigen
