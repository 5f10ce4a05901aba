// SPDX-License-Identifier: MIT
#include "crystal_stability/linear_program.h"

#include <cmath>
#include <cstddef>
#include <limits>

#include "equigen/base/error.h"

namespace equigen::crystal_stability {
namespace {

constexpr double kZero = 1e-10;
constexpr int kMostPivots = 200'000;

/// Rows of equations in which each basic variable stands alone. The last `rows` columns are the
/// artificial variables that the first phase starts from.
class Tableau {
 public:
  explicit Tableau(const LinearProgram& program)
      : real_columns_(program.costs.size()), rows_(program.rows), right_(program.right_sides) {
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      rows_[row].resize(real_columns_ + rows_.size(), 0.0);
      rows_[row][real_columns_ + row] = 1.0;
      basis_.push_back(real_columns_ + row);
    }
  }

  /// Lowers the costs until no column of the first `columns` does so any more; returns the cost.
  double minimise(const std::vector<double>& costs, std::size_t columns) {
    for (int pivots = 0; pivots < kMostPivots; ++pivots) {
      const std::size_t entering = entering_column(costs, columns);
      if (entering == columns) return cost(costs);
      pivot(leaving_row(entering), entering);
    }
    throw NumericalError("linear-program", "the simplex method did not end");
  }

  /// Brings real variables into the basis in place of artificial ones that are zero. Rows where
  /// none can are the sum of others and are dropped.
  void drop_artificial_variables() {
    for (std::size_t row = 0; row < rows_.size();) {
      if (basis_[row] < real_columns_) {
        ++row;
        continue;
      }
      std::size_t column = 0;
      while (column < real_columns_ && std::abs(rows_[row][column]) < kZero) ++column;
      if (column < real_columns_) {
        pivot(row++, column);
      } else {
        rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(row));
        right_.erase(right_.begin() + static_cast<std::ptrdiff_t>(row));
        basis_.erase(basis_.begin() + static_cast<std::ptrdiff_t>(row));
      }
    }
  }

 private:
  [[nodiscard]] double cost(const std::vector<double>& costs) const {
    double sum = 0;
    for (std::size_t row = 0; row < rows_.size(); ++row) sum += costs[basis_[row]] * right_[row];
    return sum;
  }

  /// The first column that lowers the cost (Bland's rule), `columns` where none does.
  [[nodiscard]] std::size_t entering_column(const std::vector<double>& costs,
                                            std::size_t columns) const {
    for (std::size_t column = 0; column < columns; ++column) {
      double change = costs[column];
      for (std::size_t row = 0; row < rows_.size(); ++row)
        change -= costs[basis_[row]] * rows_[row][column];
      if (change < -kZero) return column;
    }
    return columns;
  }

  [[nodiscard]] std::size_t leaving_row(std::size_t column) const {
    std::size_t leaving = rows_.size();
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      if (rows_[row][column] < kZero) continue;
      const double ratio = right_[row] / rows_[row][column];
      const bool is_tie = leaving < rows_.size() && std::abs(ratio - least) < kZero;
      if (is_tie ? basis_[row] < basis_[leaving] : ratio < least) {
        least = ratio;
        leaving = row;
      }
    }
    if (leaving == rows_.size())
      throw NumericalError("linear-program", "the cost has no lower bound");
    return leaving;
  }

  void pivot(std::size_t leaving, std::size_t entering) {
    const double divisor = rows_[leaving][entering];
    for (double& value : rows_[leaving]) value /= divisor;
    right_[leaving] /= divisor;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      const double factor = rows_[row][entering];
      if (row == leaving || factor == 0.0) continue;
      for (std::size_t column = 0; column < rows_[row].size(); ++column)
        rows_[row][column] -= factor * rows_[leaving][column];
      right_[row] -= factor * right_[leaving];
    }
    basis_[leaving] = entering;
  }

  std::size_t real_columns_;
  std::vector<std::vector<double>> rows_;
  std::vector<double> right_;
  std::vector<std::size_t> basis_;
};

}  // namespace

std::optional<double> least_cost(const LinearProgram& program) {
  const std::size_t columns = program.costs.size();
  const std::size_t rows = program.rows.size();
  Tableau tableau(program);
  std::vector<double> infeasibility(columns + rows, 0.0);
  for (std::size_t row = 0; row < rows; ++row) infeasibility[columns + row] = 1.0;
  if (tableau.minimise(infeasibility, columns + rows) > 1e-8) return std::nullopt;
  tableau.drop_artificial_variables();
  std::vector<double> costs = program.costs;
  costs.resize(columns + rows, 0.0);
  return tableau.minimise(costs, columns);
}

}  // namespace equigen::crystal_stability
