// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "equigen/base/random.h"

namespace equigen {

/// The size of a sample, as often as the training data has it (DataSummary::size_histogram), of
/// those from `smallest` on. Throws DataError when there is none.
std::int64_t drawn_size(const std::vector<std::int64_t>& histogram, RandomStream stream,
                        std::int64_t smallest = 1);

}  // namespace equigen
