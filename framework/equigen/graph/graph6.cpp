// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/graph/graph_files.h"

// The format: N(n), then the upper triangle of the adjacency matrix column by column (0,1), (0,2),
// (1,2), (0,3), ... in groups of six bits, most significant first, each group plus 63.
namespace equigen {
namespace {

constexpr std::string_view kHeader = ">>graph6<<";
constexpr int kOffset = 63;
constexpr std::int64_t kLargestShort = 62;
constexpr std::int64_t kLargestMiddle = 258047;
constexpr std::int64_t kLargestWritten = 30'000;

[[noreturn]] void fail(const std::string& reason) {
  throw DataError("graph6", reason);
}

void require_characters(std::string_view text) {
  if (text.starts_with(':')) fail("the row is sparse6, which is not read here; convert to graph6");
  if (text.starts_with('&')) fail("the row is digraph6, but graphs here are undirected");
  const auto odd = std::ranges::find_if(text, [](char c) { return c < '?' || c > '~'; });
  if (odd == text.end()) return;
  fail(fmt::format("character {} (code {}) cannot occur in graph6", odd - text.begin() + 1,
                   static_cast<int>(static_cast<unsigned char>(*odd))));
}

/// Takes `count` characters off the front as one number.
std::int64_t taken_number(std::string_view& text, std::size_t count) {
  if (text.size() < count) fail("the row ends within the node count");
  std::int64_t number = 0;
  for (const char c : text.substr(0, count)) number = (number << 6) | (c - kOffset);
  text.remove_prefix(count);
  return number;
}

std::int64_t taken_node_count(std::string_view& text) {
  if (text.empty()) fail("the row is empty");
  if (!text.starts_with('~')) return taken_number(text, 1);
  text.remove_prefix(1);
  if (!text.starts_with('~')) return taken_number(text, 3);
  text.remove_prefix(1);
  return taken_number(text, 6);
}

std::vector<std::pair<std::int32_t, std::int32_t>> edges_of(std::string_view bits, std::int32_t n) {
  std::vector<std::pair<std::int32_t, std::int32_t>> edges;
  std::size_t position = 0;
  const auto bit = [&bits](std::size_t at) {
    return (((bits[at / 6] - kOffset) >> (5 - at % 6)) & 1) != 0;
  };
  for (std::int32_t j = 1; j < n; ++j) {
    for (std::int32_t i = 0; i < j; ++i, ++position) {
      if (bit(position)) edges.emplace_back(i, j);
    }
  }
  for (; position < bits.size() * 6; ++position) {
    if (bit(position)) fail("there are bits behind the last node pair");
  }
  return edges;
}

void append_number(std::string& text, std::int64_t number, int characters) {
  for (int k = characters - 1; k >= 0; --k) {
    text += static_cast<char>(((number >> (6 * k)) & 63) + kOffset);
  }
}

}  // namespace

Graph parse_graph6(std::string_view line) {
  std::string_view text = text::trim(line);
  if (text.starts_with(kHeader)) text.remove_prefix(kHeader.size());
  require_characters(text);
  const std::int64_t n = taken_node_count(text);
  if (n > kLargestNodeCount) {
    fail(fmt::format("the node count {} is above {}", n, kLargestNodeCount));
  }
  const std::int64_t wanted = (n * (n - 1) / 2 + 5) / 6;
  if (static_cast<std::int64_t>(text.size()) != wanted) {
    fail(fmt::format("{} nodes need {} characters of edges, the row has {}", n, wanted,
                     text.size()));
  }
  Graph graph;
  graph.node_count = static_cast<std::int32_t>(n);
  graph.edges = edges_of(text, graph.node_count);
  std::ranges::sort(graph.edges);
  return graph;
}

std::string to_graph6(const Graph& graph) {
  const std::int64_t n = graph.node_count;
  if (n > kLargestWritten) {
    throw DataError(
        "graph6-too-large",
        fmt::format("a graph of {} nodes is too large for graph6 (at most {})", n, kLargestWritten),
        "write JSON lines (.jsonl) instead");
  }
  static_assert(kLargestWritten <= kLargestMiddle);
  std::string text;
  if (n > kLargestShort) text += '~';
  append_number(text, n, n > kLargestShort ? 3 : 1);
  const std::size_t start = text.size();
  text.append(static_cast<std::size_t>((n * (n - 1) / 2 + 5) / 6), static_cast<char>(kOffset));
  for (const auto& [i, j] : graph.edges) {
    const std::int64_t position = std::int64_t{j} * (j - 1) / 2 + i;
    char& group = text[start + static_cast<std::size_t>(position / 6)];
    group = static_cast<char>(((group - kOffset) | (1 << (5 - position % 6))) + kOffset);
  }
  return text;
}

}  // namespace equigen
