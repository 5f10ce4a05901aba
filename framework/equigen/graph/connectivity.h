// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "equigen/graph/graph.h"

namespace equigen {

/// Returns the nodes of each connected component: components in the order of their smallest node,
/// nodes ascending.
std::vector<std::vector<std::int32_t>> connected_components(const Graph& graph);

/// Returns whether the graph is one component; the graph without nodes is not.
bool is_connected(const Graph& graph);

/// Returns the graph that `nodes` (distinct) induce; node k of it is nodes[k].
Graph induced_subgraph(const Graph& graph, std::span<const std::int32_t> nodes);

/// Returns the largest component (the first of equal ones), its nodes in their old order.
Graph largest_component(const Graph& graph);

/// Returns the graph without its isolated nodes, the others in their old order.
Graph without_isolated_nodes(const Graph& graph);

/// Returns how many edges lie on a shortest path from `source` to each node; -1 where there is no
/// path. `rows` are the graph's neighbours().
std::vector<std::int32_t> distances_from(const std::vector<std::vector<std::int32_t>>& rows,
                                         std::int32_t source);

}  // namespace equigen
