// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "equigen/crystal/symmetry/symmetry_operation.h"

namespace equigen {

/// The operations of a space group modulo lattice translations, centrings included, identity first.
/// Setting: unique axis b, cell choice 1; origin choice 2; rhombohedral groups on hexagonal axes.
/// Throws DataError for a number outside 1..230.
std::vector<SymmetryOperation> space_group_operations(int number);

/// Those of one of the 530 settings ("Hall numbers") that spglib distinguishes.
std::vector<SymmetryOperation> hall_operations(int hall_number);

}  // namespace equigen
