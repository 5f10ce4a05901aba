// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "equigen/crystal/symmetry/symmetry_operation.h"

/// The Wyckoff positions of all 230 space groups (1731 of them), in the setting of
/// space_group_operations(). Derived from the groups' operations; letters and site-symmetry symbols
/// are those of the International Tables as spglib 2.0.2 gives them.
namespace equigen {

struct WyckoffPosition {
  char letter = 'a';                 ///< a..z, then A (of Pmmm)
  int multiplicity = 1;              ///< sites in the conventional cell
  std::string site_symmetry;         ///< oriented symbol, "4m.m"
  int enumeration = 0;               ///< index among positions of the group with the same symbol
  int degrees_of_freedom = 0;        ///< free coordinates, 0..3
  SymmetryOperation representative;  ///< maps free x, y, z to one point: "x,2x,1/4"
};

struct SpaceGroup {
  int number = 1;
  std::string symbol;                      ///< Hermann-Mauguin, "F m -3 m"
  std::string full_symbol;                 ///< with the setting, "F d -3 m :2"
  std::string hall_symbol;                 ///< "-F 4 2 3"
  int hall_number = 1;                     ///< spglib's number of the setting
  int order = 1;                           ///< operations modulo lattice translations
  std::vector<WyckoffPosition> positions;  ///< a first, the general position last
  /// Orders of the letters that the Euclidean normaliser makes equivalent to the first.
  std::vector<std::string> alternatives;

  /// Throws DataError for a letter that the group has not.
  [[nodiscard]] const WyckoffPosition& position(char letter) const;
};

/// Throws DataError for a number outside 1..230.
const SpaceGroup& space_group(int number);

/// All points of the orbit that these free coordinates give, wrapped; the first is the
/// representative. For special parameters it may have fewer points than the multiplicity.
std::vector<Vector3> wyckoff_orbit(const SpaceGroup& group, const WyckoffPosition& position,
                                   const Vector3& parameters);

}  // namespace equigen
