// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "equigen/crystal/crystal.h"
#include "equigen/crystal/files/cif_columns.h"
#include "equigen/crystal/symmetry/symmetry_operation.h"

namespace equigen {

/// The symmetry that a block of CIF states.
struct CifSymmetry {
  std::vector<SymmetryOperation> operations;
  /// Of a group with two origins where the block does not tell which it means: `operations` are
  /// those of the second, these of the first. Else empty.
  std::vector<SymmetryOperation> other_origin;
};

/// Operations as listed, else of the space group's name, Hall symbol or number; the identity alone
/// where none is given. Throws DataError ("cif-invalid") for an unknown group, and as
/// parse_symmetry_operation() does.
CifSymmetry cif_symmetry(const CifColumns& block, const LatticeParameters& cell);

}  // namespace equigen
