// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "equigen/base/error.h"
#include "equigen/graph/graph_files.h"

namespace equigen {
namespace {

using nlohmann::json;

[[noreturn]] void fail(const std::string& reason) {
  throw DataError("graph-json", reason, R"(a row looks like {"n": 3, "edges": [[0, 1], [1, 2]]})");
}

json parsed_object(std::string_view line) {
  json row = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (row.is_discarded()) fail("the row is not valid JSON");
  if (!row.is_object()) fail(fmt::format("the row is a JSON {}, not an object", row.type_name()));
  return row;
}

std::int32_t node_count_of(const json& row) {
  const auto entry = row.find("n");
  if (entry == row.end()) fail("the key \"n\" (node count) is missing");
  if (!entry->is_number_integer()) fail("\"n\" is not an integer");
  const bool beyond = entry->is_number_unsigned()
                          ? entry->get<std::uint64_t>() > std::uint64_t{kLargestNodeCount}
                          : entry->get<std::int64_t>() < 0;
  if (beyond) fail(fmt::format("\"n\" is {}, outside 0..{}", entry->dump(), kLargestNodeCount));
  return entry->get<std::int32_t>();
}

std::int32_t node_of(const json& end, std::size_t index, std::int32_t node_count) {
  if (!end.is_number_integer()) {
    fail(fmt::format("edge {} does not consist of two integers", index));
  }
  const bool inside =
      end.is_number_unsigned() && end.get<std::uint64_t>() < static_cast<std::uint64_t>(node_count);
  if (!inside) {
    fail(fmt::format("edge {} names node {}, but \"n\" is {}", index, end.dump(), node_count));
  }
  return end.get<std::int32_t>();
}

Graph graph_of(const json& row) {
  Graph graph;
  graph.node_count = node_count_of(row);
  const auto edges = row.find("edges");
  if (edges == row.end()) fail("the key \"edges\" is missing");
  if (!edges->is_array()) fail("\"edges\" is not a list");
  graph.edges.reserve(edges->size());
  for (std::size_t k = 0; k < edges->size(); ++k) {
    const json& edge = (*edges)[k];
    if (!edge.is_array() || edge.size() != 2) fail(fmt::format("edge {} is not a pair", k));
    const auto i = node_of(edge[0], k, graph.node_count);
    const auto j = node_of(edge[1], k, graph.node_count);
    if (i == j)
      fail(fmt::format("edge {} is a self loop of node {}; graphs here are simple", k, i));
    graph.edges.emplace_back(i, j);
  }
  return normalised(std::move(graph));
}

GraphProperties properties_of(const json& row) {
  GraphProperties properties;
  const auto entries = row.find("properties");
  if (entries == row.end() || entries->is_null()) return properties;
  if (!entries->is_object()) fail("\"properties\" is not an object");
  for (const auto& [name, value] : entries->items()) {
    if (value.is_number()) {
      properties.emplace_back(name, value.get<double>());
    } else if (value.is_boolean()) {
      properties.emplace_back(name, value.get<bool>() ? 1.0 : 0.0);
    } else if (value.is_null()) {
      properties.emplace_back(name, std::numeric_limits<double>::quiet_NaN());
    } else {
      fail(fmt::format("the property \"{}\" is not a number", name));
    }
  }
  return properties;
}

void append_graph(std::string& line, const Graph& graph) {
  fmt::format_to(std::back_inserter(line), "\"n\":{},\"edges\":[", graph.node_count);
  for (std::size_t k = 0; k < graph.edges.size(); ++k) {
    fmt::format_to(std::back_inserter(line), "{}[{},{}]", k == 0 ? "" : ",", graph.edges[k].first,
                   graph.edges[k].second);
  }
  line += ']';
}

std::string quoted(const std::string& name) {
  return json(name).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

GraphRow parse_graph_row(std::string_view line) {
  const json row = parsed_object(line);
  return {graph_of(row), properties_of(row)};
}

Graph parse_graph_json(std::string_view line) {
  return graph_of(parsed_object(line));
}

std::string to_graph_json(const Graph& graph) {
  return to_graph_json(GraphRow{graph, {}});
}

std::string to_graph_json(const GraphRow& row) {
  std::string line = "{";
  append_graph(line, row.graph);
  if (!row.properties.empty()) {
    line += ",\"properties\":{";
    for (std::size_t k = 0; k < row.properties.size(); ++k) {
      const auto& [name, value] = row.properties[k];
      fmt::format_to(std::back_inserter(line), "{}{}:{}", k == 0 ? "" : ",", quoted(name),
                     std::isfinite(value) ? fmt::format("{}", value) : "null");
    }
    line += '}';
  }
  line += '}';
  return line;
}

}  // namespace equigen
