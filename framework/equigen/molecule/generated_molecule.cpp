// SPDX-License-Identifier: MIT
#include "equigen/molecule/generated_molecule.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/SanitException.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/molecule/rdkit_molecule.h"
#include "equigen/molecule/smiles.h"

namespace equigen::generated_molecule {
namespace {

/// The first atom whose valence RDKit does not accept.
std::optional<unsigned> impossible_atom(RDKit::RWMol& molecule) {
  unsigned failed = 0;
  try {
    RDKit::MolOps::sanitizeMol(molecule, failed, RDKit::MolOps::SANITIZE_PROPERTIES);
  } catch (const RDKit::AtomSanitizeException& error) {
    return error.getAtomIdx();
  }
  return std::nullopt;
}

/// Valence at which one more bond than usual is explained by a charge: N 3, O 2, S 2.
int usual_valence(int atomic_number) {
  if (atomic_number == 7) return 3;
  if (atomic_number == 8 || atomic_number == 16) return 2;
  return 0;
}

void charge_if_explained(RDKit::RWMol& molecule, unsigned index) {
  RDKit::Atom& atom = *molecule.getAtomWithIdx(index);
  const int usual = usual_valence(atom.getAtomicNum());
  if (usual > 0 && atom.calcExplicitValence(false) - usual == 1) atom.setFormalCharge(1);
}

int order_of(const RDKit::Bond& bond) {
  return static_cast<int>(bond.getBondType());
}

RDKit::Bond* first_of_highest_order(RDKit::RWMol& molecule, unsigned index) {
  RDKit::Bond* highest = nullptr;
  for (auto* bond : molecule.atomBonds(molecule.getAtomWithIdx(index)))
    if (!highest || order_of(*bond) > order_of(*highest)) highest = bond;
  return highest;
}

void lower_a_bond(RDKit::RWMol& molecule, unsigned index) {
  const RDKit::Bond* bond = first_of_highest_order(molecule, index);
  if (!bond)
    throw DataError("molecule-invalid",
                    fmt::format("atom {} is impossible even without bonds", index),
                    "its element cannot carry its charge");
  const unsigned begin = bond->getBeginAtomIdx();
  const unsigned end = bond->getEndAtomIdx();
  const int order = order_of(*bond);
  molecule.removeBond(begin, end);
  if (order > 1) molecule.addBond(begin, end, static_cast<RDKit::Bond::BondType>(order - 1));
}

void check_input(std::span<const int> atomic_numbers, std::span<const int> bond_orders) {
  if (bond_orders.size() != atomic_numbers.size() * atomic_numbers.size())
    throw DataError("molecule-invalid", fmt::format("{} bond orders for {} atoms",
                                                    bond_orders.size(), atomic_numbers.size()));
  for (const int number : atomic_numbers)
    if (element_symbol(number).empty())
      throw DataError("molecule-unsupported", fmt::format("there is no element {}", number));
  for (const int order : bond_orders)
    if (order < 0 || order > 3)
      throw DataError("molecule-unsupported", fmt::format("a bond of order {}", order));
}

std::string longest_part(const std::string& smiles) {
  const std::vector<std::string> parts = text::split(smiles, '.');
  return *std::max_element(
      parts.begin(), parts.end(),
      [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
}

}  // namespace

Molecule build(std::span<const int> atomic_numbers, std::span<const int> bond_orders) {
  check_input(atomic_numbers, bond_orders);
  rdkit::silence();
  RDKit::RWMol molecule;
  for (const int number : atomic_numbers) molecule.addAtom(new RDKit::Atom(number), false, true);
  for (std::size_t i = 0; i < atomic_numbers.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const int order = bond_orders[i * atomic_numbers.size() + j];
      if (order == 0) continue;
      molecule.addBond(static_cast<unsigned>(i), static_cast<unsigned>(j),
                       static_cast<RDKit::Bond::BondType>(order));
      if (const auto atom = impossible_atom(molecule)) charge_if_explained(molecule, *atom);
    }
  }
  return rdkit::to_plain(molecule);
}

bool valid_without_correction(const Molecule& built) {
  return !impossible_atom(*rdkit::build(built));
}

Molecule correct(const Molecule& built) {
  const rdkit::MoleculePointer molecule = rdkit::build(built);
  while (const auto atom = impossible_atom(*molecule)) lower_a_bond(*molecule, *atom);
  return rdkit::to_plain(*molecule);
}

std::optional<Molecule> finish(const Molecule& corrected) {
  if (corrected.atoms.empty()) return std::nullopt;
  const rdkit::MoleculePointer molecule = rdkit::build(corrected);
  if (impossible_atom(*molecule)) return std::nullopt;
  try {
    return parse_smiles(longest_part(RDKit::MolToSmiles(*molecule)));
  } catch (const DataError&) {
    return std::nullopt;  // counted by the caller as dropped, as published
  }
}

Outcome make(std::span<const int> atomic_numbers, std::span<const int> bond_orders) {
  const Molecule built = build(atomic_numbers, bond_orders);
  Outcome outcome;
  outcome.valid_without_correction = valid_without_correction(built);
  if (auto finished = finish(correct(built))) outcome.molecule = std::move(*finished);
  return outcome;
}

}  // namespace equigen::generated_molecule
