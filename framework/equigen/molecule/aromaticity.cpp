// SPDX-License-Identifier: MIT
#include "equigen/molecule/aromaticity.h"

#include "equigen/base/error.h"
#include "equigen/molecule/descriptors.h"
#include "equigen/molecule/rdkit_molecule.h"

namespace equigen {

std::vector<std::uint8_t> bond_kinds(const Molecule& molecule) {
  std::vector<std::uint8_t> kinds;
  for (const Bond& bond : molecule.bonds) kinds.push_back(bond.order);
  try {
    const auto sanitised = rdkit::build_sanitised(molecule);
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      const auto* bond =
          sanitised->getBondBetweenAtoms(static_cast<unsigned>(molecule.bonds[k].begin),
                                         static_cast<unsigned>(molecule.bonds[k].end));
      if (bond && bond->getIsAromatic()) kinds[k] = kAromaticBond;
    }
  } catch (const DataError&) {
    // Without a look at the whole molecule nothing is aromatic.
  }
  return kinds;
}

}  // namespace equigen
