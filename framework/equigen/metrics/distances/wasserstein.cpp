// SPDX-License-Identifier: MIT
#include "equigen/metrics/distances/wasserstein.h"

#include <algorithm>
#include <cmath>

#include "equigen/base/error.h"

namespace equigen {

double wasserstein_distance(std::vector<double> a, std::vector<double> b) {
  const auto is_finite = [](double value) { return std::isfinite(value); };
  if (a.empty() || b.empty() || !std::ranges::all_of(a, is_finite) ||
      !std::ranges::all_of(b, is_finite)) {
    throw DataError("wasserstein", "the distance of distributions needs finite numbers in both");
  }
  std::ranges::sort(a);
  std::ranges::sort(b);
  double distance = 0;
  double previous = std::min(a.front(), b.front());
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    const bool from_a = j == b.size() || (i < a.size() && a[i] <= b[j]);
    const double here = from_a ? a[i] : b[j];
    const double gap = static_cast<double>(i) / static_cast<double>(a.size()) -
                       static_cast<double>(j) / static_cast<double>(b.size());
    distance += std::abs(gap) * (here - previous);
    previous = here;
    ++(from_a ? i : j);
  }
  return distance;
}

}  // namespace equigen
