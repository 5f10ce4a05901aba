// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace equigen {

/// A simple undirected graph: nodes 0..node_count-1, each edge once as (i, j) with i < j, sorted.
struct Graph {
  std::int32_t node_count = 0;
  std::vector<std::pair<std::int32_t, std::int32_t>> edges;

  bool operator==(const Graph&) const = default;
};

/// Sorts the edges, turns each to i < j, drops doubles and self loops.
/// Throws DataError when an end is outside 0..node_count-1.
Graph normalised(Graph graph);

/// Neighbours of each node, ascending.
std::vector<std::vector<std::int32_t>> neighbours(const Graph& graph);

}  // namespace equigen
