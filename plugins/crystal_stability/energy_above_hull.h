// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "equigen/crystal/crystal.h"

namespace equigen::crystal_stability {

/// A phase that others may decompose into.
struct Phase {
  Composition composition;
  double energy_per_atom = 0;  ///< eV
};

/// Reads a CSV file with the columns `formula` and `energy_per_atom` (eV; gz too). The energies
/// must come from the potential that the crystals are judged by, or from the same level of theory.
/// Throws DataError with file and line for a formula or number that cannot be read and for a
/// missing column.
std::vector<Phase> read_phases(const std::filesystem::path& path);

/// Energy per atom (eV) of the mixture of phases that has the composition and the least energy: the
/// convex hull there. Nothing when the phases cannot make up the composition (an element is
/// missing).
std::optional<double> hull_energy(std::span<const Phase> phases, const Composition& composition);

}  // namespace equigen::crystal_stability
