// SPDX-License-Identifier: MIT
#include <algorithm>

#include "equigen/graph/connectivity.h"
#include "equigen/graph/generators.h"

namespace equigen {
namespace {

/// Nodes within `radius` steps of a node, ascending; stops beyond `limit` nodes. `seen` is all
/// false before and after.
std::vector<std::int32_t> ball(const std::vector<std::vector<std::int32_t>>& rows,
                               std::int32_t centre, std::int64_t radius, std::int64_t limit,
                               std::vector<char>& seen) {
  std::vector<std::int32_t> nodes{centre};
  seen[static_cast<std::size_t>(centre)] = 1;
  std::size_t shell = 0;
  for (std::int64_t step = 0; step < radius && shell < nodes.size(); ++step) {
    const std::size_t end = nodes.size();
    for (; shell < end && static_cast<std::int64_t>(nodes.size()) <= limit; ++shell) {
      for (const auto other : rows[static_cast<std::size_t>(nodes[shell])]) {
        if (seen[static_cast<std::size_t>(other)]) continue;
        seen[static_cast<std::size_t>(other)] = 1;
        nodes.push_back(other);
      }
    }
  }
  for (const auto node : nodes) seen[static_cast<std::size_t>(node)] = 0;
  std::ranges::sort(nodes);
  return nodes;
}

/// The graph between a few nodes (ascending), from their neighbours alone.
Graph between(const std::vector<std::vector<std::int32_t>>& rows,
              const std::vector<std::int32_t>& nodes) {
  Graph graph{static_cast<std::int32_t>(nodes.size()), {}};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (std::size_t j = i + 1; j < nodes.size(); ++j) {
      if (std::ranges::binary_search(rows[static_cast<std::size_t>(nodes[i])], nodes[j])) {
        graph.edges.emplace_back(i, j);
      }
    }
  }
  return graph;
}

}  // namespace

std::vector<Graph> ego_graphs(const Graph& graph, const EgoRecipe& recipe) {
  const auto rows = neighbours(largest_component(graph));
  std::vector<char> seen(rows.size());
  std::vector<Graph> result;
  for (std::size_t centre = 0; centre < rows.size(); ++centre) {
    const auto nodes =
        ball(rows, static_cast<std::int32_t>(centre), recipe.radius, recipe.max_nodes, seen);
    const auto size = static_cast<std::int64_t>(nodes.size());
    if (size >= recipe.min_nodes && size <= recipe.max_nodes)
      result.push_back(between(rows, nodes));
  }
  return result;
}

}  // namespace equigen
