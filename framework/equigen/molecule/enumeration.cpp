// SPDX-License-Identifier: MIT
#include "equigen/molecule/enumeration.h"

#include <fmt/format.h>

#include <algorithm>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/molecule/enumeration_rules.h"
#include "equigen/molecule/smiles.h"

namespace equigen {
namespace {

using enumeration_rules::Candidate;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

void mark_aromatic_bonds(Candidate& candidate, const Molecule& molecule) {
  const std::vector<bool> aromatic = aromatic_bonds(molecule);
  for (std::size_t b = 0; b < molecule.bonds.size(); ++b) {
    const Bond& bond = molecule.bonds[b];
    candidate.aromatic[at(bond.begin)][at(bond.end)] = aromatic[b];
    candidate.aromatic[at(bond.end)][at(bond.begin)] = aromatic[b];
  }
}

/// Puts bond orders and elements on one skeleton. Of assignments that an automorphism turns into
/// each other only the lexicographically smallest is kept (orderly generation).
class SkeletonFilling {
 public:
  explicit SkeletonFilling(const CanonicalForm& skeleton)
      : automorphisms_(skeleton.automorphisms), edges_(skeleton.graph.edges()) {
    candidate_.graph = skeleton.graph;
    candidate_.rings = relevant_rings(skeleton.graph);
  }

  /// Canonical SMILES of all allowed molecules, with repetitions where one molecule has several
  /// Kekulé structures.
  std::vector<std::string> run() {
    if (!enumeration_rules::broken_by_skeleton(candidate_)) assign_bond(0);
    return std::move(found_);
  }

 private:
  void assign_bond(std::size_t index) {
    if (index == edges_.size()) {
      finish_bonds();
      return;
    }
    const auto [a, b] = edges_[index];
    for (std::uint8_t order = 1; order <= 3; ++order) {
      set_order(a, b, order);
      const bool fits = candidate_.order_sum(a) <= 4 && candidate_.order_sum(b) <= 4;
      if (fits) assign_bond(index + 1);
    }
    set_order(a, b, 0);
  }

  void set_order(int a, int b, std::uint8_t order) {
    candidate_.order[at(a)][at(b)] = candidate_.order[at(b)][at(a)] = order;
  }

  /// -1, 0, 1: the orders seen through an automorphism are smaller than, equal to, larger than
  /// these.
  int compare_bonds(const Permutation& image) const {
    for (const auto& [a, b] : edges_) {
      const int own = candidate_.order[at(a)][at(b)];
      const int other = candidate_.order[image[at(a)]][image[at(b)]];
      if (own != other) return other < own ? -1 : 1;
    }
    return 0;
  }

  void finish_bonds() {
    if (enumeration_rules::broken_by_bonds(candidate_)) return;
    stabiliser_.clear();
    for (const Permutation& image : automorphisms_) {
      const int comparison = compare_bonds(image);
      if (comparison < 0) return;
      if (comparison == 0) stabiliser_.push_back(image);
    }
    assign_element(0);
  }

  void assign_element(int atom) {
    if (atom == candidate_.graph.size) {
      finish_elements();
      return;
    }
    for (std::uint8_t element = 6; element <= 9; ++element) {
      candidate_.element[at(atom)] = element;
      if (candidate_.hydrogens(atom) < 0) break;
      bool fits = true;
      for (int other = 0; other < atom && fits; ++other)
        if (candidate_.graph.has_edge(atom, other))
          fits = !enumeration_rules::broken_by_pair(candidate_, atom, other);
      if (fits) assign_element(atom + 1);
    }
  }

  bool is_smallest() const {
    return std::none_of(stabiliser_.begin(), stabiliser_.end(), [&](const Permutation& image) {
      for (int v = 0; v < candidate_.graph.size; ++v) {
        const int own = candidate_.element[at(v)];
        const int other = candidate_.element[image[at(v)]];
        if (own != other) return other < own;
      }
      return false;
    });
  }

  void finish_elements() {
    if (!is_smallest()) return;
    candidate_.aromatic = {};
    const bool aromatic = enumeration_rules::may_be_aromatic(candidate_);
    if (!aromatic && enumeration_rules::broken_by_elements(candidate_)) return;
    const Molecule molecule = enumeration_rules::to_molecule(candidate_);
    if (aromatic) {
      mark_aromatic_bonds(candidate_, molecule);
      if (enumeration_rules::broken_by_elements(candidate_)) return;
    }
    found_.push_back(canonical_smiles(molecule));
  }

  const std::vector<Permutation>& automorphisms_;
  const std::vector<std::pair<int, int>> edges_;
  Candidate candidate_;
  std::vector<Permutation> stabiliser_;
  std::vector<std::string> found_;
};

std::vector<std::string> smiles_of_size(int heavy_atoms) {
  const std::vector<CanonicalForm> skeletons = connected_graphs(
      heavy_atoms, enumeration_rules::kLargestDegree, enumeration_rules::kMostRings);
  std::vector<std::vector<std::string>> parts(skeletons.size());
  parallel_for(static_cast<std::int64_t>(skeletons.size()), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    parts[index] = SkeletonFilling(skeletons[index]).run();
  });
  std::vector<std::string> all;
  for (auto& part : parts) std::move(part.begin(), part.end(), std::back_inserter(all));
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace

std::vector<Molecule> enumerate_molecules(int heavy_atoms) {
  if (heavy_atoms < 1 || heavy_atoms > kLargestEnumeration)
    throw ConfigError(
        "enumeration-size",
        fmt::format("molecules of up to {} heavy atoms cannot be enumerated", heavy_atoms),
        fmt::format("choose a number from 1 to {}", kLargestEnumeration));
  std::vector<Molecule> molecules;
  for (int size = 1; size <= heavy_atoms; ++size) {
    const std::vector<std::string> smiles = smiles_of_size(size);
    const std::size_t before = molecules.size();
    molecules.resize(before + smiles.size());
    parallel_for(static_cast<std::int64_t>(smiles.size()), [&](std::int64_t i) {
      const auto index = static_cast<std::size_t>(i);
      molecules[before + index] = parse_smiles(smiles[index]);
    });
  }
  return molecules;
}

std::optional<std::string> broken_rule(const Molecule& molecule) {
  const int size = static_cast<int>(molecule.atoms.size());
  if (size < 1 || size > kLargestEnumeration)
    return fmt::format("there are 1 to {} heavy atoms", kLargestEnumeration);
  Candidate candidate;
  candidate.graph.size = size;
  for (int v = 0; v < size; ++v) {
    if (molecule.atoms[at(v)].formal_charge != 0) return "the molecule has no charges";
    candidate.element[at(v)] = molecule.atoms[at(v)].atomic_number;
  }
  for (const Bond& bond : molecule.bonds) {
    candidate.graph.add_edge(bond.begin, bond.end);
    candidate.order[at(bond.begin)][at(bond.end)] = bond.order;
    candidate.order[at(bond.end)][at(bond.begin)] = bond.order;
  }
  const bool few_rings = candidate.graph.ring_count() <= enumeration_rules::kMostRings;
  if (few_rings) candidate.rings = relevant_rings(candidate.graph);
  const char* broken = enumeration_rules::broken_by_skeleton(candidate);
  if (!broken) broken = enumeration_rules::broken_by_bonds(candidate);
  if (!broken && enumeration_rules::may_be_aromatic(candidate))
    mark_aromatic_bonds(candidate, molecule);
  if (!broken) broken = enumeration_rules::broken_by_elements(candidate);
  return broken ? std::optional<std::string>(broken) : std::nullopt;
}

}  // namespace equigen
