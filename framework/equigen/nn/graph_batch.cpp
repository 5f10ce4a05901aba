// SPDX-License-Identifier: MIT
#include "equigen/nn/graph_batch.h"

#include <torch/types.h>

#include <vector>

#include "equigen/nn/backbone.h"

namespace equigen {
namespace {

/// Where each edge stands in a dense [B, n, n]: graph, target and source within the graph.
struct DensePlaces {
  at::Tensor graph;
  at::Tensor target;
  at::Tensor source;
};

DensePlaces dense_places(const GraphBatch& graphs) {
  const at::Tensor graph = graphs.graph_of_node().index_select(0, graphs.edge_target);
  const at::Tensor first = graphs.node_offsets.index_select(0, graph);
  return {graph, graphs.edge_target - first, graphs.edge_source - first};
}

}  // namespace

Backbone::~Backbone() = default;

std::int64_t GraphBatch::node_count() const {
  return node_offsets[-1].item<std::int64_t>();
}

at::Tensor GraphBatch::graph_of_node() const {
  const at::Tensor sizes = node_offsets.diff();
  return torch::repeat_interleave(torch::arange(graph_count(), node_offsets.options()), sizes);
}

at::Tensor GraphBatch::displacements() const {
  at::Tensor result =
      positions.index_select(0, edge_source) - positions.index_select(0, edge_target);
  if (!edge_shifts.defined()) return result;
  const at::Tensor lattice = lattices.index_select(0, graph_of_node().index_select(0, edge_target));
  return result + torch::matmul(edge_shifts.to(lattice.dtype()).unsqueeze(1), lattice).squeeze(1);
}

GraphBatch GraphBatch::to(const at::Device& device) const {
  GraphBatch moved = *this;
  for (at::Tensor* tensor : {&moved.node_offsets, &moved.edge_source, &moved.edge_target,
                             &moved.positions, &moved.edge_shifts, &moved.lattices}) {
    if (tensor->defined()) *tensor = tensor->to(device);
  }
  return moved;
}

GraphBatch complete_graphs(std::span<const std::int64_t> sizes) {
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int64_t> source;
  std::vector<std::int64_t> target;
  for (const std::int64_t size : sizes) {
    const std::int64_t first = offsets.back();
    for (std::int64_t i = first; i < first + size; ++i) {
      for (std::int64_t j = first; j < first + size; ++j) {
        if (i == j) continue;
        target.push_back(i);
        source.push_back(j);
      }
    }
    offsets.push_back(first + size);
  }
  GraphBatch graphs;
  graphs.node_offsets = torch::tensor(offsets, torch::kLong);
  graphs.edge_source = torch::tensor(source, torch::kLong);
  graphs.edge_target = torch::tensor(target, torch::kLong);
  return graphs;
}

at::Tensor sum_by_index(const at::Tensor& values, const at::Tensor& index, std::int64_t count) {
  std::vector<std::int64_t> shape = values.sizes().vec();
  shape[0] = count;
  return torch::zeros(shape, values.options()).index_add(0, index, values);
}

at::Tensor edges_of_dense(const GraphBatch& graphs, const at::Tensor& dense) {
  const DensePlaces places = dense_places(graphs);
  return dense.index({places.graph, places.target, places.source});
}

at::Tensor dense_of_edges(const GraphBatch& graphs, const at::Tensor& values, std::int64_t nodes) {
  const DensePlaces places = dense_places(graphs);
  std::vector<std::int64_t> shape = values.sizes().vec();
  shape[0] = graphs.graph_count();
  shape.insert(shape.begin() + 1, {nodes, nodes});
  return torch::zeros(shape, values.options())
      .index_put({places.graph, places.target, places.source}, values);
}

}  // namespace equigen
