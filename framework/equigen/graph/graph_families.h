// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/graph/graph.h"

/// Families of graphs that generated ones are tested for.
namespace equigen {

/// Returns whether the graph can be drawn in the plane without crossings (Boyer and Myrvold, 2004).
bool is_planar(const Graph& graph);

/// Returns whether the graph is connected and has no cycle; the graph without nodes is no tree.
bool is_tree(const Graph& graph);

/// Returns whether the graph is a tree that becomes a path, a node or nothing when its leaves are
/// taken off twice (Golomb 1996).
bool is_lobster(const Graph& graph);

}  // namespace equigen
