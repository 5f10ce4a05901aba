// SPDX-License-Identifier: MIT
#include "equigen/model/drawn_size.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "equigen/base/error.h"

namespace equigen {

std::int64_t drawn_size(const std::vector<std::int64_t>& histogram, RandomStream stream,
                        std::int64_t smallest) {
  const auto first = histogram.begin() + std::min<std::int64_t>(smallest, std::ssize(histogram));
  const std::int64_t total = std::accumulate(first, histogram.end(), std::int64_t{0});
  if (total == 0) {
    throw DataError(
        "sample-sizes",
        fmt::format("the training data had no sample of at least {} nodes or atoms", smallest),
        "train on data with larger samples");
  }
  auto left = static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(total)));
  auto size = first;
  while (left >= *size) left -= *size++;
  return size - histogram.begin();
}

}  // namespace equigen
