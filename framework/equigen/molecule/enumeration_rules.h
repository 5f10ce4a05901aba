// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "equigen/molecule/molecule.h"
#include "equigen/molecule/small_graph.h"

/// The rules of enumerate_molecules(), in three groups that can be checked one after the other.
/// Each function returns the sentence that is broken, or nullptr.
namespace equigen::enumeration_rules {

constexpr int kLargestDegree = 4;
constexpr int kMostRings = 3;

/// A candidate: skeleton, its rings, and what is decided of bonds and elements so far.
struct Candidate {
  SmallGraph graph;
  std::vector<SmallRing> rings;
  std::array<std::array<std::uint8_t, SmallGraph::capacity>, SmallGraph::capacity> order{};
  std::array<std::uint8_t, SmallGraph::capacity> element{};
  /// Bonds of aromatic rings, as RDKit perceives them.
  std::array<std::array<bool, SmallGraph::capacity>, SmallGraph::capacity> aromatic{};

  int order_sum(int atom) const;
  int hydrogens(int atom) const;
};

/// Bonds an atom of C, N, O, F makes (hydrogens included); 0 for other elements.
int valence_of(int atomic_number);

const char* broken_by_skeleton(const Candidate& candidate);
const char* broken_by_bonds(const Candidate& candidate);
/// Rules for one bond between atoms whose elements are known; the cheap part of
/// broken_by_elements(), for candidates that are still incomplete.
const char* broken_by_pair(const Candidate& candidate, int a, int b);
const char* broken_by_elements(const Candidate& candidate);

/// Whether a ring could be aromatic at all: five or more atoms and a double bond in it.
bool may_be_aromatic(const Candidate& candidate);

Molecule to_molecule(const Candidate& candidate);

}  // namespace equigen::enumeration_rules
