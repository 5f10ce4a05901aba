// SPDX-License-Identifier: MIT
#include <GraphMol/ChemTransforms/MolFragmenter.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <algorithm>

#include "equigen/base/text.h"
#include "equigen/molecule/rdkit_descriptors.h"

namespace equigen::rdkit {
namespace {

using RDKit::MolFragmenter::FragmenterBondType;

/// The environments of BRICS and the bonds between them that are cut.
struct Rules {
  std::map<unsigned, AnchoredPattern> environments;
  std::vector<FragmenterBondType> bonds;
};

const Rules& rules() {
  static const Rules built = [] {
    Rules result;
    std::map<unsigned, std::string> names;
    std::map<unsigned, RDKit::ROMOL_SPTR> queries;
    RDKit::MolFragmenter::constructBRICSAtomTypes(names, &queries);
    for (const auto& [type, query] : queries)
      result.environments.emplace(type,
                                  AnchoredPattern(std::make_shared<const RDKit::ROMol>(*query)));
    RDKit::MolFragmenter::constructBRICSBondTypes(result.bonds);
    return result;
  }();
  return built;
}

/// Which atoms are of each environment; only types that occur.
std::map<unsigned, std::vector<bool>> environments_in(const SearchTarget& target) {
  std::map<unsigned, std::vector<bool>> result;
  for (const auto& [type, pattern] : rules().environments) {
    std::vector<bool> atoms(target.size(), false);
    for (std::uint32_t atom = 0; atom < target.size(); ++atom)
      atoms[atom] = pattern.search().begins_at(target, atom);
    if (std::find(atoms.begin(), atoms.end(), true) != atoms.end())
      result.emplace(type, std::move(atoms));
  }
  return result;
}

/// The bonds to cut. Where several rules fit a bond, the last one labels it, as in RDKit.
struct Cuts {
  std::vector<unsigned> bonds;
  std::vector<std::pair<unsigned, unsigned>> labels;
  std::vector<RDKit::Bond::BondType> types;
};

Cuts cuts_of(const RDKit::ROMol& molecule, const SearchTarget& target) {
  Cuts cuts;
  const auto environments = environments_in(target);
  std::vector<bool> used(molecule.getNumBonds(), false);
  for (auto place = rules().bonds.rbegin(); place != rules().bonds.rend(); ++place) {
    const FragmenterBondType& rule = *place;
    const auto first = environments.find(rule.atom1Type);
    const auto second = environments.find(rule.atom2Type);
    if (first == environments.end() || second == environments.end()) continue;
    const RDKit::Bond& query = *rule.query->getBondWithIdx(0);
    for (const auto* bond : molecule.bonds()) {
      if (used[bond->getIdx()]) continue;
      const unsigned a = bond->getBeginAtomIdx();
      const unsigned b = bond->getEndAtomIdx();
      const bool forwards = first->second[a] && second->second[b];
      const bool backwards = first->second[b] && second->second[a];
      if ((!forwards && !backwards) || !query.Match(bond)) continue;
      // Where both ways fit, RDKit finds the one that begins at the earlier atom.
      const bool begins_at_a = forwards && (!backwards || a < b);
      used[bond->getIdx()] = true;
      cuts.bonds.push_back(bond->getIdx());
      cuts.labels.emplace_back(begins_at_a ? rule.atom1Label : rule.atom2Label,
                               begins_at_a ? rule.atom2Label : rule.atom1Label);
      cuts.types.push_back(rule.bondType);
    }
  }
  return cuts;
}

}  // namespace

std::vector<std::string> brics_fragments(const RDKit::ROMol& molecule, const SearchTarget& target) {
  const Cuts cuts = cuts_of(molecule, target);
  if (cuts.bonds.empty()) return text::split(RDKit::MolToSmiles(molecule), '.');
  const std::unique_ptr<RDKit::ROMol> pieces(
      RDKit::MolFragmenter::fragmentOnBonds(molecule, cuts.bonds, true, &cuts.labels, &cuts.types));
  return text::split(RDKit::MolToSmiles(*pieces), '.');
}

}  // namespace equigen::rdkit
