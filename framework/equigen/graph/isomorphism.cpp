// SPDX-License-Identifier: MIT
#include "equigen/graph/isomorphism.h"

// nauty marks its thread-local variables with a keyword of C11.
#define _Thread_local thread_local
#include <nauty/traces.h>
#undef _Thread_local

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <tuple>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/graph/connectivity.h"

namespace equigen {
namespace {

/// Held while nauty runs, where it was built with work space shared by all threads.
std::unique_lock<std::mutex> nauty_turn() {
  static std::mutex mutex;
  return HAVE_TLS ? std::unique_lock<std::mutex>() : std::unique_lock(mutex);
}

/// nauty's lists of a graph, in memory of ours.
class SparseLists {
 public:
  explicit SparseLists(const Graph& graph) {
    for (const auto& row : neighbours(graph)) {
      offsets_.push_back(ends_.size());
      degrees_.push_back(static_cast<int>(row.size()));
      ends_.insert(ends_.end(), row.begin(), row.end());
    }
  }

  sparsegraph view() {
    sparsegraph lists;
    SG_INIT(lists);
    lists.nv = static_cast<int>(offsets_.size());
    lists.nde = ends_.size();
    lists.v = offsets_.data();
    lists.d = degrees_.data();
    lists.e = ends_.data();
    lists.vlen = offsets_.size();
    lists.dlen = degrees_.size();
    lists.elen = ends_.size();
    return lists;
  }

 private:
  std::vector<std::size_t> offsets_;
  std::vector<int> degrees_;
  std::vector<int> ends_;
};

/// nauty recurses as deep as the graph has symmetries: larger graphs could exhaust a thread's
/// stack.
void require_size(const Graph& graph) {
  constexpr std::int32_t kLargest = 5'000;
  if (graph.node_count <= kLargest) return;
  throw DataError(
      "isomorphism-size",
      fmt::format("connected graphs are compared up to isomorphism to at most {} nodes, got {}",
                  kLargest, graph.node_count));
}

/// Runs nauty's Traces: entry k is the node that takes canonical number k.
std::vector<int> canonical_order(const Graph& graph) {
  SparseLists lists(graph);
  sparsegraph input = lists.view();
  sparsegraph canonical;
  SG_INIT(canonical);
  const auto n = static_cast<std::size_t>(graph.node_count);
  std::vector<int> order(n);
  std::vector<int> cells(n);
  std::vector<int> orbits(n);
  DEFAULTOPTIONS_TRACES(options);
  options.getcanon = TRUE;
  TracesStats statistics;
  const auto turn = nauty_turn();
  Traces(&input, order.data(), cells.data(), orbits.data(), &options, &statistics, &canonical);
  SG_FREE(canonical);
  return order;
}

/// The form of a connected graph.
Graph canonical_component(const Graph& graph) {
  if (graph.node_count == 1) return graph;
  require_size(graph);
  const auto order = canonical_order(graph);
  std::vector<std::int32_t> number(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    number[static_cast<std::size_t>(order[k])] = static_cast<std::int32_t>(k);
  }
  Graph result;
  result.node_count = graph.node_count;
  result.edges.reserve(graph.edges.size());
  for (const auto& [i, j] : graph.edges) {
    result.edges.emplace_back(number[static_cast<std::size_t>(i)],
                              number[static_cast<std::size_t>(j)]);
  }
  return normalised(std::move(result));
}

void append_number(std::string& key, std::int32_t number) {
  const auto bits = static_cast<std::uint32_t>(number);
  for (int shift = 0; shift < 32; shift += 8) key += static_cast<char>((bits >> shift) & 255U);
}

}  // namespace

Graph canonical_form(const Graph& graph) {
  // Component by component: nauty would search through all exchanges of equal ones.
  std::vector<Graph> parts;
  for (const auto& nodes : connected_components(graph)) {
    parts.push_back(canonical_component(induced_subgraph(graph, nodes)));
  }
  std::ranges::sort(parts, [](const Graph& a, const Graph& b) {
    return std::tie(a.node_count, a.edges) < std::tie(b.node_count, b.edges);
  });
  Graph result;
  result.edges.reserve(graph.edges.size());
  for (const auto& part : parts) {
    for (const auto& [i, j] : part.edges) {
      result.edges.emplace_back(result.node_count + i, result.node_count + j);
    }
    result.node_count += part.node_count;
  }
  return result;
}

std::string canonical_key(const Graph& graph) {
  const Graph form = canonical_form(graph);
  std::string key;
  key.reserve(4 + 8 * form.edges.size());
  append_number(key, form.node_count);
  for (const auto& [i, j] : form.edges) {
    append_number(key, i);
    append_number(key, j);
  }
  return key;
}

std::vector<std::string> canonical_keys(std::span<const Graph> graphs) {
  std::vector<std::string> keys(graphs.size());
  parallel_for(static_cast<std::int64_t>(graphs.size()), [&](std::int64_t k) {
    keys[static_cast<std::size_t>(k)] = canonical_key(graphs[static_cast<std::size_t>(k)]);
  });
  return keys;
}

bool are_isomorphic(const Graph& a, const Graph& b) {
  if (a.node_count != b.node_count || a.edges.size() != b.edges.size()) return false;
  return canonical_key(a) == canonical_key(b);
}

}  // namespace equigen
