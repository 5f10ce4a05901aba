// SPDX-License-Identifier: MIT
#include "equigen/graph/graph.h"

#include <fmt/format.h>

#include <algorithm>

#include "equigen/base/error.h"

namespace equigen {

Graph normalised(Graph graph) {
  for (auto& [i, j] : graph.edges) {
    if (std::min(i, j) < 0 || std::max(i, j) >= graph.node_count) {
      throw DataError("graph-edge-range",
                      fmt::format("edge ({}, {}) names a node outside 0..{}", i, j,
                                  static_cast<std::int64_t>(graph.node_count) - 1));
    }
    if (i > j) std::swap(i, j);
  }
  std::erase_if(graph.edges, [](const auto& edge) { return edge.first == edge.second; });
  std::ranges::sort(graph.edges);
  graph.edges.erase(std::unique(graph.edges.begin(), graph.edges.end()), graph.edges.end());
  return graph;
}

std::vector<std::vector<std::int32_t>> neighbours(const Graph& graph) {
  std::vector<std::vector<std::int32_t>> result(static_cast<std::size_t>(graph.node_count));
  for (const auto& [i, j] : graph.edges) {
    result[static_cast<std::size_t>(i)].push_back(j);
    result[static_cast<std::size_t>(j)].push_back(i);
  }
  for (auto& row : result) std::ranges::sort(row);
  return result;
}

}  // namespace equigen
