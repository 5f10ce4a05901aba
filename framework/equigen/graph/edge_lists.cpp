// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/text.h"
#include "equigen/graph/edge_list.h"
#include "equigen/graph/edge_names.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNamedRows = 100;
constexpr std::size_t kLongestName = 200;
constexpr std::string_view kTuEnding = "_A.txt";

void note_bad_row(GraphFile& file, std::int64_t line, std::string reason) {
  ++file.bad_row_count;
  if (file.bad_rows.size() < kNamedRows) file.bad_rows.push_back({line, std::move(reason)});
}

bool is_readable(std::string_view name) {
  return name.size() <= kLongestName &&
         std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 32 || c == 127; });
}

/// One graph whose lines come one after the other.
class GraphInLines {
 public:
  void add(std::string_view first, std::string_view second, std::int64_t line) {
    if (!problem_.empty()) return;
    if (!is_readable(first) || !is_readable(second)) return fail(line, "this is no edge");
    const auto i = numbered(first);
    const auto j = second.empty() ? i : numbered(second);
    graph_.edges.emplace_back(i, j);
    if (std::ssize(number_of_) > kLargestNodeCount)
      fail(line, fmt::format("a graph of more than {} nodes", kLargestNodeCount));
  }

  void finish(GraphFile& file) {
    if (!problem_.empty()) return note_bad_row(file, line_, problem_);
    graph_.node_count = static_cast<std::int32_t>(number_of_.size());
    file.graphs.push_back(normalised(std::move(graph_)));
    file.properties.emplace_back();
  }

 private:
  void fail(std::int64_t line, std::string reason) {
    problem_ = std::move(reason);
    line_ = line;
    graph_ = {};
    number_of_ = {};
  }
  std::int32_t numbered(std::string_view name) {
    const auto next = static_cast<std::int32_t>(number_of_.size());
    return number_of_.try_emplace(std::string(name), next).first->second;
  }

  std::int64_t line_ = 0;
  std::string problem_;
  Graph graph_;
  std::unordered_map<std::string, std::int32_t> number_of_;
};

GraphFile read_parted_by_empty_lines(const fs::path& path) {
  GraphFile file;
  std::optional<GraphInLines> graph;
  read_lines(path, [&](std::string_view line, std::int64_t number) {
    std::string_view rest = text::trim(line);
    if (rest.empty()) {
      if (graph) graph->finish(file);
      graph.reset();
      return true;
    }
    const auto first = edge_names::taken(rest);
    if (first.empty() || edge_names::is_comment(first)) return true;
    if (!graph) graph.emplace();
    graph->add(first, edge_names::taken(rest), number);
    return true;
  });
  if (graph) graph->finish(file);
  return file;
}

/// NAME_graph_indicator.txt beside NAME_A.txt, plain or compressed; nothing where there is none.
std::optional<fs::path> indicator_of(const fs::path& path) {
  const std::string name = without_gz(path).filename().string();
  if (!name.ends_with(kTuEnding)) return std::nullopt;
  const std::string stem = name.substr(0, name.size() - kTuEnding.size());
  for (const char* ending : {"_graph_indicator.txt", "_graph_indicator.txt.gz"}) {
    fs::path indicator = path.parent_path() / (stem + ending);
    if (fs::exists(indicator)) return indicator;
  }
  return std::nullopt;
}

/// Where a node of a TUDataset stands: its graph, and its number in that graph.
struct Place {
  std::size_t graph;
  std::int32_t node;
};

class TuReader {
 public:
  explicit TuReader(const fs::path& indicator) {
    std::unordered_map<std::int64_t, std::size_t> graph_of;
    read_lines(indicator, [&](std::string_view line, std::int64_t number) {
      if (text::trim(line).empty()) return true;
      const auto id = text::to_integer(text::trim(line));
      if (!id)
        throw DataError("edge-list-indicator",
                        fmt::format("{}:{}: '{}' is not the number of a graph", indicator.string(),
                                    number, text::trim(line).substr(0, 40)));
      const auto [entry, is_new] = graph_of.try_emplace(*id, graphs_.size());
      if (is_new) graphs_.emplace_back();
      places_.push_back({entry->second, graphs_[entry->second].node_count++});
      return true;
    });
    problems_.resize(graphs_.size());
  }

  GraphFile read(const fs::path& path) {
    GraphFile file;
    read_lines(path, [&](std::string_view line, std::int64_t number) {
      if (!text::trim(line).empty()) add(line, number, file);
      return true;
    });
    for (std::size_t g = 0; g < graphs_.size(); ++g) {
      if (problems_[g]) {
        note_bad_row(file, *problems_[g], "an edge leads from one graph to another");
        continue;
      }
      file.graphs.push_back(normalised(std::move(graphs_[g])));
      file.properties.emplace_back();
    }
    return file;
  }

 private:
  const Place* place_of(std::string_view name) const {
    const auto number = text::to_integer(name);
    const bool is_known = number && *number >= 1 && *number <= std::ssize(places_);
    return is_known ? &places_[static_cast<std::size_t>(*number - 1)] : nullptr;
  }

  void add(std::string_view line, std::int64_t number, GraphFile& file) {
    const Place* first = place_of(edge_names::taken(line));
    const Place* second = place_of(edge_names::taken(line));
    if (!first || !second)
      return note_bad_row(file, number, "an edge needs two nodes that the indicator knows");
    if (first->graph != second->graph) {
      for (const std::size_t graph : {first->graph, second->graph})
        if (!problems_[graph]) problems_[graph] = number;
      return;
    }
    graphs_[first->graph].edges.emplace_back(first->node, second->node);
  }

  std::vector<Graph> graphs_;
  std::vector<Place> places_;
  std::vector<std::optional<std::int64_t>> problems_;  ///< line of each graph's first bad edge
};

}  // namespace

GraphFile read_edge_lists(const fs::path& path) {
  if (const auto indicator = indicator_of(path)) return TuReader(*indicator).read(path);
  return read_parted_by_empty_lines(path);
}

std::string edge_list_text(const Graph& graph) {
  if (graph.node_count == 0)
    throw DataError("edge-list-empty", "a graph without nodes cannot stand in a list of edges");
  std::vector<std::vector<std::int32_t>> earlier(static_cast<std::size_t>(graph.node_count));
  for (const auto& [a, b] : graph.edges)
    earlier[static_cast<std::size_t>(std::max(a, b))].push_back(std::min(a, b));
  std::string lines;
  for (std::size_t node = 0; node < earlier.size(); ++node) {
    std::sort(earlier[node].begin(), earlier[node].end());
    for (const std::int32_t other : earlier[node]) lines += fmt::format("{} {}\n", other, node);
    if (earlier[node].empty()) lines += fmt::format("{}\n", node);
  }
  return lines;
}

bool looks_like_edges(const fs::path& path) {
  bool result = false;
  read_lines(path, [&](std::string_view line, std::int64_t) {
    std::string_view rest = text::trim(line);
    const auto first = edge_names::taken(rest);
    if (first.empty() || edge_names::is_comment(first)) return true;
    result = text::to_integer(first) && text::to_integer(edge_names::taken(rest));
    return false;
  });
  return result;
}

}  // namespace equigen
