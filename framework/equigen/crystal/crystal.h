// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "equigen/crystal/lattice.h"

namespace equigen {

/// An ordered crystal as plain data: every site is fully occupied by one element.
struct Crystal {
  Lattice lattice;                              ///< Å
  std::vector<Vector3> fractional_coordinates;  ///< one a site, as given (not wrapped)
  std::vector<std::uint8_t> atomic_numbers;     ///< one a site
  std::string name;                             ///< identifier of the source, may be empty

  [[nodiscard]] std::size_t size() const { return atomic_numbers.size(); }
  bool operator==(const Crystal&) const = default;
};

/// Atomic number and count of each element, by ascending atomic number.
using Composition = std::vector<std::pair<int, int>>;

/// Counts as in the cell.
Composition composition(const Crystal& crystal);

/// Counts divided by their greatest common divisor.
Composition reduced(const Composition& composition);

/// "SrTiO3": elements by ascending electronegativity, counts of 1 left out; of the counts given.
std::string formula(const Composition& composition);

/// g/cm³, from the standard atomic weights.
double density(const Crystal& crystal);

/// Equal for two crystals that are written the same way: the same lattice parameters and wrapped
/// sites, to three decimals, in any order of the sites. Other settings of one crystal differ; that
/// takes a structure matcher. Empty when the lattice has no volume or a number is not finite.
std::string written_identity(const Crystal& crystal);

/// The cell repeated along its vectors.
Crystal supercell(const Crystal& crystal, const std::array<int, 3>& repeats);

}  // namespace equigen
