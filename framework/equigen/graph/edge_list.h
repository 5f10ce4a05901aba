// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "equigen/graph/graph.h"
#include "equigen/graph/graph_files.h"

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

/// Reads the graphs of a plain or gzip file of edges, parted by empty lines (a file without empty
/// lines is one graph). A line is as above, or one name alone: a node without edges. This is what
/// networkx.write_edgelist() writes, the data behind the names ignored.
///
/// Beside a file NAME_graph_indicator.txt, NAME_A.txt is one of the TUDataset collection: edges of
/// nodes numbered from 1 through all graphs; line k of the indicator is the graph of node k.
///
/// A graph with a line that cannot be understood is left out whole, counted and named with the
/// line. Throws DataError when the file is missing or damaged.
GraphFile read_edge_lists(const std::filesystem::path& path);

/// The lines of a graph in a file that read_edge_lists() reads, in which its nodes keep their
/// order: a line an edge "i j", and a node alone where no edge to an earlier one names it. Throws
/// DataError ("edge-list-empty") for a graph without nodes.
std::string edge_list_text(const Graph& graph);

/// Whether the first line that is no comment begins with two whole numbers, as edges do.
bool looks_like_edges(const std::filesystem::path& path);

}  // namespace equigen
