// SPDX-License-Identifier: MIT
#include "equigen/molecule/hydrogens.h"

#include <algorithm>

namespace equigen {
namespace {

bool is_hydrogen(const Atom& atom) {
  return atom.atomic_number == 1 && atom.formal_charge == 0;
}

/// Whether each atom is a hydrogen that its only neighbour implies.
std::vector<bool> implied(const Molecule& molecule) {
  std::vector<int> bonds(molecule.atoms.size(), 0);
  std::vector<bool> result(molecule.atoms.size(), false);
  for (const Bond& bond : molecule.bonds) {
    const auto a = static_cast<std::size_t>(bond.begin), b = static_cast<std::size_t>(bond.end);
    ++bonds[a];
    ++bonds[b];
    if (bond.order != 1) continue;
    const bool first = is_hydrogen(molecule.atoms[a]), second = is_hydrogen(molecule.atoms[b]);
    if (first != second) result[first ? a : b] = true;
  }
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = result[i] && bonds[i] == 1;
  return result;
}

}  // namespace

Molecule without_hydrogens(const Molecule& molecule) {
  const std::vector<bool> drops = implied(molecule);
  if (std::ranges::none_of(drops, [](bool drop) { return drop; })) return molecule;
  Molecule result;
  result.smiles = molecule.smiles;
  result.name = molecule.name;
  result.plain_smiles = molecule.plain_smiles;
  std::vector<std::int32_t> place(molecule.atoms.size(), -1);
  for (std::size_t i = 0; i < molecule.atoms.size(); ++i) {
    if (drops[i]) continue;
    place[i] = static_cast<std::int32_t>(result.atoms.size());
    result.atoms.push_back(molecule.atoms[i]);
    if (!molecule.positions.empty()) result.positions.push_back(molecule.positions[i]);
  }
  for (const Bond& bond : molecule.bonds) {
    const std::int32_t begin = place[static_cast<std::size_t>(bond.begin)];
    const std::int32_t end = place[static_cast<std::size_t>(bond.end)];
    if (begin >= 0 && end >= 0) result.bonds.push_back({begin, end, bond.order});
  }
  return result;
}

}  // namespace equigen
