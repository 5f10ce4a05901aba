// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "equigen/molecule/molecule.h"

namespace equigen {

/// One a bond of the molecule: its order, or kAromaticBond (descriptors.h) where RDKit finds it
/// aromatic. Of a molecule that does not sanitise the orders as they are.
std::vector<std::uint8_t> bond_kinds(const Molecule& molecule);

}  // namespace equigen
