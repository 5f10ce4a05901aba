// SPDX-License-Identifier: MIT
#include "equigen/molecule/enumeration_rules.h"

#include <bit>

namespace equigen::enumeration_rules {
namespace {

using Mask = SmallGraph::Mask;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

int shared_bonds(const SmallRing& a, const SmallRing& b) {
  return std::popcount(a.edges & b.edges);
}

int heteroatoms_in(const Candidate& candidate, const SmallRing& ring) {
  int result = 0;
  for (int v = 0; v < candidate.graph.size; ++v)
    result += (ring.vertices >> v & 1) && candidate.element[at(v)] != 6;
  return result;
}

/// One atom of a candidate, with the questions that the rules ask.
class View {
 public:
  View(const Candidate& candidate, int atom) : candidate_(candidate), atom_(atom) {}

  int element() const { return candidate_.element[at(atom_)]; }
  bool is_carbon() const { return element() == 6; }
  bool is_n_or_o() const { return element() == 7 || element() == 8; }
  int hydrogens() const { return candidate_.hydrogens(atom_); }

  /// Counts neighbours for which `matches(neighbour, order, aromatic)` holds.
  template <typename Matches>
  int count(Matches matches) const {
    int result = 0;
    for (int other = 0; other < candidate_.graph.size; ++other) {
      if (!candidate_.graph.has_edge(atom_, other)) continue;
      const View neighbour(candidate_, other);
      result += matches(neighbour, int{candidate_.order[at(atom_)][at(other)]},
                        candidate_.aromatic[at(atom_)][at(other)])
                    ? 1
                    : 0;
    }
    return result;
  }

  int heteroatoms() const {
    return count([](const View& n, int, bool) { return !n.is_carbon(); });
  }
  int aromatic_heteroatoms() const {
    return count([](const View& n, int, bool aromatic) { return !n.is_carbon() && aromatic; });
  }
  bool saturated() const {
    return count([](const View&, int order, bool aromatic) { return order > 1 || aromatic; }) == 0;
  }
  /// Double bond to `element` outside aromatic rings.
  bool double_to(int element) const {
    return count([&](const View& n, int order, bool aromatic) {
             return order == 2 && !aromatic && n.element() == element;
           }) > 0;
  }
  bool triple_to(int element) const {
    return count([&](const View& n, int order, bool) {
             return order == 3 && n.element() == element;
           }) > 0;
  }
  int single_n_or_o() const {
    return count([](const View& n, int order, bool) { return order == 1 && n.is_n_or_o(); });
  }
  int single_n_or_o_with_hydrogen() const {
    return count([](const View& n, int order, bool) {
      return order == 1 && n.is_n_or_o() && n.hydrogens() > 0;
    });
  }
  int fluorines() const {
    return count([](const View& n, int, bool) { return n.element() == 9; });
  }
  int hydroxyls() const {
    return count([](const View& n, int order, bool) {
      return order == 1 && n.element() == 8 && n.hydrogens() > 0;
    });
  }

