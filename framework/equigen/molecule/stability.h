// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "equigen/molecule/molecule.h"

/// Atom and molecule stability: whether the bonds of each atom sum to a valence of its element.
/// Hydrogens must be listed as atoms. Published figures come from different tables, which must not
/// be compared with each other.
namespace equigen {

enum class StabilityTable {
  /// Allowed sums by element and charge as MiDi, EQGAT-diff, FlowMol and SemlaFlow published them;
  /// an aromatic bond counts as a single one there.
  legacy,
  /// Allowed pairs (aromatic bonds, sum of the other orders) by element and charge: "GEOM-Drugs
  /// Revisited" (Nikitin et al., 2025). An element or charge that is not listed is unstable.
  corrected,
  /// Bonds from the distances by edm_bond_order(), sums without regard to charges (Hoogeboom et
  /// al., "Equivariant Diffusion for Molecule Generation in 3D", ICML 2022).
  edm,
  /// Bonds as given, sums as of `edm` with selenium (DiGress, Pard).
  without_charges,
};

/// "legacy", "corrected", "edm", "without_charges"; the second throws ConfigError for another name.
std::string name_of(StabilityTable table);
StabilityTable stability_table(const std::string& name);

/// What an atom's bonds sum to.
struct BondSum {
  int aromatic_bonds = 0;  ///< how many
  int other_orders = 0;    ///< the sum over all other bonds
};

/// Whether an atom with these bonds is stable by a table. With `legacy` and `without_charges` an
/// aromatic bond counts 1 and 4, as in the published programs.
bool is_stable_atom(StabilityTable table, int element, int charge, const BondSum& bonds);

struct Stability {
  std::int64_t atoms = 0;
  std::int64_t stable_atoms = 0;
  std::vector<std::int32_t> unstable;  ///< which atoms are not

  bool is_stable() const { return atoms > 0 && stable_atoms == atoms; }
};

/// Judges each atom of a molecule, by the bonds it has (kekulised) or, with `edm`, those its
/// positions show. Bonds of order 0 are not determined: their atoms are unstable. Throws DataError
/// when `edm` is asked of a molecule without positions.
Stability stability_of(const Molecule& molecule, StabilityTable table);

}  // namespace equigen
