// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "equigen/crystal/crystal.h"

namespace equigen::crystal_stability {

struct EnergyAndForces {
  double energy = 0;            ///< eV of the cell
  std::vector<Vector3> forces;  ///< eV/Å on each site
  Matrix3 stress{};  ///< eV/Å³: change of the energy with the strain, divided by the volume
};

/// A model of the energy of crystals that the user supplies as a TorchScript file. Two forms are
/// understood:
///
/// - a module with `forward(atomic_numbers: Tensor, positions: Tensor, cell: Tensor) -> Tensor`:
///   [N] int64, [N, 3] Å and [3, 3] Å (rows a, b, c) to the energy in eV (one number). Forces and
///   stress are its derivatives.
/// - a module deployed by NequIP or Allegro, known by its metadata `r_max` and `type_names`: takes
///   the dictionary `pos`, `cell`, `edge_index`, `edge_cell_shift`, `atom_types` and returns
///   `total_energy`, `forces` and `stress` or `virial`.
class InteratomicPotential {
 public:
  /// Throws DataError for a file that is missing or no TorchScript module of these forms.
  explicit InteratomicPotential(const std::filesystem::path& path);
  ~InteratomicPotential();
  InteratomicPotential(InteratomicPotential&&) noexcept;

  /// Throws DataError for an element the potential does not know, for an answer of another form and
  /// for failures inside of the module (with its message), NumericalError for energies or forces
  /// that are not finite.
  [[nodiscard]] EnergyAndForces evaluate(const Crystal& crystal) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace equigen::crystal_stability
