// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>

namespace equigen {

/// B graphs as one, for networks that pass messages along edges: nodes of graph b are the rows
/// node_offsets[b] .. node_offsets[b + 1] - 1. An edge carries a message from its source to its
/// target; an undirected edge stands in both directions. Edges are sorted by (target, source), so
/// that sums over a node's edges run in one order.
struct GraphBatch {
  at::Tensor node_offsets;  ///< [B + 1] int64
  at::Tensor edge_source;   ///< [E] int64
  at::Tensor edge_target;   ///< [E] int64
  at::Tensor positions;     ///< [N, 3]; undefined for graphs without geometry
  at::Tensor edge_shifts;   ///< [E, 3] which periodic image the source is in; undefined: none
  at::Tensor lattices;      ///< [B, 3, 3] rows are lattice vectors; undefined: not periodic

  std::int64_t graph_count() const { return node_offsets.size(0) - 1; }
  std::int64_t node_count() const;
  std::int64_t edge_count() const { return edge_source.size(0); }

  /// [N] int64: the graph of each node.
  at::Tensor graph_of_node() const;
  /// [E, 3]: from target to source, x_source + shift * lattice - x_target.
  at::Tensor displacements() const;

  GraphBatch to(const at::Device& device) const;
};

/// A batch of these node counts with all edges i -> j, i != j, within each graph.
GraphBatch complete_graphs(std::span<const std::int64_t> sizes);

/// Sums rows: values [M, ...] and index [M] in [0, count) give [count, ...].
at::Tensor sum_by_index(const at::Tensor& values, const at::Tensor& index, std::int64_t count);

/// The entries of dense [B, n, n, ...] at the edges: [E, ...] with entry (target, source) of the
/// edge's graph.
at::Tensor edges_of_dense(const GraphBatch& graphs, const at::Tensor& dense);

/// The reverse: edge values [E, ...] as [B, n, n, ...], zero where there is no edge.
at::Tensor dense_of_edges(const GraphBatch& graphs, const at::Tensor& values, std::int64_t nodes);

}  // namespace equigen
