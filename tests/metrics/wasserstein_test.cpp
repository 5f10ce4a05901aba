// SPDX-License-Identifier: MIT
#include "equigen/metrics/distances/wasserstein.h"

#include <limits>

#include "catch.h"
#include "equigen/base/error.h"

using namespace equigen;

TEST_CASE("wasserstein: known distances") {
  CHECK(wasserstein_distance({0, 1, 3}, {5, 6, 8}) == Approx(5));
  CHECK(wasserstein_distance({0, 1}, {0, 1}) == 0);
  CHECK(wasserstein_distance({0}, {0, 1, 2, 3}) == Approx(1.5));
  CHECK(wasserstein_distance({3, 0, 1}, {1, 3, 0}) == 0);
}

TEST_CASE("wasserstein: symmetric, and empty or infinite samples are refused") {
  const std::vector<double> a{0.5, 2, -1, 7};
  const std::vector<double> b{1, 1, 4};
  CHECK(wasserstein_distance(a, b) == Approx(wasserstein_distance(b, a)));
  CHECK_THROWS_AS(wasserstein_distance({}, {1}), DataError);
  CHECK_THROWS_AS(wasserstein_distance({1}, {std::numeric_limits<double>::infinity()}), DataError);
}
