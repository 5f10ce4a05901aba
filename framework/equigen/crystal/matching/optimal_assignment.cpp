// SPDX-License-Identifier: MIT
#include "equigen/crystal/matching/optimal_assignment.h"

#include <limits>

namespace equigen {

// Index 0 of rows and columns stands for "none yet"; rows and columns count from 1.
bool OptimalAssignment::augment(std::span<const double> cost, std::size_t row) {
  row_of_[0] = row;
  slack_.assign(n_ + 1, std::numeric_limits<double>::infinity());
  used_.assign(n_ + 1, 0);
  std::size_t column = 0;
  do {
    used_[column] = 1;
    const std::size_t from = row_of_[column];
    double delta = std::numeric_limits<double>::infinity();
    std::size_t next = 0;
    for (std::size_t j = 1; j <= n_; ++j) {
      if (used_[j]) continue;
      const double reduced =
          cost[(from - 1) * n_ + j - 1] - row_potential_[from] - column_potential_[j];
      if (reduced < slack_[j]) {
        slack_[j] = reduced;
        previous_[j] = column;
      }
      if (slack_[j] < delta) {
        delta = slack_[j];
        next = j;
      }
    }
    if (!(delta < kForbidden / 2)) return false;
    for (std::size_t j = 0; j <= n_; ++j) {
      if (used_[j]) {
        row_potential_[row_of_[j]] += delta;
        column_potential_[j] -= delta;
      } else {
        slack_[j] -= delta;
      }
    }
    column = next;
  } while (row_of_[column] != 0);
  for (; column != 0; column = previous_[column]) row_of_[column] = row_of_[previous_[column]];
  return true;
}

bool OptimalAssignment::solve(std::span<const double> cost, std::span<std::size_t> columns) {
  n_ = columns.size();
  row_potential_.assign(n_ + 1, 0);
  column_potential_.assign(n_ + 1, 0);
  row_of_.assign(n_ + 1, 0);
  previous_.assign(n_ + 1, 0);
  for (std::size_t row = 1; row <= n_; ++row)
    if (!augment(cost, row)) return false;
  for (std::size_t column = 1; column <= n_; ++column) columns[row_of_[column] - 1] = column - 1;
  return true;
}

}  // namespace equigen
