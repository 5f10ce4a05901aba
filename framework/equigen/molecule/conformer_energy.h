// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "equigen/molecule/molecule.h"

/// Force-field energies of a molecule's positions [kcal/mol] and what relaxation changes. Missing
/// hydrogens are added and relaxed first.
namespace equigen {

/// Nothing where the force field lacks parameters. Throws DataError for a molecule that does not
/// sanitise or has no positions.
std::optional<double> uff_energy(const Molecule& molecule);
std::optional<double> mmff94_energy(const Molecule& molecule);

/// What happens to a structure when it is relaxed with MMFF94, or UFF where that lacks parameters.
struct Relaxation {
  bool used_mmff94 = false;
  bool converged = false;
  double energy_before = 0;
  double energy_after = 0;
  double strain = 0;             ///< energy drop over heavy atoms [kcal/mol]
  double bond_deviation = 0;     ///< mean absolute change of bond lengths [Å]
  double angle_deviation = 0;    ///< of bond angles [degrees]
  double torsion_deviation = 0;  ///< of dihedral angles along bonds [degrees]
  double rmsd = 0;               ///< of all atoms after superposition [Å]
  Molecule relaxed;
};

/// Relaxes a copy. Nothing where both force fields lack parameters or the energy is not finite.
std::optional<Relaxation> relax(const Molecule& molecule, int max_iterations = 1000);

struct EnsembleOptions {
  int conformers = 50;
  int iterations = 200;  ///< of UFF for each
  int seed = 42;
};

/// Mean UFF energy of conformers that ETKDGv3 makes of the molecule's graph, each relaxed with UFF:
/// what PoseBusters divides a pose's energy by. Nothing where none can be made.
std::optional<double> mean_ensemble_energy(const Molecule& molecule,
                                           const EnsembleOptions& options = {});

}  // namespace equigen
