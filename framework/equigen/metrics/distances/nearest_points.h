// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace equigen {

/// Points of the same dimension, row by row.
struct PointTable {
  std::size_t dimension = 0;
  std::vector<double> values;  ///< [size, dimension]

  [[nodiscard]] std::size_t size() const { return dimension ? values.size() / dimension : 0; }
};

struct NearestPoint {
  std::size_t index = 0;
  double distance = 0;
};

/// The nearest point of `pool` to each of `queries` (Euclidean, exact; the first on ties but for
/// the last bits), on all cores. Throws DataError when the pool is empty or the dimensions differ.
std::vector<NearestPoint> nearest_points(const PointTable& queries, const PointTable& pool);

/// Mean Euclidean distance of all pairs, on all cores; 0 for fewer than two points.
double mean_pairwise_distance(const PointTable& points);

}  // namespace equigen
