// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "equigen/molecule/descriptors.h"
#include "equigen/molecule/molecule.h"

/// The neighbourhood subgraph pairwise distance kernel (Costa, De Grave, "Fast Neighborhood
/// Subgraph Pairwise Distance Kernel", ICML 2010) as GDSS and the methods compared with it use it:
/// radius 0 to 4, distance 0 to 4, each (radius, distance) normalised, then the whole. The
/// published program folds features into 2^16 buckets with a hash that differs from process to
/// process (about 1 % of the value); here they are told apart by 64 bits.
namespace equigen::nspdk {

/// A graph whose nodes and edges carry labels.
struct LabelledGraph {
  struct Edge {
    int begin = 0;
    int end = 0;
    int label = 0;
  };
  std::vector<int> node_labels;
  std::vector<Edge> edges;
};

/// Feature vector: (feature, value), ascending by feature.
using Features = std::vector<std::pair<std::uint64_t, double>>;

/// Atoms labelled by element, bonds by their order, aromatic ones by 1; charges and listed
/// hydrogens do not count. Throws DataError for impossible valences.
LabelledGraph labelled_graph(const Molecule& molecule);

/// The same graph of a described molecule.
LabelledGraph labelled_graph(const MoleculeSkeleton& skeleton);

/// The features of a graph, of unit length; empty for a graph without nodes.
Features features(const LabelledGraph& graph);

double inner_product(const Features& a, const Features& b);

/// The mean of the features of many molecules, on all cores; the same whatever their number.
/// Molecules without atoms and impossible ones are left out.
Features mean_features(std::span<const Molecule* const> molecules);

/// The same for described molecules (MoleculeParts::skeleton).
Features mean_described_features(
    std::span<const std::shared_ptr<const MoleculeDescriptors>> molecules);

/// Squared maximum mean discrepancy with this kernel: the squared distance of two means.
double squared_distance(const Features& a, const Features& b);

}  // namespace equigen::nspdk
