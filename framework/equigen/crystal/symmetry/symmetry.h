// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "equigen/crystal/crystal.h"
#include "equigen/crystal/files/crystal_record.h"
#include "equigen/crystal/symmetry/symmetry_operation.h"

/// Space groups of crystals, through spglib.
namespace equigen {

struct SymmetryTolerance {
  double distance = 0.01;       ///< Å
  std::optional<double> angle;  ///< degrees; nothing: spglib derives it from `distance`
};

/// In which of a space group's settings letters, operations and cells are given.
enum class SymmetrySetting {
  spglib,     ///< spglib's first: origin choice 1 where there are two
  reference,  ///< that of space_group() and its Wyckoff positions: origin choice 2
};

/// What spglib finds in a crystal. Lists have one entry a site.
struct CrystalSymmetry {
  int number = 1;             ///< 1..230
  std::string symbol;         ///< international, short: "Pm-3m"
  std::string hall_symbol;    ///< "-P 4 2 3"
  int hall_number = 1;        ///< 1..530
  std::string point_group;    ///< "m-3m"
  std::vector<char> letters;  ///< Wyckoff letters
  std::vector<std::string> site_symmetries;
  std::vector<std::size_t> equivalent_sites;   ///< first site that symmetry maps this one to
  std::vector<SymmetryOperation> operations;   ///< of the crystal as it is given
  Crystal conventional;                        ///< standardised and idealised
  std::vector<char> conventional_letters;      ///< one a site of `conventional`
  std::vector<std::size_t> conventional_from;  ///< site of the given crystal it stands for
};

/// Nothing when spglib finds no group: atoms too close, no volume, no atoms, numbers not finite.
std::optional<CrystalSymmetry> find_symmetry(const Crystal& crystal,
                                             const SymmetryTolerance& tolerance = {},
                                             SymmetrySetting setting = SymmetrySetting::spglib);

/// The number alone; 0 when none is found.
int space_group_number(const Crystal& crystal, const SymmetryTolerance& tolerance = {});

enum class StandardCell { conventional, primitive };

/// The standardised cell. `idealised`: distortions within the tolerance are removed and the lattice
/// is turned into spglib's orientation; else lattice and sites are only re-cut. Nothing as above.
std::optional<Crystal> standardised(const Crystal& crystal, StandardCell cell, bool idealised,
                                    const SymmetryTolerance& tolerance = {});

/// A block of CIF with the space group, its operations and one site an orbit, in the conventional
/// idealised cell; without symmetry (see cif_text()) where none is found.
std::string symmetric_cif_text(const CrystalRecord& record,
                               const SymmetryTolerance& tolerance = {});

}  // namespace equigen
