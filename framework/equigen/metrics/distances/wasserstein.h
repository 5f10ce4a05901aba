// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace equigen {

/// Returns the Wasserstein-1 distance of two samples on the line: the area between their empirical
/// distribution functions. Throws DataError when one is empty or holds a number that is not finite.
double wasserstein_distance(std::vector<double> a, std::vector<double> b);

}  // namespace equigen
