// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

namespace equigen::crystal_stability {

/// Least costs·x with rows·x = right_sides and x >= 0; right sides must not be negative.
struct LinearProgram {
  std::vector<double> costs;              ///< [columns]
  std::vector<std::vector<double>> rows;  ///< [rows, columns]
  std::vector<double> right_sides;        ///< [rows]
};

/// The least cost, or nothing where no x satisfies the equations. Two phases of the simplex method
/// on a dense tableau with Bland's rule, so that it ends: made for few rows and thousands of
/// columns. Throws NumericalError when rounding keeps it from ending, and for costs without a lower
/// bound.
std::optional<double> least_cost(const LinearProgram& program);

}  // namespace equigen::crystal_stability
