// SPDX-License-Identifier: MIT
#pragma once

#include <numeric>
#include <span>
#include <vector>

#include "equigen/base/random.h"
#include "equigen/graph/graph.h"

namespace equigen::testing {

inline Graph random_graph(std::int32_t n, double probability, RandomStream& random) {
  Graph graph{n, {}};
  for (std::int32_t i = 0; i < n; ++i) {
    for (std::int32_t j = i + 1; j < n; ++j) {
      if (random.uniform() < probability) graph.edges.emplace_back(i, j);
    }
  }
  return graph;
}

/// The same graph with its nodes renumbered at random.
inline Graph relabelled(const Graph& graph, RandomStream& random) {
  std::vector<std::int32_t> number(static_cast<std::size_t>(graph.node_count));
  std::iota(number.begin(), number.end(), 0);
  random.shuffle(std::span(number));
  Graph result{graph.node_count, {}};
  for (const auto& [i, j] : graph.edges) {
    result.edges.emplace_back(number[static_cast<std::size_t>(i)],
                              number[static_cast<std::size_t>(j)]);
  }
  return normalised(std::move(result));
}

}  // namespace equigen::testing
