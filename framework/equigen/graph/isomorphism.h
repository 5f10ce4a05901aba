// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "equigen/graph/graph.h"

namespace equigen {

/// Returns a key that two graphs share exactly when they are isomorphic (the edges in nauty's
/// canonical numbering), so that distinctness and novelty are operations on sets of strings. May be
/// called from several threads.
std::string canonical_key(const Graph& graph);

/// Returns the keys of many graphs, on all cores.
std::vector<std::string> canonical_keys(std::span<const Graph> graphs);

/// Returns the graph in canonical numbering: equal for isomorphic graphs.
Graph canonical_form(const Graph& graph);

bool are_isomorphic(const Graph& a, const Graph& b);

}  // namespace equigen
