// SPDX-License-Identifier: MIT
#include "equigen/molecule/descriptors.h"

#include <GraphMol/Descriptors/MolDescriptors.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <algorithm>
#include <map>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/molecule/rdkit_descriptors.h"
#include "equigen/molecule/rdkit_molecule.h"
#include "equigen/molecule/smiles.h"

namespace equigen {
namespace {

rdkit::MoleculePointer read(const Molecule& molecule) {
  if (molecule.atoms.empty()) return nullptr;
  try {
    return rdkit::parse(molecule.smiles.empty() ? canonical_smiles(molecule) : molecule.smiles);
  } catch (const DataError&) {
    return nullptr;  // impossible valences: counted as invalid by the metrics
  }
}

void add_statistics(const RDKit::ROMol& molecule, MoleculeDescriptors& result) {
  std::vector<int> parts;
  result.part_count = static_cast<std::int32_t>(RDKit::MolOps::getMolFrags(molecule, parts));
  std::map<std::uint8_t, std::int32_t> elements;
  for (const auto* atom : molecule.atoms()) {
    result.is_charged = result.is_charged || atom->getFormalCharge() != 0;
    if (atom->getAtomicNum() == 1) continue;
    ++result.heavy_atoms;
    ++elements[static_cast<std::uint8_t>(atom->getAtomicNum())];
  }
  result.elements.assign(elements.begin(), elements.end());
  for (const auto& ring : molecule.getRingInfo()->atomRings())
    result.ring_sizes.push_back(static_cast<std::uint8_t>(std::min<std::size_t>(ring.size(), 255)));
  for (const auto* bond : molecule.bonds()) {
    if (bond->getIsAromatic())
      ++result.bond_counts[3];
    else if (bond->getBondType() == RDKit::Bond::DOUBLE)
      ++result.bond_counts[1];
    else if (bond->getBondType() == RDKit::Bond::TRIPLE)
      ++result.bond_counts[2];
    else
      ++result.bond_counts[0];
  }
}

std::uint8_t skeleton_order(const RDKit::Bond& bond) {
  if (bond.getIsAromatic()) return kAromaticBond;
  switch (bond.getBondType()) {
    case RDKit::Bond::SINGLE:
      return 1;
    case RDKit::Bond::DOUBLE:
      return 2;
    case RDKit::Bond::TRIPLE:
      return 3;
    default:
      return 0;
  }
}

/// Hydrogens that stayed atoms, such as deuterium, where their neighbour implies them; see
/// without_hydrogens().
bool is_implied(const RDKit::ROMol& molecule, const RDKit::Atom& atom) {
  const auto is_hydrogen = [](const RDKit::Atom& item) {
    return item.getAtomicNum() == 1 && item.getFormalCharge() == 0;
  };
  if (!is_hydrogen(atom) || atom.getDegree() != 1) return false;
  const RDKit::Bond& bond = **molecule.atomBonds(&atom).begin();
  return bond.getBondType() == RDKit::Bond::SINGLE && !is_hydrogen(*bond.getOtherAtom(&atom));
}

MoleculeSkeleton skeleton_of(const RDKit::ROMol& molecule) {
  MoleculeSkeleton result;
  std::vector<std::int32_t> place(molecule.getNumAtoms(), -1);
  for (const auto* atom : molecule.atoms()) {
    if (is_implied(molecule, *atom)) continue;
    place[atom->getIdx()] = static_cast<std::int32_t>(result.elements.size());
    result.elements.push_back(static_cast<std::uint8_t>(atom->getAtomicNum()));
  }
  for (const auto* bond : molecule.bonds()) {
    const std::int32_t begin = place[bond->getBeginAtomIdx()];
    const std::int32_t end = place[bond->getEndAtomIdx()];
    if (begin >= 0 && end >= 0) result.bonds.push_back({begin, end, skeleton_order(*bond)});
  }
  return result;
}

void add_common_properties(const RDKit::ROMol& molecule, const rdkit::SearchTarget& target,
                           const rdkit::CompleteMolecule& complete, MoleculeDescriptors& result) {
  result.weight = RDKit::Descriptors::calcAMW(molecule);
  result.logp = rdkit::clogp(complete);
  result.tpsa = RDKit::Descriptors::calcTPSA(molecule);
  result.donors = static_cast<std::int32_t>(RDKit::Descriptors::calcNumHBD(molecule));
  result.rotatable_bonds = rdkit::rotatable_bonds(target);
}

void add_qed(const RDKit::ROMol& molecule, const rdkit::PatternScreen& screen,
             MoleculeDescriptors& result) {
  rdkit::QedProperties properties;
  properties.weight = result.weight;
  properties.logp = result.logp;
  properties.acceptors = rdkit::qed_acceptors(screen.target());
  properties.donors = result.donors;
  properties.tpsa = result.tpsa;
  properties.rotatable_bonds = result.rotatable_bonds;
  properties.aromatic_rings = rdkit::qed_aromatic_rings(molecule);
  properties.alerts = rdkit::qed_alerts(screen);
  result.qed = rdkit::qed(properties);
}

void add_physchem(const RDKit::ROMol& molecule, const Molecule& source,
                  MoleculeDescriptors& result) {
  result.bertz = rdkit::bertz_complexity(molecule);
  result.acceptors = static_cast<std::int32_t>(RDKit::Descriptors::calcNumHBA(molecule));
  result.aliphatic_rings =
      static_cast<std::int32_t>(RDKit::Descriptors::calcNumAliphaticRings(molecule));
  result.aromatic_rings =
      static_cast<std::int32_t>(RDKit::Descriptors::calcNumAromaticRings(molecule));
  const bool is_plain = !source.smiles.empty() && !may_have_stereochemistry(source.smiles);
  result.plain_smiles = is_plain ? source.smiles : source.plain_smiles;
  if (result.plain_smiles.empty()) result.plain_smiles = RDKit::MolToSmiles(molecule, false);
}

void add_environments(RDKit::ROMol& molecule, MoleculeParts parts, MoleculeDescriptors& result) {
  const rdkit::MorganCounts counts = rdkit::morgan_counts(molecule);
  for (const auto& [identifier, count] : counts) {
    const std::uint32_t bit = identifier % (64 * result.bits.size());
    result.bits[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  if (contains(parts, MoleculeParts::sa_score)) result.sa_score = rdkit::sa_score(molecule, counts);
}

/// Parts for which hydrogens are atoms.
constexpr MoleculeParts kCompleteParts =
    MoleculeParts::properties | MoleculeParts::physchem | MoleculeParts::filters;
constexpr MoleculeParts kSearchedParts = kCompleteParts | MoleculeParts::fragments;

bool wants_any(MoleculeParts parts, MoleculeParts of) {
  return (static_cast<std::uint32_t>(parts) & static_cast<std::uint32_t>(of)) != 0;
}

/// What patterns are searched for.
void add_searched(const RDKit::ROMol& subject, const Molecule& source, MoleculeParts parts,
                  MoleculeDescriptors& result) {
  std::optional<rdkit::CompleteMolecule> complete;
  if (wants_any(parts, kCompleteParts)) complete.emplace(subject);
  const rdkit::PatternScreen screen(subject);
  const auto wants = [&](MoleculeParts part) { return contains(parts, part); };
  if (wants(MoleculeParts::properties) || wants(MoleculeParts::physchem))
    add_common_properties(subject, screen.target(), *complete, result);
  if (wants(MoleculeParts::properties)) add_qed(subject, screen, result);
  if (wants(MoleculeParts::physchem)) add_physchem(subject, source, result);
  if (wants(MoleculeParts::fragments))
    result.fragments = rdkit::brics_fragments(subject, screen.target());
  if (wants(MoleculeParts::filters)) {
    rdkit::FilterResult filter = rdkit::moses_filter(subject, *complete);
    result.filter = filter.outcome;
    result.filter_pattern = std::move(filter.pattern);
  }
}

}  // namespace

MoleculeDescriptors describe(const Molecule& molecule, MoleculeParts parts) {
  MoleculeDescriptors result;
  const rdkit::MoleculePointer read_molecule = read(molecule);
  if (!read_molecule) return result;
  result.valid = true;
  RDKit::ROMol& subject = *read_molecule;
  const auto wants = [&](MoleculeParts part) { return contains(parts, part); };

  if (wants(MoleculeParts::skeleton)) result.skeleton = skeleton_of(subject);
  if (wants(MoleculeParts::statistics)) add_statistics(subject, result);
  if (wants_any(parts, kSearchedParts)) add_searched(subject, molecule, parts, result);
  if (wants(MoleculeParts::scaffold)) {
    rdkit::Scaffold scaffold = rdkit::murcko_scaffold(subject);
    result.scaffold = std::move(scaffold.smiles);
    result.scaffold_rings = scaffold.rings;
  }
  if (wants(MoleculeParts::fingerprint) || wants(MoleculeParts::sa_score))
    add_environments(subject, parts, result);
  return result;
}

}  // namespace equigen
