// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "equigen/graph/graph.h"

namespace equigen {

/// Returns the G(n, p) that Python's generator gives with a seed when pairs (0,1), (0,2), ...,
/// (n-2,n-1) are tried in order. The published community_small was made so: its two halves are the
/// graphs of seeds 0 and 1.
Graph published_random_graph(std::int32_t node_count, double probability, std::uint32_t seed);

}  // namespace equigen
