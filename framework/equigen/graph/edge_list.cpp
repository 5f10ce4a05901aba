// SPDX-License-Identifier: MIT
#include "equigen/graph/edge_list.h"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/graph/graph_files.h"

namespace equigen {
namespace {

constexpr std::string_view kSeparators = " \t,;";

/// Takes the next name off the front; empty at the end of the line.
std::string_view taken_name(std::string_view& line) {
  const auto start = line.find_first_not_of(kSeparators);
  if (start == std::string_view::npos) return {};
  line.remove_prefix(start);
  const auto name = line.substr(0, line.find_first_of(kSeparators));
  line.remove_prefix(name.size());
  return name;
}

}  // namespace

EdgeList read_edge_list(const std::filesystem::path& path) {
  EdgeList list;
  std::unordered_map<std::string, std::int32_t> number_of;
  const auto numbered = [&](std::string_view name) {
    const auto next = static_cast<std::int32_t>(list.labels.size());
    const auto [entry, fresh] = number_of.try_emplace(std::string(name), next);
    if (fresh) list.labels.emplace_back(name);
    return entry->second;
  };
  read_lines(path, [&](std::string_view line, std::int64_t number) {
    const auto first = taken_name(line);
    if (first.empty() || first.starts_with('#') || first.starts_with('%')) return true;
    const auto second = taken_name(line);
    if (second.empty()) {
      throw DataError("edge-list-row",
                      fmt::format("{}:{}: an edge needs two names", path.string(), number));
    }
    const auto i = numbered(first);
    list.graph.edges.emplace_back(i, numbered(second));
    if (static_cast<std::int64_t>(list.labels.size()) > kLargestNodeCount) {
      throw DataError("edge-list-size", fmt::format("{}:{}: more than {} nodes", path.string(),
                                                    number, kLargestNodeCount));
    }
    return true;
  });
  if (list.graph.edges.empty()) {
    throw DataError("edge-list-empty", fmt::format("{} holds no edge", path.string()));
  }
  list.graph.node_count = static_cast<std::int32_t>(list.labels.size());
  list.graph = normalised(std::move(list.graph));
  return list;
}

}  // namespace equigen
