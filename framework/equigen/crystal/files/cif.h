// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/crystal/files/crystal_record.h"

namespace equigen {

/// A block cut out of a CIF before it is understood: "data_NAME" up to the next one.
struct CifBlock {
  std::string_view text;
  std::int64_t line = 0;  ///< where it starts, from 1
};

/// Cuts a CIF at its blocks, so that a damaged one costs only itself. Blocks without a cell and
/// atoms (of publication texts) are left out.
std::vector<CifBlock> blocks_of_cif(std::string_view text);

/// What stands behind "data_" in a block, also in one that cannot be read.
std::string name_of_cif_block(std::string_view text);

/// Reads one block. Symmetry operations, else the space group's name, Hall symbol or number, are
/// applied. Of two origins that the name or number leaves open, the one that fits
/// _chemical_formula_sum is taken, or, with a warning, the second, as in the International Tables'
/// standard settings. Images that coincide (within 0.01 Å; a special position that was rounded) are
/// one atom. Uncertainties in brackets are dropped; 0.3333 and 0.6667 are taken as thirds; D and T
/// are hydrogen; sites of occupancy 0 and dummy atoms are left out. The lattice is in the field's
/// standard orientation. Without symmetry operations coordinates stay as given, not wrapped.
/// Properties and texts are those that cif_text() writes.
/// Sites that contradict _chemical_formula_sum otherwise are taken, with a warning.
///
/// Throws DataError that names the cause: not CIF, no cell, no atoms, a partial occupancy or
/// disorder (with the site), an unknown element, coordinates that are missing, an unknown space
/// group, fewer atoms than _chemical_formula_sum (the block is cut off), more than kMostAtomsOfCell
/// atoms.
CrystalRecord read_cif_block(std::string_view text);

/// One block of CIF without symmetry (P 1), ten decimals. A crystal without atoms (a sample that
/// could not be made into one) is a block "data_invalid", or one of its name that says so, which
/// reads back as such.
std::string cif_text(const CrystalRecord& record);

/// Parts of it: what stands behind "data_", and the loops of properties and
/// texts (empty without any).
std::string cif_block_name(const Crystal& crystal);
std::string cif_properties(const CrystalRecord& record);

}  // namespace equigen
