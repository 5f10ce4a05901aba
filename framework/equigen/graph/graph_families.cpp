// SPDX-License-Identifier: MIT
#include "equigen/graph/graph_families.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/boyer_myrvold_planar_test.hpp>
#include <vector>

#include "equigen/graph/connectivity.h"

namespace equigen {
namespace {

Graph without_leaves(const Graph& graph) {
  const auto rows = neighbours(graph);
  std::vector<std::int32_t> kept;
  for (std::int32_t node = 0; node < graph.node_count; ++node) {
    if (rows[static_cast<std::size_t>(node)].size() > 1) kept.push_back(node);
  }
  return induced_subgraph(graph, kept);
}

}  // namespace

bool is_planar(const Graph& graph) {
  using Undirected = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS,
                                           boost::property<boost::vertex_index_t, int>>;
  const auto nodes = static_cast<std::size_t>(graph.node_count);
  // Euler's formula rules dense graphs out at once.
  if (nodes >= 3 && graph.edges.size() > 3 * nodes - 6) return false;
  Undirected copy(nodes);
  for (const auto& [i, j] : graph.edges) {
    boost::add_edge(static_cast<std::size_t>(i), static_cast<std::size_t>(j), copy);
  }
  return boost::boyer_myrvold_planarity_test(copy);
}

bool is_tree(const Graph& graph) {
  return std::ssize(graph.edges) == graph.node_count - 1 && is_connected(graph);
}

bool is_lobster(const Graph& graph) {
  if (!is_tree(graph)) return false;
  const auto spine = neighbours(without_leaves(without_leaves(graph)));
  return std::ranges::all_of(spine, [](const auto& row) { return row.size() <= 2; });
}

}  // namespace equigen
