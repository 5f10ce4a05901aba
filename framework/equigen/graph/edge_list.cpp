// SPDX-License-Identifier: MIT
#include "equigen/graph/edge_list.h"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/graph/edge_names.h"

namespace equigen {
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
    const auto first = edge_names::taken(line);
    if (first.empty() || edge_names::is_comment(first)) return true;
    const auto second = edge_names::taken(line);
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
