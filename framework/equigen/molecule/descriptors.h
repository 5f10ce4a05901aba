// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "equigen/molecule/molecule.h"

/// Numbers and parts of a molecule by which sets of molecules are compared.
namespace equigen {

/// What describe() is to find out; parts are added with |.
enum class MoleculeParts : std::uint32_t {
  none = 0,
  statistics = 1,  ///< parts, rings, bonds
  properties = 2,  ///< weight, logP, QED
  sa_score = 4,
  physchem = 8,      ///< properties but QED, and what GuacaMol compares besides
  fingerprint = 16,  ///< Morgan, radius 2
  fragments = 32,    ///< BRICS
  scaffold = 64,     ///< Bemis-Murcko
  filters = 128,     ///< of MOSES
  skeleton = 256,
};

constexpr MoleculeParts operator|(MoleculeParts a, MoleculeParts b) {
  return static_cast<MoleculeParts>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}

/// Whether all of `parts` are in `all`.
constexpr bool contains(MoleculeParts all, MoleculeParts parts) {
  return (static_cast<std::uint32_t>(all) & static_cast<std::uint32_t>(parts)) ==
         static_cast<std::uint32_t>(parts);
}

/// Why a molecule does not pass the filters of MOSES.
enum class FilterOutcome : std::uint8_t {
  passed,
  charged,
  element,     ///< another one than C, N, S, O, F, Cl, Br, H
  large_ring,  ///< of eight or more atoms
  pattern,     ///< one of the MCF or PAINS patterns
};

/// 4096 bits of the Morgan fingerprint of radius 2 (ECFP4); its lower words or-ed are the shorter
/// ones.
using MorganBits = std::array<std::uint64_t, 64>;

/// The graph of a molecule without implied hydrogens: elements, and bonds of the orders 1, 2, 3 or
/// kAromaticBond (0: another kind).
struct MoleculeSkeleton {
  std::vector<std::uint8_t> elements;
  std::vector<Bond> bonds;
};
inline constexpr std::uint8_t kAromaticBond = 4;

/// What describe() found; fields of parts that were not asked for keep their defaults.
struct MoleculeDescriptors {
  bool valid = false;  ///< false: no molecule, nothing else is filled

  std::int32_t heavy_atoms = 0;
  bool is_charged = false;  ///< any atom is
  /// Atomic numbers of the heavy atoms and how many there are, ascending.
  std::vector<std::pair<std::uint8_t, std::int32_t>> elements;
  std::int32_t part_count = 0;
  std::vector<std::uint8_t> ring_sizes;       ///< of the symmetrised smallest set, 255: or more
  std::array<std::int32_t, 4> bond_counts{};  ///< single, double, triple, aromatic

  double weight = 0;    ///< g/mol, average isotopes
  double logp = 0;      ///< Wildman and Crippen, JCICS 39, 868 (1999)
  double qed = 0;       ///< Bickerton et al., Nature Chemistry 4, 90 (2012), mean weights
  double sa_score = 0;  ///< Ertl and Schuffenhauer, J. Cheminf. 1:8 (2009), 1 (easy) to 10

  double bertz = 0;  ///< Bertz, JACS 103, 3599 (1981)
  double tpsa = 0;   ///< Å²
  std::int32_t acceptors = 0;
  std::int32_t donors = 0;
  std::int32_t rotatable_bonds = 0;
  std::int32_t aliphatic_rings = 0;
  std::int32_t aromatic_rings = 0;

  std::string plain_smiles;  ///< of physchem: canonical, without stereochemistry and isotopes

  MorganBits bits{};
  std::vector<std::string> fragments;  ///< SMILES with the BRICS labels, repeated as they occur
  std::string scaffold;                ///< SMILES, empty for molecules without rings
  std::int32_t scaffold_rings = 0;
  FilterOutcome filter = FilterOutcome::passed;
  std::string filter_pattern;  ///< which one
  MoleculeSkeleton skeleton;
};

/// Describes a molecule: its SMILES where it has one (with stereochemistry), else its graph with
/// explicit hydrogens folded in. Never throws for a structure that is no molecule; throws DataError
/// ("sa-table") when the SA score is wanted and sa_table_problem() is not empty.
MoleculeDescriptors describe(const Molecule& molecule, MoleculeParts parts);

/// Why the SA score cannot be computed: RDKit's table of fragments (Debian: rdkit-data) is not
/// found or damaged. Empty when it is there.
std::string sa_table_problem();

}  // namespace equigen
