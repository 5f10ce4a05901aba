// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

/// Molecules as models of classes write them: hydrogens as atoms, bonds as classes 0 to 4 (none,
/// single, double, triple, aromatic), judged as DiGress and Pard do.
namespace equigen::bond_classes {

struct Outcome {
  std::optional<std::string> smiles;  ///< of the part with the most atoms; nothing when invalid
  std::int64_t parts = 0;             ///< 0 when the parts cannot be separated
};

/// Builds atoms [N] (atomic numbers) and the upper triangle of bonds [N, N] and sanitises. When
/// `relaxed`, the valences are checked after each bond, and a nitrogen, oxygen or sulphur with one
/// bond too many gets the charge +1. Throws DataError for sizes that do not fit, an unknown element
/// or class.
Outcome make(std::span<const int> atomic_numbers, std::span<const int> bond_classes, bool relaxed);

/// Atoms whose sum of classes is a valence of their element, no charges; an aromatic bond counts 4.
std::int64_t stable_atoms(std::span<const int> atomic_numbers, std::span<const int> bond_classes);

}  // namespace equigen::bond_classes
