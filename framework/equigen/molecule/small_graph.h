// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace equigen {

/// A simple graph of at most `capacity` vertices as bit masks: vertex j is a neighbour of i when
/// bit j of neighbours[i] is set. The skeletons of enumerated molecules.
struct SmallGraph {
  static constexpr int capacity = 10;
  using Mask = std::uint16_t;

  int size = 0;
  std::array<Mask, capacity> neighbours{};

  bool has_edge(int a, int b) const {
    return (neighbours[static_cast<std::size_t>(a)] >> b & 1) != 0;
  }
  void add_edge(int a, int b);
  int degree(int vertex) const;
  /// Pairs (a, b), a < b, in lexicographic order.
  std::vector<std::pair<int, int>> edges() const;
  /// Edges - vertices + 1: the number of independent rings of a connected graph.
  int ring_count() const;
  bool connected() const;

  bool operator==(const SmallGraph&) const = default;
};

/// image[v] is where vertex v goes.
using Permutation = std::array<std::uint8_t, SmallGraph::capacity>;

struct CanonicalForm {
  SmallGraph graph;                        ///< equal for isomorphic graphs
  std::vector<Permutation> automorphisms;  ///< of `graph`, the identity included
};

/// Relabels a graph canonically: the largest adjacency word over all orders of the vertices that
/// colour refinement leaves open.
CanonicalForm canonical_form(const SmallGraph& graph);

/// All connected graphs of `size` vertices up to isomorphism, with degrees and independent rings
/// limited, in a fixed order.
std::vector<CanonicalForm> connected_graphs(int size, int largest_degree, int most_rings);

/// A ring of a graph.
struct SmallRing {
  SmallGraph::Mask vertices = 0;
  std::uint64_t edges = 0;  ///< bits by position in SmallGraph::edges()
  int size = 0;
};

/// The relevant rings: all that are no sum of shorter ones (Vismara 1997); they do not depend on
/// the order of the vertices, as a smallest set of smallest rings does.
std::vector<SmallRing> relevant_rings(const SmallGraph& graph);

}  // namespace equigen
