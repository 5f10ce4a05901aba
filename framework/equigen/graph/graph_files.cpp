// SPDX-License-Identifier: MIT
#include "equigen/graph/graph_files.h"

#include <fmt/format.h>

#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/text.h"
#include "equigen/graph/edge_list.h"

namespace equigen {
namespace {

constexpr std::size_t kRowsNamed = 100;

enum class Format { json_lines, graph6, edge_list };

std::optional<Format> format_of(const std::filesystem::path& path) {
  const std::string extension = format_extension(path);
  if (extension == ".jsonl" || extension == ".ndjson" || extension == ".json") {
    return Format::json_lines;
  }
  if (extension == ".g6" || extension == ".graph6") return Format::graph6;
  if (extension == ".edges" || extension == ".edgelist") return Format::edge_list;
  return std::nullopt;
}

Format required_format(const std::filesystem::path& path) {
  if (const auto format = format_of(path)) return *format;
  throw DataError(
      "graph-file-format",
      fmt::format("{} has an extension that is no known graph format", path.string()),
      "graph files end in .jsonl (JSON lines), .g6 (graph6) or .edges (edge lists, read only), "
      "each also with .gz");
}

GraphRow parsed_row(Format format, std::string_view line) {
  return format == Format::json_lines ? parse_graph_row(line) : GraphRow{parse_graph6(line), {}};
}

void note_bad_row(GraphFile& file, std::int64_t line, const std::string& reason) {
  ++file.bad_row_count;
  if (file.bad_rows.size() < kRowsNamed) file.bad_rows.push_back({line, reason});
}

}  // namespace

bool is_graph_file(const std::filesystem::path& path) {
  return format_of(path).has_value();
}

GraphFile read_graph_file(const std::filesystem::path& path) {
  const Format format = required_format(path);
  if (format == Format::edge_list) return read_edge_lists(path);
  GraphFile file;
  read_lines(path, [&](std::string_view line, std::int64_t number) {
    line = text::trim(line);
    const bool only_header = format == Format::graph6 && line == ">>graph6<<";
    if (line.empty() || only_header) return true;
    try {
      GraphRow row = parsed_row(format, line);
      file.graphs.push_back(std::move(row.graph));
      file.properties.push_back(std::move(row.properties));
    } catch (const DataError& error) {
      note_bad_row(file, number, error.message());
    }
    return true;
  });
  return file;
}

void write_graph_file(const std::filesystem::path& path, std::span<const Graph> graphs,
                      std::span<const GraphProperties> properties) {
  const Format format = required_format(path);
  if (format == Format::edge_list)
    throw DataError("graph-file-format", "edge lists are read, not written",
                    "use a name that ends in .jsonl or .g6");
  if (!properties.empty() && (format == Format::graph6 || properties.size() != graphs.size())) {
    throw DataError("graph-file-properties",
                    fmt::format("cannot write {} property rows beside {} graphs to {}",
                                properties.size(), graphs.size(), path.string()),
                    "properties go to .jsonl files, one entry a graph");
  }
  std::string content;
  for (std::size_t k = 0; k < graphs.size(); ++k) {
    content += format == Format::graph6 ? to_graph6(graphs[k])
               : properties.empty()     ? to_graph_json(graphs[k])
                                        : to_graph_json(GraphRow{graphs[k], properties[k]});
    content += '\n';
  }
  write_file_atomically(path, content);
}

}  // namespace equigen
