// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "equigen/graph/graph.h"

namespace equigen {

/// One large graph of a file, and how the file calls its nodes.
struct EdgeList {
  Graph graph;
  std::vector<std::string> labels;  ///< of each node
};

/// Reads a plain or gzip edge list such as those of citation graphs: two names a line, parted by
/// blanks, tabs, commas or semicolons; further columns are ignored, lines that begin with # or %
/// are comments. Nodes are numbered in the order of first appearance; directions, doubles and self
/// loops are dropped. Throws DataError that names file and line: fewer than two names, too many
/// nodes, no edge at all.
EdgeList read_edge_list(const std::filesystem::path& path);

}  // namespace equigen
