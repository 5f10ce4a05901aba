// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "equigen/crystal/crystal.h"

namespace equigen {

/// Reads a chemical formula with whole counts: "SrTiO3", "Ca3(PO4)2", "Fe[Fe(CN)6]", blanks between
/// parts allowed ("Na1 Cl1"). Counts are as written, by ascending atomic number. Throws DataError
/// with the reason: an unknown element, a bracket without its other half, a count of 0 or that is
/// not whole, more than a million atoms.
Composition parse_formula(std::string_view text);

}  // namespace equigen
