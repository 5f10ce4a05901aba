// SPDX-License-Identifier: MIT
#include "equigen/metrics/graph/graph_descriptors.h"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/base/text.h"
#include "equigen/graph/orbit_counts.h"

namespace equigen {
namespace {

const std::vector<std::string>& names() {
  static const std::vector<std::string> all{"degree", "clustering", "orbit", "spectral",
                                            "four_cycle"};
  return all;
}

/// The place of the cycle of four nodes among a node's orbits.
constexpr std::size_t kFourCycleOrbit = 8;

/// The edges between equal bins as numpy.linspace computes them.
class BinEdges {
 public:
  BinEdges(int bins, double low, double high)
      : bins_(bins), low_(low), high_(high), step_((high - low) / bins) {}

  double operator[](int index) const { return index == bins_ ? high_ : index * step_ + low_; }

 private:
  int bins_;
  double low_;
  double high_;
  double step_;
};

/// The dense matrix of a larger graph would take gigabytes and its eigenvalues hours.
void require_spectrum_size(std::int32_t node_count) {
  constexpr std::int32_t kLargest = 5'000;
  if (node_count <= kLargest) return;
  throw DataError("laplacian-size",
                  fmt::format("the Laplacian spectrum is computed up to {} nodes, a graph has {}",
                              kLargest, node_count),
                  "leave out the statistic spectral");
}

}  // namespace

std::string name_of(GraphStatistic statistic) {
  return names()[static_cast<std::size_t>(statistic)];
}

GraphStatistic graph_statistic(const std::string& name) {
  const auto found = std::ranges::find(names(), name);
  if (found == names().end()) {
    throw ConfigError(
        "graph-statistic-unknown",
        fmt::format("there is no graph statistic '{}'{}", name, text::did_you_mean(name, names())),
        fmt::format("the statistics are {}", text::join(names(), ", ")));
  }
  return static_cast<GraphStatistic>(found - names().begin());
}

std::vector<double> histogram_counts(std::span<const double> values, int bins, double low,
                                     double high) {
  std::vector<double> counts(static_cast<std::size_t>(bins));
  const BinEdges edges(bins, low, high);
  for (const double value : values) {
    if (!(value >= low && value <= high)) continue;
    int index = std::min(static_cast<int>((value - low) / (high - low) * bins), bins - 1);
    // The quotient may round across an edge: the edges themselves decide.
    if (value < edges[index]) {
      --index;
    } else if (index != bins - 1 && value >= edges[index + 1]) {
      ++index;
    }
    ++counts[static_cast<std::size_t>(index)];
  }
  return counts;
}

std::vector<double> scaled_to_one(std::vector<double> counts) {
  double sum = 0;
  for (const double count : counts) sum += count;
  if (sum == 0) return counts;
  for (double& count : counts) count /= sum;
  return counts;
}

std::vector<double> degree_counts(const Graph& graph) {
  std::vector<double> counts;
  for (const auto& row : neighbours(graph)) {
    if (row.size() >= counts.size()) counts.resize(row.size() + 1);
    ++counts[row.size()];
  }
  return counts;
}

std::vector<double> clustering_coefficients(const Graph& graph) {
  const auto rows = neighbours(graph);
  std::vector<std::int64_t> triangles(rows.size());
  for (const auto& [i, j] : graph.edges) {
    const auto& a = rows[static_cast<std::size_t>(i)];
    const auto& b = rows[static_cast<std::size_t>(j)];
    for (auto p = a.begin(), q = b.begin(); p != a.end() && q != b.end();) {
      // Each triangle at a node is met once, from the edge opposite to it.
      if (*p == *q) ++triangles[static_cast<std::size_t>(*p)];
      const bool step_a = *p <= *q;
      if (*q <= *p) ++q;
      if (step_a) ++p;
    }
  }
  std::vector<double> coefficients(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto d = static_cast<double>(rows[i].size());
    if (d >= 2) coefficients[i] = 2.0 * static_cast<double>(triangles[i]) / (d * (d - 1));
  }
  return coefficients;
}

std::vector<double> orbit_means(const Graph& graph) {
  std::vector<double> means(std::tuple_size_v<NodeOrbits>);
  for (const auto& orbits : orbit_counts(graph)) {
    for (std::size_t k = 0; k < means.size(); ++k) means[k] += static_cast<double>(orbits[k]);
  }
  for (double& mean : means) mean /= std::max(graph.node_count, 1);
  return means;
}

std::vector<double> laplacian_spectrum(const Graph& graph) {
  const auto n = static_cast<Eigen::Index>(graph.node_count);
  if (n == 0) return {};
  require_spectrum_size(graph.node_count);
  const auto rows = neighbours(graph);
  Eigen::MatrixXd laplacian = Eigen::MatrixXd::Zero(n, n);
  std::vector<double> scale(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].empty()) continue;
    scale[i] = 1.0 / std::sqrt(static_cast<double>(rows[i].size()));
    laplacian(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(i)) = 1.0;
  }
  for (const auto& [i, j] : graph.edges) {
    const double entry = -scale[static_cast<std::size_t>(i)] * scale[static_cast<std::size_t>(j)];
    laplacian(i, j) = entry;
    laplacian(j, i) = entry;
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(laplacian, Eigen::EigenvaluesOnly);
  if (solver.info() != Eigen::Success) {
    throw NumericalError("laplacian-spectrum",
                         fmt::format("the eigenvalues of a graph of {} nodes did not converge", n));
  }
  std::vector<double> spectrum(solver.eigenvalues().begin(), solver.eigenvalues().end());
  for (double& value : spectrum) value = std::clamp(value, 0.0, 2.0);
  return spectrum;
}

std::vector<double> graph_descriptor(GraphStatistic statistic, const Graph& graph) {
  switch (statistic) {
    case GraphStatistic::degree:
      return scaled_to_one(degree_counts(graph));
    case GraphStatistic::clustering:
      return scaled_to_one(histogram_counts(clustering_coefficients(graph), 100, 0.0, 1.0));
    case GraphStatistic::orbit:
      return orbit_means(graph);
    case GraphStatistic::spectral:
      return scaled_to_one(histogram_counts(laplacian_spectrum(graph), 200, -1e-5, 2.0));
    case GraphStatistic::four_cycle:
      return {orbit_means(graph)[kFourCycleOrbit]};
  }
  throw Error(ExitCode::bug, "graph-statistic", "a graph statistic outside its enumeration");
}

std::vector<std::vector<double>> graph_descriptors(GraphStatistic statistic,
                                                   std::span<const Graph> graphs) {
  std::vector<std::vector<double>> descriptors(graphs.size());
  parallel_for(static_cast<std::int64_t>(graphs.size()), [&](std::int64_t k) {
    const Graph& graph = graphs[static_cast<std::size_t>(k)];
    if (graph.node_count > 0) {
      descriptors[static_cast<std::size_t>(k)] = graph_descriptor(statistic, graph);
    }
  });
  std::erase_if(descriptors, [](const auto& descriptor) { return descriptor.empty(); });
  return descriptors;
}

}  // namespace equigen
