// SPDX-License-Identifier: MIT
#include "equigen/molecule/bond_classes.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/SanitException.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <new>

#include "equigen/base/error.h"
#include "equigen/molecule/rdkit_molecule.h"
#include "equigen/molecule/stability.h"

namespace equigen::bond_classes {
namespace {

constexpr std::array<RDKit::Bond::BondType, 5> kTypes{RDKit::Bond::ZERO, RDKit::Bond::SINGLE,
                                                      RDKit::Bond::DOUBLE, RDKit::Bond::TRIPLE,
                                                      RDKit::Bond::AROMATIC};

void check(std::span<const int> atomic_numbers, std::span<const int> classes) {
  if (classes.size() != atomic_numbers.size() * atomic_numbers.size())
    throw DataError("molecule-invalid", fmt::format("{} bond classes for {} atoms", classes.size(),
                                                    atomic_numbers.size()));
  for (const int number : atomic_numbers)
    if (element_symbol(number).empty())
      throw DataError("molecule-unsupported", fmt::format("there is no element {}", number));
  for (const int bond : classes)
    if (bond < 0 || bond > 4)
      throw DataError("molecule-unsupported", fmt::format("a bond of class {}", bond));
}

/// Gives the first atom with an impossible valence a charge when that explains one bond too many.
void charge_if_explained(RDKit::RWMol& molecule) {
  try {
    unsigned failed = 0;
    RDKit::MolOps::sanitizeMol(molecule, failed, RDKit::MolOps::SANITIZE_PROPERTIES);
  } catch (const RDKit::AtomSanitizeException& error) {
    RDKit::Atom& atom = *molecule.getAtomWithIdx(error.getAtomIdx());
    const int number = atom.getAtomicNum();
    const int usual = number == 7 ? 3 : number == 8 || number == 16 ? 2 : 0;
    if (usual > 0 && atom.calcExplicitValence(false) - usual == 1) atom.setFormalCharge(1);
  }
}

rdkit::MoleculePointer built(std::span<const int> atomic_numbers, std::span<const int> classes,
                             bool relaxed) {
  auto molecule = std::make_unique<RDKit::RWMol>();
  for (const int number : atomic_numbers) molecule->addAtom(new RDKit::Atom(number), false, true);
  const std::size_t count = atomic_numbers.size();
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      const int bond = classes[i * count + j];
      if (bond == 0) continue;
      molecule->addBond(static_cast<unsigned>(i), static_cast<unsigned>(j),
                        kTypes[static_cast<std::size_t>(bond)]);
      if (relaxed) charge_if_explained(*molecule);
    }
  }
  return molecule;
}

std::string largest_part(const RDKit::ROMol& molecule) {
  const auto parts = RDKit::MolOps::getMolFrags(molecule, true);
  const auto largest = std::ranges::max_element(
      parts, {}, [](const RDKit::ROMOL_SPTR& part) { return part->getNumAtoms(); });
  return RDKit::MolToSmiles(**largest);
}

}  // namespace

Outcome make(std::span<const int> atomic_numbers, std::span<const int> classes, bool relaxed) {
  check(atomic_numbers, classes);
  rdkit::silence();
  Outcome outcome;
  if (atomic_numbers.empty()) return outcome;
  const rdkit::MoleculePointer molecule = built(atomic_numbers, classes, relaxed);
  try {
    outcome.parts = std::ssize(RDKit::MolOps::getMolFrags(*molecule, true));
    RDKit::MolOps::sanitizeMol(*molecule);
    outcome.smiles = largest_part(*molecule);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    outcome.smiles.reset();  // one of RDKit's many kinds: no molecule
  }
  return outcome;
}

std::int64_t stable_atoms(std::span<const int> atomic_numbers, std::span<const int> classes) {
  check(atomic_numbers, classes);
  const std::size_t count = atomic_numbers.size();
  std::int64_t stable = 0;
  for (std::size_t i = 0; i < count; ++i) {
    BondSum sum;
    for (std::size_t j = 0; j < count; ++j) {
      const int bond = i == j ? 0 : classes[std::min(i, j) * count + std::max(i, j)];
      if (bond == 4)
        ++sum.aromatic_bonds;
      else
        sum.other_orders += bond;
    }
    stable += is_stable_atom(StabilityTable::without_charges, atomic_numbers[i], 0, sum);
  }
  return stable;
}

}  // namespace equigen::bond_classes
