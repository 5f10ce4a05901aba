// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "equigen/graph/graph.h"

namespace equigen {

/// How often a node stands in each position (orbit) of the induced connected subgraphs with two to
/// four nodes, in the numbering of Przulj, "Biological network comparison using graphlet degree
/// distribution" (2007), as ORCA prints them:
/// 0 edge | 1 end, 2 middle of a path of 3 | 3 triangle | 4 end, 5 inner of a path of 4 |
/// 6 leaf, 7 centre of a claw | 8 cycle of 4 | paw: 9 tail end, 10 of degree 2, 11 of degree 3 |
/// diamond: 12 of degree 2, 13 of degree 3 | 14 complete graph of 4.
using NodeOrbits = std::array<std::int64_t, 15>;

/// Counts the orbits of every node. Time grows with the sum of squared degrees plus the triangles
/// times the largest degree.
std::vector<NodeOrbits> orbit_counts(const Graph& graph);

}  // namespace equigen
