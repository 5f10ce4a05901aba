// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "equigen/graph/graph.h"

namespace equigen {

/// Larger node counts are refused when reading: a damaged row must not ask for all memory.
inline constexpr std::int64_t kLargestNodeCount = 1'000'000;

/// Named numbers that belong to a graph.
using GraphProperties = std::vector<std::pair<std::string, double>>;

/// One row of a graph file.
struct GraphRow {
  Graph graph;
  GraphProperties properties;
  bool operator==(const GraphRow&) const = default;
};

/// Reads `{"n": 3, "edges": [[0, 1], [1, 2]], "properties": {"name": 0.5}}`. `properties` is
/// optional, holds numbers, truth values (as 0 and 1) or null (NaN); other keys are ignored. An
/// edge may be given twice or in either direction. Throws DataError with the reason: not such an
/// object, a node outside 0..n-1, a self loop, n above kLargestNodeCount.
GraphRow parse_graph_row(std::string_view line);
Graph parse_graph_json(std::string_view line);

/// Writes one line, without its end, that parse_graph_row() reads back.
std::string to_graph_json(const Graph& graph);
std::string to_graph_json(const GraphRow& row);

/// Reads one graph6 string (B. McKay's format; a header `>>graph6<<` in front is allowed). Throws
/// DataError with the reason: sparse6 or digraph6, a character outside ?..~, a wrong length, bits
/// behind the last, too many nodes.
Graph parse_graph6(std::string_view line);

/// Writes a graph6 string without header. Throws DataError above 30,000 nodes (a string of 75 MB):
/// JSON lines suit large sparse graphs.
std::string to_graph6(const Graph& graph);

/// A row that could not be used.
struct BadRow {
  std::int64_t line = 0;
  std::string reason;
};

/// A whole file. `properties` stand beside `graphs`.
struct GraphFile {
  std::vector<Graph> graphs;
  std::vector<GraphProperties> properties;
  std::int64_t bad_row_count = 0;
  std::vector<BadRow> bad_rows;  ///< the first 100
};

/// Returns whether read_graph_file() knows a file's extension: .jsonl, .ndjson, .json, .g6,
/// .graph6, .edges, .edgelist (see read_edge_lists()), each also with .gz.
bool is_graph_file(const std::filesystem::path& path);

/// Reads a file by its extension; empty lines are passed over, rows that cannot be used collected.
/// Throws DataError when the file is missing or damaged or its extension unknown.
GraphFile read_graph_file(const std::filesystem::path& path);

/// Writes graphs (and, to JSON lines, their properties: none, or one entry a graph) by the file's
/// extension. Throws ResourceError (disk) and DataError (extension; graph too large for graph6;
/// properties asked of graph6).
void write_graph_file(const std::filesystem::path& path, std::span<const Graph> graphs,
                      std::span<const GraphProperties> properties = {});

}  // namespace equigen
