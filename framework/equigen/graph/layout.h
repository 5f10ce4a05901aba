// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <vector>

#include "equigen/graph/graph.h"

namespace equigen {

/// Returns a position in the plane for each node, such that an edge is about one unit long:
/// stress majorisation of the graph distances (Gansner, Koren, North, "Graph drawing by stress
/// majorization", 2004) from a start by pivot multidimensional scaling (Brandes, Pich, 2006);
/// components stand beside each other. Deterministic; time grows with the square of the largest
/// component, 400 nodes take some tens of milliseconds.
std::vector<std::array<double, 2>> layout_graph(const Graph& graph);

}  // namespace equigen
