// SPDX-License-Identifier: MIT
#include "equigen/molecule/smiles.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <algorithm>
#include <new>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/molecule/rdkit_molecule.h"

namespace equigen {
namespace {

std::string written(const RDKit::ROMol& molecule, bool stereo) {
  return RDKit::MolToSmiles(molecule, stereo);
}

bool has_hydrogen_atoms(const Molecule& molecule) {
  return std::any_of(molecule.atoms.begin(), molecule.atoms.end(),
                     [](const Atom& atom) { return atom.atomic_number == 1; });
}

/// RDKit's many kinds of exceptions as one.
template <typename Write>
std::string or_invalid(const Write& write) {
  try {
    return write();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const DataError&) {
    throw;
  } catch (const std::exception& error) {
    throw DataError("molecule-invalid", error.what());
  }
}

}  // namespace

bool may_have_stereochemistry(std::string_view smiles) {
  for (std::size_t i = 0; i < smiles.size(); ++i) {
    const char c = smiles[i];
    if (c == '@' || c == '/' || c == '\\') return true;
    const bool isotope =
        c == '[' && i + 1 < smiles.size() && smiles[i + 1] >= '0' && smiles[i + 1] <= '9';
    if (isotope) return true;
  }
  return false;
}

Molecule parse_smiles(std::string_view smiles) {
  smiles = text::trim(smiles);
  const rdkit::MoleculePointer source = rdkit::parse(smiles);
  const std::string plain = written(*source, false);
  Molecule result = plain == smiles ? rdkit::to_plain(*source) : rdkit::parse_canonical(plain);
  if (!may_have_stereochemistry(smiles)) {
    result.smiles = plain;
    return result;
  }
  result.smiles = written(*source, true);
  if (may_have_stereochemistry(result.smiles)) result.plain_smiles = plain;
  return result;
}

std::string plain_smiles(const Molecule& molecule) {
  if (molecule.atoms.empty()) return {};
  if (molecule.smiles.empty()) return canonical_smiles(molecule);
  if (!may_have_stereochemistry(molecule.smiles)) return molecule.smiles;
  return molecule.plain_smiles.empty() ? canonical_smiles(molecule.smiles, false)
                                       : molecule.plain_smiles;
}

std::string canonical_smiles(const Molecule& molecule) {
  if (molecule.atoms.empty()) return {};
  return or_invalid([&] {
    const rdkit::MoleculePointer built = rdkit::build_sanitised(molecule);
    if (has_hydrogen_atoms(molecule)) RDKit::MolOps::removeHs(*built);
    return written(*built, false);
  });
}

std::string smiles_from_positions(const Molecule& molecule) {
  if (molecule.atoms.empty()) return {};
  return or_invalid([&] {
    const rdkit::MoleculePointer built = rdkit::build_sanitised(molecule);
    rdkit::add_positions(*built, molecule);
    return rdkit::written_without_hydrogens(*built, true);
  });
}

std::string canonical_smiles(std::string_view smiles, bool stereo) {
  return written(*rdkit::parse(text::trim(smiles)), stereo);
}

std::vector<bool> aromatic_bonds(const Molecule& molecule) {
  std::vector<bool> result(molecule.bonds.size(), false);
  if (molecule.bonds.size() < 3) return result;
  const rdkit::MoleculePointer built = rdkit::build_sanitised(molecule);
  for (const auto* bond : built->bonds()) result[bond->getIdx()] = bond->getIsAromatic();
  return result;
}

}  // namespace equigen
