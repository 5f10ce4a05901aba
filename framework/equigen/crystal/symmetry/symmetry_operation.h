// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "equigen/crystal/lattice.h"

namespace equigen {

/// x' = rotation · x + translation, in fractional coordinates. The representative coordinates of a
/// Wyckoff position have the same form; their matrix may be singular.
struct SymmetryOperation {
  std::array<std::array<int, 3>, 3> rotation{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  Vector3 translation{0, 0, 0};

  [[nodiscard]] Vector3 operator()(const Vector3& fractional) const;
  bool operator==(const SymmetryOperation&) const = default;
};

/// First `second`, then `first`.
SymmetryOperation operator*(const SymmetryOperation& first, const SymmetryOperation& second);

/// Reads "x, y+1/2, -z" in any case, with fractions or decimals, also "1/2+x" and "x-y"; a decimal
/// near a multiple of 1/24 is taken as that. Throws DataError ("symmetry-operation") for anything
/// else.
SymmetryOperation parse_symmetry_operation(std::string_view text);

/// "x,y+1/2,-z": with fractions where the translation is a multiple of 1/24.
std::string to_text(const SymmetryOperation& operation);

}  // namespace equigen
