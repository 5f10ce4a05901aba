// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "equigen/crystal/matrix3.h"

namespace equigen {

/// A way to write a lattice with three other of its vectors.
struct LatticeMapping {
  IntegerMatrix3 transformation{};  ///< new vectors = transformation · old ones; determinant ±1
  Vector3 lengths{};                ///< Å
  Vector3 cosines{};                ///< of alpha, beta, gamma
};

/// All ways to write `lattice` (vectors in rows, Å) so that its lengths over those of `target` lie
/// strictly within (1/(1 + ltol), 1 + ltol) and its angles strictly within `angle_tol` (degrees).
/// Mirror images count.
std::vector<LatticeMapping> lattice_mappings(const Matrix3& lattice,
                                             const LatticeParameters& target, double ltol,
                                             double angle_tol);

}  // namespace equigen
