// SPDX-License-Identifier: MIT
#include "equigen/metrics/distances/nearest_points.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"

namespace equigen {
namespace {

constexpr std::size_t kBlock = 16;  // coordinates between two looks at whether to go on

double norm(const double* point, std::size_t dimension) {
  double square = 0;
  for (std::size_t i = 0; i < dimension; ++i) square += point[i] * point[i];
  return std::sqrt(square);
}

double squared(double x) {
  return x * x;
}

/// Squared distance; anything above `limit` once it is passed. Four sums side by side do not wait
/// for each other.
double squared_distance(const double* a, const double* b, std::size_t dimension, double limit) {
  double square = 0;
  std::size_t start = 0;
  for (; start + kBlock <= dimension; start += kBlock) {
    double first = 0, second = 0, third = 0, fourth = 0;
    for (std::size_t i = start; i < start + kBlock; i += 4) {
      first += squared(a[i] - b[i]);
      second += squared(a[i + 1] - b[i + 1]);
      third += squared(a[i + 2] - b[i + 2]);
      fourth += squared(a[i + 3] - b[i + 3]);
    }
    square += (first + second) + (third + fourth);
    if (square > limit) return square;
  }
  for (; start < dimension; ++start) square += squared(a[start] - b[start]);
  return square;
}

/// The pool in the order of norms: points whose norm differs by more than a distance are farther.
class NormOrder {
 public:
  explicit NormOrder(const PointTable& pool) : dimension_(pool.dimension), order_(pool.size()) {
    std::vector<double> norms(pool.size());
    for (std::size_t i = 0; i < norms.size(); ++i)
      norms[i] = norm(&pool.values[i * dimension_], dimension_);
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::ranges::stable_sort(order_, {}, [&](std::size_t i) { return norms[i]; });
    for (const std::size_t i : order_) {
      norms_.push_back(norms[i]);
      const auto row = pool.values.begin() + static_cast<std::ptrdiff_t>(i * dimension_);
      values_.insert(values_.end(), row, row + static_cast<std::ptrdiff_t>(dimension_));
    }
  }

  [[nodiscard]] NearestPoint nearest(const double* query) const {
    const double length = norm(query, dimension_);
    const auto middle =
        static_cast<std::size_t>(std::ranges::lower_bound(norms_, length) - norms_.begin());
    double best = std::numeric_limits<double>::infinity();
    std::size_t found = order_.size();
    const auto look = [&](std::size_t place) {
      const double square = squared_distance(query, &values_[place * dimension_], dimension_, best);
      if (square < best || (square == best && order_[place] < order_[found])) {
        best = square;
        found = place;
      }
    };
    const auto is_near = [&](std::size_t place) {
      const double gap = norms_[place] - length;
      return gap * gap <= best * (1 + 1e-12);
    };
    std::size_t below = middle, above = middle;
    bool more = true;
    while (more) {
      more = false;
      if (below > 0 && is_near(below - 1)) {
        look(--below);
        more = true;
      }
      if (above < order_.size() && is_near(above)) {
        look(above++);
        more = true;
      }
    }
    return {order_[found], std::sqrt(best)};
  }

 private:
  std::size_t dimension_;
  std::vector<std::size_t> order_;
  std::vector<double> norms_, values_;
};

}  // namespace

std::vector<NearestPoint> nearest_points(const PointTable& queries, const PointTable& pool) {
  if (pool.size() == 0) throw DataError("nearest-points", "there are no points to be near to");
  if (queries.size() > 0 && queries.dimension != pool.dimension)
    throw DataError("nearest-points", "the points have different dimensions");
  const NormOrder order(pool);
  std::vector<NearestPoint> nearest(queries.size());
  parallel_for(static_cast<std::int64_t>(queries.size()), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    nearest[index] = order.nearest(&queries.values[index * queries.dimension]);
  });
  return nearest;
}

double mean_pairwise_distance(const PointTable& points) {
  const std::size_t n = points.size();
  if (n < 2) return 0;
  std::vector<double> sums(n, 0);  // added up in one order, whatever the cores did
  parallel_for(static_cast<std::int64_t>(n), [&](std::int64_t row) {
    const auto i = static_cast<std::size_t>(row);
    for (std::size_t j = 0; j < i; ++j)
      sums[i] += std::sqrt(squared_distance(&points.values[i * points.dimension],
                                            &points.values[j * points.dimension], points.dimension,
                                            std::numeric_limits<double>::infinity()));
  });
  const auto count = static_cast<double>(n);
  return std::accumulate(sums.begin(), sums.end(), 0.0) / (count * (count - 1) / 2);
}

}  // namespace equigen