 private:
  const Candidate& candidate_;
  int atom_;
};

const char* broken_at_saturated_carbon(const View& carbon) {
  const int linked = carbon.single_n_or_o();
  if (linked > 0 && carbon.fluorines() > 0)
    return "fluorine does not share a saturated carbon with nitrogen or oxygen";
  if (linked > 2) return "a saturated carbon bears at most two of nitrogen and oxygen";
  if (linked == 2 && carbon.single_n_or_o_with_hydrogen() > 0)
    return "nitrogen or oxygen that shares a saturated carbon with another bears no hydrogen";
  return nullptr;
}

const char* broken_at_unsaturated_carbon(const View& carbon) {
  const bool carbonyl_like = carbon.double_to(8) || carbon.double_to(7);
  const bool triple = carbon.triple_to(6) || carbon.triple_to(7);
  if (carbon.fluorines() > 0 && (carbonyl_like || triple))
    return "fluorine is not bound to a carbon of C=O, C=N or a triple bond";
  if (carbon.triple_to(6) && carbon.single_n_or_o() > 0)
    return "nitrogen and oxygen are not bound to a carbon of C#C";
  const auto is_oxygen = [](const View& n, int order, bool) {
    return order == 1 && n.element() == 8;
  };
  if (carbon.triple_to(7) && carbon.count(is_oxygen) > 0)
    return "oxygen is not bound to a carbon of C#N";
  if (carbon.double_to(6) && carbon.single_n_or_o_with_hydrogen() > 0)
    return "nitrogen or oxygen bound to C=C bears no hydrogen (enols, enamines)";
  if (carbon.double_to(7) && carbon.hydroxyls() > 0) return "C=N bears no hydroxyl (imidic acids)";
  if (carbon.double_to(8) && carbon.hydroxyls() > 0 && carbon.single_n_or_o() > 1)
    return "a carboxyl group is bound to no other nitrogen or oxygen (carbonic, carbamic acids)";
  return nullptr;
}

const char* broken_at_nitrogen(const Candidate& candidate, int atom) {
  const View nitrogen(candidate, atom);
  if (nitrogen.hydrogens() == 0) return nullptr;
  if (nitrogen.double_to(7)) return "nitrogen of N=N bears no hydrogen";
  const int bare_imine = nitrogen.count([](const View& n, int order, bool aromatic) {
    return order == 2 && !aromatic && n.is_carbon() && n.single_n_or_o() == 0;
  });
  if (bare_imine > 0) return "C=NH stands beside another nitrogen or oxygen only";
  return nullptr;
}

}  // namespace

int Candidate::order_sum(int atom) const {
  int sum = 0;
  for (int other = 0; other < graph.size; ++other) sum += order[at(atom)][at(other)];
  return sum;
}

int Candidate::hydrogens(int atom) const {
  return valence_of(element[at(atom)]) - order_sum(atom);
}

int valence_of(int atomic_number) {
  return atomic_number >= 6 && atomic_number <= 9 ? 10 - atomic_number : 0;
}

const char* broken_by_skeleton(const Candidate& candidate) {
  const SmallGraph& graph = candidate.graph;
  if (!graph.connected()) return "the molecule is in one part";
  for (int v = 0; v < graph.size; ++v)
    if (graph.degree(v) > kLargestDegree) return "an atom has at most four neighbours";
  if (graph.ring_count() > kMostRings) return "there are at most three independent rings";
  for (std::size_t i = 0; i < candidate.rings.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const SmallRing& a = candidate.rings[i];
      const SmallRing& b = candidate.rings[j];
      const bool a_small = a.size <= 4;
      const bool b_small = b.size <= 4;
      if (a_small && b_small && (a.vertices & b.vertices))
        return "rings of three or four atoms share no atom";
      if ((a_small || b_small) && shared_bonds(a, b) > 1)
        return "a ring of three or four atoms shares at most one bond with another ring";
    }
  }
  return nullptr;
}

const char* broken_by_bonds(const Candidate& candidate) {
  const SmallGraph& graph = candidate.graph;
  Mask in_double = 0;
  for (int v = 0; v < graph.size; ++v) {
    int doubles = 0, triples = 0;
    for (int u = 0; u < graph.size; ++u) {
      doubles += candidate.order[at(v)][at(u)] == 2;
      triples += candidate.order[at(v)][at(u)] == 3;
    }
    if (doubles + triples > 1) return "an atom has at most one multiple bond (no cumulenes)";
    if (doubles > 0) in_double = static_cast<Mask>(in_double | 1 << v);
  }
  const auto edges = graph.edges();
  for (const SmallRing& ring : candidate.rings) {
    int doubles = 0;
    for (std::size_t e = 0; e < edges.size(); ++e) {
      if (!(ring.edges >> e & 1)) continue;
      const int order = candidate.order[at(edges[e].first)][at(edges[e].second)];
      if (order == 3) return "a triple bond is in no ring";
      doubles += order == 2;
    }
    if (ring.size == 3 && (ring.vertices & in_double))
      return "an atom of a three-membered ring has no double bond";
    if (ring.size == 4 && doubles > 1) return "a four-membered ring holds at most one double bond";
    for (const SmallRing& other : candidate.rings) {
      if (other.edges == ring.edges || shared_bonds(ring, other) < 2) continue;
      const Mask both = ring.vertices & other.vertices;
      for (int v = 0; v < graph.size; ++v) {
        const bool bridgehead =
            (both >> v & 1) && std::popcount(static_cast<Mask>(
                                   graph.neighbours[at(v)] & (ring.vertices | other.vertices))) > 2;
        if (bridgehead && (in_double >> v & 1)) return "a bridgehead has no double bond (Bredt)";
      }
    }
  }
  return nullptr;
}

