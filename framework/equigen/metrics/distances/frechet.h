// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

namespace equigen {

/// Points [count, size], row by row.
struct PointSet {
  std::int64_t count = 0;
  std::int64_t size = 0;
  std::vector<float> values;
};

/// Squared Fréchet distance of the normal distributions with the means and covariances (n - 1) of
/// two sets: |m1 - m2|² + tr(C1) + tr(C2) - 2 tr (C1^½ C2 C1^½)^½. Covariances may be singular.
/// Throws DataError when a set has fewer than two points or the sizes differ.
double frechet_distance(const PointSet& a, const PointSet& b);

}  // namespace equigen
