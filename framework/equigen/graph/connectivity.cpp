// SPDX-License-Identifier: MIT
#include "equigen/graph/connectivity.h"

#include <algorithm>

namespace equigen {
namespace {

std::size_t at(std::int32_t node) {
  return static_cast<std::size_t>(node);
}

}  // namespace

std::vector<std::vector<std::int32_t>> connected_components(const Graph& graph) {
  const auto rows = neighbours(graph);
  std::vector<bool> seen(rows.size());
  std::vector<std::vector<std::int32_t>> components;
  for (std::int32_t start = 0; start < graph.node_count; ++start) {
    if (seen[at(start)]) continue;
    seen[at(start)] = true;
    std::vector<std::int32_t> nodes{start};
    for (std::size_t next = 0; next < nodes.size(); ++next) {
      for (const auto other : rows[at(nodes[next])]) {
        if (seen[at(other)]) continue;
        seen[at(other)] = true;
        nodes.push_back(other);
      }
    }
    std::ranges::sort(nodes);
    components.push_back(std::move(nodes));
  }
  return components;
}

bool is_connected(const Graph& graph) {
  return connected_components(graph).size() == 1;
}

Graph induced_subgraph(const Graph& graph, std::span<const std::int32_t> nodes) {
  std::vector<std::int32_t> position(at(graph.node_count), -1);
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    position[at(nodes[k])] = static_cast<std::int32_t>(k);
  }
  Graph result;
  result.node_count = static_cast<std::int32_t>(nodes.size());
  for (const auto& [i, j] : graph.edges) {
    if (position[at(i)] >= 0 && position[at(j)] >= 0) {
      result.edges.emplace_back(position[at(i)], position[at(j)]);
    }
  }
  return normalised(std::move(result));
}

Graph largest_component(const Graph& graph) {
  if (graph.node_count == 0) return {};
  const auto components = connected_components(graph);
  return induced_subgraph(
      graph, *std::ranges::max_element(components, {}, &std::vector<std::int32_t>::size));
}

Graph without_isolated_nodes(const Graph& graph) {
  std::vector<bool> touched(at(graph.node_count));
  for (const auto& [i, j] : graph.edges) touched[at(i)] = touched[at(j)] = true;
  std::vector<std::int32_t> kept;
  for (std::int32_t i = 0; i < graph.node_count; ++i) {
    if (touched[at(i)]) kept.push_back(i);
  }
  return induced_subgraph(graph, kept);
}

std::vector<std::int32_t> distances_from(const std::vector<std::vector<std::int32_t>>& rows,
                                         std::int32_t source) {
  std::vector<std::int32_t> distance(rows.size(), -1);
  distance[at(source)] = 0;
  std::vector<std::int32_t> queue{source};
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const auto other : rows[at(queue[next])]) {
      if (distance[at(other)] >= 0) continue;
      distance[at(other)] = distance[at(queue[next])] + 1;
      queue.push_back(other);
    }
  }
  return distance;
}

}  // namespace equigen