const char* broken_by_pair(const Candidate& candidate, int a, int b) {
  const int first = candidate.element[at(a)];
  const int second = candidate.element[at(b)];
  if (first == 6 || second == 6) return nullptr;
  if (first == 9 || second == 9) return "fluorine is bound to carbon only";
  if (first == 8 && second == 8) return "oxygen is not bound to oxygen";
  const int order = candidate.order[at(a)][at(b)];
  if (first != second && order > 1) return "nitrogen and oxygen share single bonds only";
  if (order > 2) return "nitrogen has no triple bond to nitrogen";
  return nullptr;
}

const char* broken_by_elements(const Candidate& candidate) {
  bool has_carbon = false;
  for (int v = 0; v < candidate.graph.size; ++v) {
    if (valence_of(candidate.element[at(v)]) == 0) return "the elements are C, N, O and F";
    if (candidate.hydrogens(v) < 0) return "C has 4 bonds, N 3, O 2, F 1";
    has_carbon = has_carbon || candidate.element[at(v)] == 6;
  }
  if (!has_carbon) return "there is a carbon";
  for (const SmallRing& ring : candidate.rings)
    if (ring.size <= 4 && heteroatoms_in(candidate, ring) > 1)
      return "a ring of three or four atoms holds at most one atom other than carbon";
  for (const auto& [a, b] : candidate.graph.edges())
    if (const char* broken = broken_by_pair(candidate, a, b)) return broken;
  for (int v = 0; v < candidate.graph.size; ++v) {
    const View atom(candidate, v);
    const char* broken = nullptr;
    if (atom.is_carbon())
      broken =
          atom.saturated() ? broken_at_saturated_carbon(atom) : broken_at_unsaturated_carbon(atom);
    else if (atom.heteroatoms() > 1 && atom.aromatic_heteroatoms() < atom.heteroatoms())
      broken = "three atoms other than carbon stand in a row in aromatic rings only";
    else if (atom.element() == 7)
      broken = broken_at_nitrogen(candidate, v);
    if (broken) return broken;
  }
  return nullptr;
}

bool may_be_aromatic(const Candidate& candidate) {
  const auto edges = candidate.graph.edges();
  for (const SmallRing& ring : candidate.rings) {
    if (ring.size < 5) continue;
    // One double bond is enough: others may belong to a fused ring.
    for (std::size_t e = 0; e < edges.size(); ++e) {
      const bool is_double = candidate.order[at(edges[e].first)][at(edges[e].second)] == 2;
      if ((ring.edges >> e & 1) && is_double) return true;
    }
  }
  return false;
}

Molecule to_molecule(const Candidate& candidate) {
  Molecule molecule;
  for (int v = 0; v < candidate.graph.size; ++v)
    molecule.atoms.push_back({candidate.element[at(v)], 0});
  for (const auto& [a, b] : candidate.graph.edges())
    molecule.bonds.push_back({a, b, candidate.order[at(a)][at(b)]});
  return molecule;
}

}  // namespace equigen::enumeration_rules
