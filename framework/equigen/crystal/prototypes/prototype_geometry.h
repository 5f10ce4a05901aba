// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "equigen/crystal/lattice.h"

namespace equigen {

/// A site of a conventional cell: which ion, on which Wyckoff position, where.
struct PrototypeSite {
  std::size_t ion = 0;  ///< index among the prototype's cations; their number: the anion
  char letter = 'a';
  Vector3 parameters{0, 0, 0};
};

struct PrototypeCell {
  LatticeParameters lattice;
  std::vector<PrototypeSite> sites;
};

/// A structure type of cations around anions.
struct Prototype {
  const char* name;
  int space_group;
  std::vector<int> cation_counts;         ///< in a formula unit
  std::vector<int> cation_coordinations;  ///< anions around each
  int anion_count;
  int anion_coordination;
  /// Cell from the distances (Å) of each cation to the anion; nothing when they do not fit.
  std::optional<PrototypeCell> (*cell)(std::span<const double> distances);
  bool cations_are_alike = false;  ///< exchanging the last two gives the same crystal
};

/// All of them, the simplest first.
std::span<const Prototype> prototypes();

}  // namespace equigen
