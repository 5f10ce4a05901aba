// SPDX-License-Identifier: MIT
#include "equigen/molecule/rdkit_descriptors.h"

#include <DataStructs/SparseIntVect.h>
#include <GraphMol/ChemTransforms/ChemTransforms.h>
#include <GraphMol/Descriptors/Crippen.h>
#include <GraphMol/Fingerprints/MorganFingerprints.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>
#include <GraphMol/Substruct/SubstructMatch.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <unordered_map>

namespace equigen::rdkit {
namespace {

/// One row of Wildman and Crippen's table, with what its first atom may be.
struct CrippenRow {
  const RDKit::ROMol* pattern;
  AtomClasses root;
  double logp;
};

const std::vector<CrippenRow>& crippen_rows() {
  static const std::vector<CrippenRow> rows = [] {
    std::vector<CrippenRow> result;
    for (const auto& row : *RDKit::Descriptors::CrippenParamCollection::getParams())
      result.push_back({row.dp_pattern.get(), root_classes(*row.dp_pattern), row.logp});
    return result;
  }();
  return rows;
}

double shannon_bits(const std::unordered_map<std::uint64_t, double>& counts, double total) {
  double entropy = 0;
  for (const auto& [key, count] : counts)
    if (count > 0) entropy -= count / total * std::log2(count / total);
  return entropy;
}

/// Atoms with equal sorted distances (each bond 1/order long, to four decimals) are of one class.
std::vector<std::uint64_t> symmetry_classes(const RDKit::ROMol& molecule) {
  constexpr std::size_t kNearest = 100;
  const std::size_t size = molecule.getNumAtoms();
  const double* distances = RDKit::MolOps::getDistanceMat(molecule, true, false, true, "Balaban");
  std::map<std::vector<long long>, std::uint64_t> known;
  std::vector<std::uint64_t> classes(size);
  for (std::size_t i = 0; i < size; ++i) {
    std::vector<long long> row(size);
    for (std::size_t j = 0; j < size; ++j) row[j] = std::llround(distances[i * size + j] * 1e4);
    std::sort(row.begin(), row.end());
    row.resize(std::min(size, kNearest));
    classes[i] = known.emplace(std::move(row), known.size() + 1).first->second;
  }
  return classes;
}

double order_of(const RDKit::Bond& bond) {
  return bond.getIsAromatic() ? 1.5 : static_cast<double>(bond.getBondType());
}

/// Pairs of bonds that share an atom, by the classes of their atoms.
std::unordered_map<std::uint64_t, double> connections(const RDKit::ROMol& molecule) {
  const auto classes = symmetry_classes(molecule);
  std::unordered_map<std::uint64_t, double> result;
  const auto key = [](std::uint64_t a, std::uint64_t middle, std::uint64_t b) {
    return std::min(a, b) << 42 | middle << 21 | std::max(a, b);
  };
  for (const auto* atom : molecule.atoms()) {
    const std::uint64_t own = classes[atom->getIdx()];
    std::vector<std::pair<std::uint64_t, double>> bonds;
    for (const auto* bond : molecule.atomBonds(atom)) {
      const unsigned other = bond->getOtherAtomIdx(atom->getIdx());
      const double order = order_of(*bond);
      if (order > 1 && other > atom->getIdx())
        result[key(own, 0, classes[other])] += order * (order - 1) / 2;
      for (const auto& [neighbour, neighbour_order] : bonds)
        result[key(neighbour, own, classes[other])] += order * neighbour_order;
      bonds.emplace_back(classes[other], order);
    }
  }
  return result;
}

}  // namespace

double clogp(const RDKit::ROMol& molecule) {
  const std::unique_ptr<RDKit::ROMol> complete(RDKit::MolOps::addHs(molecule, false, false));
  std::vector<double> contributions(complete->getNumAtoms(), 0);
  std::vector<bool> wanted(complete->getNumAtoms(), true);
  std::array<int, AtomClasses().size()> left{};
  AtomClasses classes;
  for (const auto* atom : complete->atoms()) {
    ++left[atom_class(*atom)];
    classes.set(atom_class(*atom));
  }
  // The first row that fits an atom counts.
  for (const CrippenRow& row : crippen_rows()) {
    if ((row.root & classes).none()) continue;
    std::vector<RDKit::MatchVectType> matches;
    RDKit::SubstructMatch(*complete, *row.pattern, matches, false, true);
    for (const auto& match : matches) {
      const auto index = static_cast<std::size_t>(match.front().second);
      if (!wanted[index]) continue;
      wanted[index] = false;
      contributions[index] = row.logp;
      const std::size_t own = atom_class(*complete->getAtomWithIdx(match.front().second));
      if (--left[own] == 0) classes.reset(own);
    }
    if (classes.none()) break;
  }
  double sum = 0;
  for (const double contribution : contributions) sum += contribution;
  return sum;
}

double bertz_complexity(const RDKit::ROMol& molecule) {
  if (molecule.getNumAtoms() < 2) return 0;
  auto pairs = connections(molecule);
  if (pairs.empty()) pairs[0] = 1;
  double total = 0;
  for (const auto& [key, count] : pairs) total += count;
  std::unordered_map<std::uint64_t, double> elements;
  for (const auto* atom : molecule.atoms())
    elements[static_cast<std::uint64_t>(atom->getAtomicNum())] += 1;
  const auto atoms = static_cast<double>(molecule.getNumAtoms());
  return total * (shannon_bits(pairs, total) + std::log2(total)) +
         atoms * shannon_bits(elements, atoms);
}

MorganCounts morgan_counts(const RDKit::ROMol& molecule) {
  const std::unique_ptr<RDKit::SparseIntVect<std::uint32_t>> found(
      RDKit::MorganFingerprints::getFingerprint(molecule, 2));
  return found->getNonzeroElements();
}

Scaffold murcko_scaffold(const RDKit::ROMol& molecule) {
  if (molecule.getRingInfo()->numRings() == 0) return {};
  const std::unique_ptr<RDKit::ROMol> scaffold(RDKit::MurckoDecompose(molecule));
  scaffold->clearComputedProps();
  scaffold->updatePropertyCache();
  const int rings = RDKit::MolOps::symmetrizeSSSR(*scaffold);
  return {RDKit::MolToSmiles(*scaffold), rings};
}

}  // namespace equigen::rdkit
