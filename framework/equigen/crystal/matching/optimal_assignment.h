// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace equigen {

/// Solves assignment problems one after the other with the same memory.
class OptimalAssignment {
 public:
  /// Costs from here on mean "forbidden".
  static constexpr double kForbidden = 1e20;

  /// Chooses one column for each row of the square matrix `cost` [n, n] (row-major), each column
  /// once, with the least total cost (shortest augmenting paths). False when only a forbidden
  /// choice is left; `columns` is then meaningless.
  bool solve(std::span<const double> cost, std::span<std::size_t> columns);

 private:
  bool augment(std::span<const double> cost, std::size_t row);

  std::size_t n_ = 0;
  std::vector<double> row_potential_, column_potential_, slack_;
  std::vector<std::size_t> row_of_, previous_;
  std::vector<char> used_;
};

}  // namespace equigen
