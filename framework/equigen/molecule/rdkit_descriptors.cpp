// SPDX-License-Identifier: MIT
#include "equigen/molecule/rdkit_descriptors.h"

#include <DataStructs/SparseIntVect.h>
#include <GraphMol/ChemTransforms/ChemTransforms.h>
#include <GraphMol/Descriptors/Crippen.h>
#include <GraphMol/Fingerprints/MorganFingerprints.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <unordered_map>

namespace equigen::rdkit {
namespace {

/// One row of Wildman and Crippen's table.
struct CrippenRow {
  PatternSearch search;
  double logp;
};

const std::vector<CrippenRow>& crippen_rows() {
  static const std::vector<CrippenRow> rows = [] {
    std::vector<CrippenRow> result;
    for (const auto& row : *RDKit::Descriptors::CrippenParamCollection::getParams())
      result.push_back({PatternSearch(*row.dp_pattern, 0), row.logp});
    return result;
  }();
  return rows;
}

/// Either end of a rotatable bond, and what one of them must be besides.
struct RotatableEnds {
  AnchoredPattern either;
  AnchoredPattern one;
  AnchoredPattern bond;
};

const RotatableEnds& rotatable_ends() {
  static const RotatableEnds ends = [] {
    const std::string either =
        "!$(*#*)&!D1&!$(C(F)(F)F)&!$(C(Cl)(Cl)Cl)&!$(C(Br)(Br)Br)&!$(C([CH3])([CH3])[CH3])";
    const std::string one =
        "!$([CD3](=[N,O,S])-!@[#7,O,S!D1])&!$([#7,O,S!D1]-!@[CD3]=[N,O,S])&"
        "!$([CD3](=[N+])-!@[#7!D1])&!$([#7!D1]-!@[CD3]=[N+])";
    const auto pattern = [](const std::string& smarts) {
      return AnchoredPattern(read_smarts("rotatable bond", smarts));
    };
    return RotatableEnds{pattern("[" + either + "]"), pattern("[" + one + "]"),
                         pattern("*-,:;!@*")};
  }();
  return ends;
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

CompleteMolecule::CompleteMolecule(const RDKit::ROMol& molecule)
    : molecule_(RDKit::MolOps::addHs(molecule, false, false)), screen_(*molecule_) {}

double clogp(const CompleteMolecule& complete) {
  const SearchTarget& target = complete.screen().target();
  double sum = 0;
  for (std::uint32_t atom = 0; atom < target.size(); ++atom) {
    // The first row that fits an atom counts.
    const auto& rows = crippen_rows();
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const CrippenRow& item) {
      return item.search.begins_at(target, atom);
    });
    if (row != rows.end()) sum += row->logp;
  }
  return sum;
}

int rotatable_bonds(const SearchTarget& target) {
  const RotatableEnds& ends = rotatable_ends();
  const auto is_end = [&](std::uint32_t atom) {
    return ends.either.search().begins_at(target, atom);
  };
  const auto is_one = [&](std::uint32_t atom) { return ends.one.search().begins_at(target, atom); };
  int count = 0;
  for (std::uint32_t atom = 0; atom < target.size(); ++atom) {
    for (const auto& neighbour : target.neighbours(atom)) {
      if (neighbour.atom < atom || !ends.bond.query().getBondWithIdx(0)->Match(neighbour.bond))
        continue;
      count += is_end(atom) && is_end(neighbour.atom) && (is_one(atom) || is_one(neighbour.atom));
    }
  }
  return count;
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
