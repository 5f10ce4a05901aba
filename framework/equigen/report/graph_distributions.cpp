// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "equigen/graph/connectivity.h"
#include "equigen/report/shares.h"
#include "equigen/report/structure_distributions.h"

namespace equigen::report {

namespace {

using namespace shares;

/// Local clustering coefficients: the share of pairs of neighbours that are joined.
void add_clustering(const Graph& graph, Values& values) {
  const auto rows = neighbours(graph);
  for (const auto& row : rows) {
    std::int64_t joined = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto& other = rows[static_cast<std::size_t>(row[i])];
      for (std::size_t j = i + 1; j < row.size(); ++j)
        joined += std::binary_search(other.begin(), other.end(), row[j]) ? 1 : 0;
    }
    const double pairs = static_cast<double>(row.size()) * static_cast<double>(row.size() - 1) / 2;
    values.push_back(row.size() < 2 ? 0.0 : static_cast<double>(joined) / pairs);
  }
}

}  // namespace

std::vector<Distribution> compare_graphs(std::span<const Sample> generated,
                                         std::span<const Sample> reference) {
  const auto both = [&](const Names& names, const std::function<void(const Graph&, Values&)>& add) {
    const auto skip_empty = [&add](const Graph& graph, Values& values) {
      if (graph.node_count > 0) add(graph, values);
    };
    return of_counts(names, gather<Graph>(generated, skip_empty),
                     gather<Graph>(reference, skip_empty));
  };
  std::vector<Distribution> result;
  result.push_back(both({"nodes", "Size", "nodes of a graph"},
                        [](const Graph& g, Values& values) { values.push_back(g.node_count); }));
  result.push_back(both({"edges", "Edges", "edges of a graph"}, [](const Graph& g, Values& values) {
    values.push_back(static_cast<double>(g.edges.size()));
  }));
  result.push_back(
      both({"degree", "Degree", "degree of a node"}, [](const Graph& g, Values& values) {
        for (const auto& row : neighbours(g)) values.push_back(static_cast<double>(row.size()));
      }));
  result.push_back(of_reals({"clustering", "Clustering", "clustering coefficient of a node"},
                            gather<Graph>(generated, add_clustering),
                            gather<Graph>(reference, add_clustering), 0, 1));
  result.push_back(both({"components", "Connectedness", "components of a graph"},
                        [](const Graph& g, Values& values) {
                          values.push_back(static_cast<double>(connected_components(g).size()));
                        }));
  return result;
}

}  // namespace equigen::report
