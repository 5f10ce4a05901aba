// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "equigen/molecule/molecule.h"

/// The checks of PoseBusters for a molecule by itself (Buttenschoen, Morris, Deane, "PoseBusters:
/// AI-based docking methods fail to generate physically valid poses or generalise to novel
/// sequences", 2024, configuration "mol"), without its energy ratio, for which see
/// conformer_energy.h.
namespace equigen {

/// Limits as published.
inline constexpr double kBondLengthLimit = 0.25;  ///< relative excess over the bounds
inline constexpr double kBondAngleLimit = 0.25;
inline constexpr double kClashLimit = 0.30;        ///< relative, below the lower bound
inline constexpr double kFlatnessLimit = 0.25;     ///< Å from the plane
inline constexpr double kRingNonFlatLimit = 0.05;  ///< Å
inline constexpr double kEnergyRatioLimit = 100.0;

/// Larger molecules fail the checks of distances: their bounds take minutes.
inline constexpr std::size_t kLargestCheckedMolecule = 1000;

/// Heavy atoms' distances against the bounds of distance geometry. A relative length is the
/// distance over its lower or upper bound.
struct DistanceChecks {
  std::int64_t bonds = 0;
  std::int64_t short_bonds = 0;
  std::int64_t long_bonds = 0;
  std::optional<double> shortest_bond;  ///< least distance over lower bound
  std::optional<double> longest_bond;   ///< greatest distance over upper bound
  std::int64_t angles = 0;              ///< pairs of atoms bonded to a common one
  std::int64_t outlier_angles = 0;
  /// Greatest of distance over upper bound and 2 - distance over lower bound.
  std::optional<double> extreme_angle;
  std::int64_t contacts = 0;  ///< all other pairs
  std::int64_t clashes = 0;
  std::optional<double> nearest_contact;  ///< least distance over lower bound
};

/// Greatest distance [Å] of an atom from the best plane of each group that should be flat (or, for
/// saturated six-rings, not flat). PoseBusters takes distances with their sign and misses atoms
/// beyond the plane; here they are absolute.
struct FlatnessCheck {
  std::vector<double> distances;
  bool passes = true;
};

struct GeometryChecks {
  bool has_positions = false;
  bool valences = false;    ///< no atom has an impossible valence
  bool kekulises = false;   ///< aromatic bonds can be made single and double
  bool sanitises = false;   ///< RDKit finds no problem of any kind
  bool round_trip = false;  ///< the canonical SMILES reads back as itself (PoseBusters: InChI)
  bool connected = false;
  bool no_radicals = false;
  bool bond_lengths = false;
  bool bond_angles = false;
  bool no_clash = false;
  bool aromatic_rings_flat = false;
  bool double_bonds_flat = false;
  bool saturated_rings_not_flat = false;

  DistanceChecks distances;
  FlatnessCheck aromatic_rings;
  FlatnessCheck double_bonds;
  FlatnessCheck saturated_rings;

  /// The checks by name, in the order above; those of a molecule that does not sanitise fail.
  std::vector<std::pair<std::string, bool>> by_name() const;
  bool all_pass() const;
  /// Names of the checks that fail, joined by commas; empty when all pass.
  std::string failures() const;
};

/// Names of the checks, as by_name() has them.
const std::vector<std::string>& geometry_check_names();

/// Runs all checks. Never throws for a bad molecule: its checks fail.
GeometryChecks check_geometry(const Molecule& molecule);

/// The bounds of distance geometry [n, n], row-major: upper bounds above, lower bounds below the
/// diagonal. With `mmff94_aromaticity` fused rings count as aromatic only where MMFF94 says so, as
/// on a molecule that RDKit has relaxed with it. Throws DataError for a molecule that does not
/// sanitise.
std::vector<double> distance_bounds(const Molecule& molecule, bool mmff94_aromaticity = false);

}  // namespace equigen
