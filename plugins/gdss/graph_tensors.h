// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "equigen/data/sample.h"
#include "equigen/tensor/batch.h"

/// Between samples and the tensors that are diffused.
namespace equigen::gdss {

/// What a node's feature channels stand for.
struct NodeVocabulary {
  /// Graphs: one channel for each degree 0..degree_classes-1. 0 for molecules.
  std::int64_t degree_classes = 0;
  /// Molecules: the atomic number of each channel. Empty for graphs.
  std::vector<int> elements;

  bool molecules() const { return degree_classes == 0; }
  std::int64_t size() const {
    return molecules() ? static_cast<std::int64_t>(elements.size()) : degree_classes;
  }
};

/// Empty when `sample` can be turned into tensors, else why not.
std::string misfit(const Sample& sample, const NodeVocabulary& vocabulary, std::int64_t max_nodes);

/// "x" [B, N, F], one-hot, zero on nodes without edges; "adjacency" [B, N, N], 0/1 or bond orders,
/// with N the largest node count among `samples`. Throws DataError for a misfit.
Batch to_tensors(std::span<const Sample> samples, const NodeVocabulary& vocabulary,
                 std::int64_t max_nodes);

/// Edges where an entry is at least 0.5; int64 0/1, shape kept.
at::Tensor quantised_edges(const at::Tensor& adjacency);

/// Bond orders 0..3 with thresholds 0.5, 1.5, 2.5; int64, shape kept.
at::Tensor quantised_bonds(const at::Tensor& adjacency);

/// x [..., F] to [..., F + 1] int64: each channel above 0.5, then one minus their sum (which can be
/// negative).
at::Tensor atom_indicators(const at::Tensor& x);

/// Index of the first largest entry of atom_indicators(): F means no atom. int64 [...].
at::Tensor atom_classes(const at::Tensor& x);

/// The graph of one sample's adjacency [N, N], without isolated nodes; a single node when nothing
/// is left.
Graph decode_graph(const at::Tensor& adjacency);

/// The molecule of one sample, x [N, F] and adjacency [N, N], with its valences corrected and its
/// largest part kept (no atoms when nothing could be made of it), and the property
/// "valid_without_correction" (0 or 1).
Sample decode_molecule(const at::Tensor& x, const at::Tensor& adjacency,
                       const NodeVocabulary& vocabulary);

}  // namespace equigen::gdss
