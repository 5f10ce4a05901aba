// SPDX-License-Identifier: MIT
#include "equigen/graph/layout.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "equigen/base/random.h"
#include "equigen/graph/connectivity.h"

namespace equigen {
namespace {

using Position = std::array<double, 2>;
using Positions = std::vector<Position>;
using Rows = std::vector<std::vector<std::int32_t>>;

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

/// Squared distances [N, P] to pivots, each the node farthest from the pivots before it.
Eigen::MatrixXd pivot_distances(const Rows& rows, std::int64_t pivots) {
  const auto n = static_cast<std::int64_t>(rows.size());
  Eigen::MatrixXd squared(n, pivots);
  std::vector<std::int32_t> nearest(rows.size(), std::numeric_limits<std::int32_t>::max());
  std::int32_t pivot = 0;
  for (std::int64_t p = 0; p < pivots; ++p) {
    const auto distance = distances_from(rows, pivot);
    for (std::int64_t i = 0; i < n; ++i) {
      squared(i, p) = static_cast<double>(distance[at(i)]) * distance[at(i)];
      nearest[at(i)] = std::min(nearest[at(i)], distance[at(i)]);
    }
    pivot = static_cast<std::int32_t>(std::ranges::max_element(nearest) - nearest.begin());
  }
  return squared;
}

/// The first two principal axes of the doubly centred squared distances. A little noise parts nodes
/// that no distance tells apart, such as the leaves of a star.
Positions starting_positions(const Rows& rows) {
  constexpr std::int64_t kPivots = 40;
  const auto n = static_cast<std::int64_t>(rows.size());
  Eigen::MatrixXd centred = pivot_distances(rows, std::min(n, kPivots));
  const Eigen::VectorXd row_mean = centred.rowwise().mean();
  const Eigen::RowVectorXd column_mean = centred.colwise().mean();
  const double mean = row_mean.mean();
  centred.colwise() -= row_mean;
  centred.rowwise() -= column_mean;
  centred = -0.5 * (centred.array() + mean).matrix();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(centred.transpose() * centred);
  const Eigen::MatrixXd axes =
      centred * solver.eigenvectors().rightCols(std::min<std::int64_t>(n, 2));
  RandomStream noise(0, "graph/layout", static_cast<std::uint64_t>(n));
  Positions positions(rows.size());
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t k = 0; k < 2; ++k) {
      // The columns ascend by eigenvalue; the largest is the horizontal axis.
      const double along = k < axes.cols() ? axes(i, axes.cols() - 1 - k) : 0.0;
      positions[at(i)][at(k)] = along + 0.1 * (noise.uniform() - 0.5);
    }
  }
  const double scale = axes.cwiseAbs().maxCoeff();
  const double wanted = std::sqrt(static_cast<double>(n));
  if (scale > 0) {
    for (auto& position : positions) {
      for (auto& value : position) value *= wanted / scale;
    }
  }
  return positions;
}

/// Moves every node once to the minimum of its own stress, sum_j d_ij^-2 (|x_i - x_j| - d_ij)^2,
/// majorised at the present positions. Returns the largest move.
double relaxed(Positions& positions, const std::vector<float>& distance) {
  const std::size_t n = positions.size();
  double largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double weights = 0;
    Position sum{};
    for (std::size_t j = 0; j < n; ++j) {
      if (j == i) continue;
      const double wanted = distance[i * n + j];
      const double weight = 1.0 / (wanted * wanted);
      const double dx = positions[i][0] - positions[j][0];
      const double dy = positions[i][1] - positions[j][1];
      const double present = std::sqrt(dx * dx + dy * dy);
      const double pull = present > 1e-9 ? wanted / present : 0.0;
      weights += weight;
      sum[0] += weight * (positions[j][0] + pull * dx);
      sum[1] += weight * (positions[j][1] + pull * dy);
    }
    const Position next{sum[0] / weights, sum[1] / weights};
    largest = std::max(
        {largest, std::abs(next[0] - positions[i][0]), std::abs(next[1] - positions[i][1])});
    positions[i] = next;
  }
  return largest;
}

Positions layout_component(const Graph& graph) {
  const Rows rows = neighbours(graph);
  const std::size_t n = rows.size();
  if (n == 1) return {Position{}};
  Positions positions = starting_positions(rows);
  // Beyond this size the table of distances and the quadratic sweeps cost more than a drawing
  // gains.
  constexpr std::size_t kLargestRelaxed = 3000;
  if (n > kLargestRelaxed) return positions;
  std::vector<float> distance(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = distances_from(rows, static_cast<std::int32_t>(i));
    std::ranges::copy(row, distance.begin() + static_cast<std::ptrdiff_t>(i * n));
  }
  const int sweeps = n <= 500 ? 120 : 30;
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    if (relaxed(positions, distance) < 1e-3) break;
  }
  return positions;
}

/// Moves positions so that their bounding box starts at the origin; returns its far corner.
Position moved_to_origin(Positions& positions) {
  Position low = positions.front();
  Position high = positions.front();
  for (const auto& position : positions) {
    for (std::size_t k = 0; k < 2; ++k) {
      low[k] = std::min(low[k], position[k]);
      high[k] = std::max(high[k], position[k]);
    }
  }
  for (auto& position : positions) {
    for (std::size_t k = 0; k < 2; ++k) position[k] -= low[k];
  }
  return {high[0] - low[0], high[1] - low[1]};
}

/// Puts boxes in rows of about the width of a square that would hold all; returns their corners.
Positions packed(const Positions& sizes) {
  constexpr double kGap = 1.0;
  double area = 0;
  double widest = 0;
  for (const auto& size : sizes) {
    area += (size[0] + kGap) * (size[1] + kGap);
    widest = std::max(widest, size[0]);
  }
  const double width = std::max(widest, std::sqrt(area));
  Positions corners;
  Position corner{};
  double row_height = 0;
  for (const auto& size : sizes) {
    if (corner[0] > 0 && corner[0] + size[0] > width) {
      corner = {0, corner[1] + row_height + kGap};
      row_height = 0;
    }
    corners.push_back(corner);
    corner[0] += size[0] + kGap;
    row_height = std::max(row_height, size[1]);
  }
  return corners;
}

}  // namespace

std::vector<std::array<double, 2>> layout_graph(const Graph& graph) {
  auto components = connected_components(graph);
  std::ranges::stable_sort(components, std::ranges::greater{}, &std::vector<std::int32_t>::size);
  std::vector<Positions> parts;
  Positions sizes;
  for (const auto& nodes : components) {
    parts.push_back(layout_component(induced_subgraph(graph, nodes)));
    sizes.push_back(moved_to_origin(parts.back()));
  }
  const Positions corners = packed(sizes);
  Positions positions(static_cast<std::size_t>(graph.node_count));
  for (std::size_t c = 0; c < components.size(); ++c) {
    for (std::size_t k = 0; k < components[c].size(); ++k) {
      positions[at(components[c][k])] = {corners[c][0] + parts[c][k][0],
                                         corners[c][1] + parts[c][k][1]};
    }
  }
  return positions;
}

}  // namespace equigen
