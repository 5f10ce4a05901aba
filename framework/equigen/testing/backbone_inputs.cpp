// SPDX-License-Identifier: MIT
#include "equigen/testing/backbone_inputs.h"

#include <torch/types.h>

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "equigen/base/random.h"
#include "equigen/tensor/noise.h"

namespace equigen::testing {
namespace {

using Member = at::Tensor Features::*;
constexpr std::array<Member, 4> kMembers{&Features::scalars, &Features::vectors, &Features::edges,
                                         &Features::graphs};

at::Tensor rows(const at::Tensor& tensor, const at::Tensor& order) {
  return tensor.defined() ? tensor.index_select(0, order) : tensor;
}

at::Tensor range(const at::Tensor& tensor, std::int64_t first, std::int64_t last) {
  return tensor.defined() ? tensor.narrow(0, first, last - first) : tensor;
}

/// First and last row of nodes and edges of one graph.
struct Rows {
  std::int64_t first_node, last_node, first_edge, last_edge;
};

Rows rows_of(const GraphBatch& graphs, std::int64_t b) {
  const auto first = graphs.node_offsets[b].item<std::int64_t>();
  const auto last = graphs.node_offsets[b + 1].item<std::int64_t>();
  const auto edges_before = [&](std::int64_t node) {
    return (graphs.edge_target < node).sum().item<std::int64_t>();
  };
  return {first, last, edges_before(first), edges_before(last)};
}

at::Tensor rotated_vectors(const at::Tensor& vectors, const at::Tensor& rotation) {
  return vectors.defined() ? torch::matmul(rotation, vectors) : vectors;
}

}  // namespace

BackboneInput random_backbone_input(std::span<const std::int64_t> sizes,
                                    const FeatureSizes& sizes_in, bool with_positions,
                                    std::uint64_t key) {
  NoiseStream random(key, at::kCPU);
  const auto normal = [&](std::vector<std::int64_t> shape) {
    return random.normal(shape).to(torch::kFloat64);
  };
  BackboneInput input{complete_graphs(sizes), {}};
  const std::int64_t nodes = input.graphs.node_count();
  if (with_positions) input.graphs.positions = 1.5 * normal({nodes, 3});
  if (sizes_in.scalars > 0) input.features.scalars = normal({nodes, sizes_in.scalars});
  if (sizes_in.vectors > 0) input.features.vectors = normal({nodes, 3, sizes_in.vectors});
  if (sizes_in.edges > 0)
    input.features.edges = normal({input.graphs.edge_count(), sizes_in.edges});
  if (sizes_in.graphs > 0)
    input.features.graphs = normal({input.graphs.graph_count(), sizes_in.graphs});
  return input;
}

BackboneInput graph_alone(const BackboneInput& input, std::int64_t b) {
  const Rows at = rows_of(input.graphs, b);
  BackboneInput alone{{}, graph_alone(input.features, input.graphs, b)};
  alone.graphs.node_offsets = torch::tensor({std::int64_t{0}, at.last_node - at.first_node});
  alone.graphs.edge_source =
      range(input.graphs.edge_source, at.first_edge, at.last_edge) - at.first_node;
  alone.graphs.edge_target =
      range(input.graphs.edge_target, at.first_edge, at.last_edge) - at.first_node;
  alone.graphs.positions = range(input.graphs.positions, at.first_node, at.last_node);
  return alone;
}

Features graph_alone(const Features& features, const GraphBatch& graphs, std::int64_t b) {
  const Rows at = rows_of(graphs, b);
  return {range(features.scalars, at.first_node, at.last_node),
          range(features.vectors, at.first_node, at.last_node),
          range(features.edges, at.first_edge, at.last_edge), range(features.graphs, b, b + 1)};
}

Renumbered renumbered(const BackboneInput& input, std::uint64_t key) {
  const GraphBatch& graphs = input.graphs;
  std::vector<std::int64_t> order(static_cast<std::size_t>(graphs.node_count()));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  RandomStream random(key, "renumbering");
  for (std::int64_t b = 0; b < graphs.graph_count(); ++b) {
    const auto first = graphs.node_offsets[b].item<std::int64_t>();
    const auto count = graphs.node_offsets[b + 1].item<std::int64_t>() - first;
    random.shuffle(
        std::span(order).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)));
  }
  Renumbered result;
  result.node_order = torch::tensor(order, torch::kLong);
  const at::Tensor new_number = result.node_order.argsort();
  const at::Tensor source = new_number.index_select(0, graphs.edge_source);
  const at::Tensor target = new_number.index_select(0, graphs.edge_target);
  result.edge_order = (target * graphs.node_count() + source).argsort();
  result.input.graphs = graphs;
  result.input.graphs.edge_source = rows(source, result.edge_order);
  result.input.graphs.edge_target = rows(target, result.edge_order);
  result.input.graphs.positions = rows(graphs.positions, result.node_order);
  result.input.features = renumbered(input.features, result);
  return result;
}

Features renumbered(const Features& features, const Renumbered& how) {
  return {rows(features.scalars, how.node_order), rows(features.vectors, how.node_order),
          rows(features.edges, how.edge_order), features.graphs};
}

at::Tensor random_rotation(bool reflects, std::uint64_t key) {
  NoiseStream random(key, at::kCPU);
  const at::Tensor q =
      std::get<0>(torch::linalg_qr(random.normal({3, 3}).to(torch::kFloat64), "reduced"));
  const bool is_reflection = torch::det(q).item<double>() < 0;
  return is_reflection == reflects ? q : -q;
}

BackboneInput moved(const BackboneInput& input, const at::Tensor& rotation,
                    const at::Tensor& shift) {
  BackboneInput result = input;
  result.graphs.positions = torch::matmul(input.graphs.positions, rotation.t()) + shift;
  result.features.vectors = rotated_vectors(input.features.vectors, rotation);
  return result;
}

Features rotated(const Features& features, const at::Tensor& rotation) {
  Features result = features;
  result.vectors = rotated_vectors(features.vectors, rotation);
  return result;
}

BackboneInput on_device(const BackboneInput& input, const at::Device& device) {
  return {input.graphs.to(device), on_device(input.features, device)};
}

Features on_device(const Features& features, const at::Device& device) {
  Features result = features;
  for (const Member member : kMembers)
    if ((result.*member).defined()) result.*member = (result.*member).to(device);
  return result;
}

double difference(const Features& a, const Features& b) {
  double worst = 0;
  for (const Member member : kMembers) {
    const at::Tensor& x = a.*member;
    const at::Tensor& y = b.*member;
    if (x.defined() != y.defined() || (x.defined() && x.sizes() != y.sizes()))
      return std::numeric_limits<double>::infinity();
    if (!x.defined() || x.numel() == 0) continue;
    if (!torch::isfinite(x).all().item<bool>() || !torch::isfinite(y).all().item<bool>())
      return std::numeric_limits<double>::infinity();
    const auto scale = 1 + x.abs().max().item<double>();
    worst = std::max(worst, (x - y).abs().max().item<double>() / scale);
  }
  return worst;
}

at::Tensor weighted_sum(const Features& output) {
  at::Tensor sum = torch::zeros({}, torch::kFloat64);
  std::uint64_t key = 100;
  for (const Member member : kMembers) {
    const at::Tensor& x = output.*member;
    if (!x.defined() || x.numel() == 0) continue;
    NoiseStream random(++key, at::kCPU);
    sum = sum + (x * random.normal(x.sizes()).to(x.dtype())).sum();
  }
  return sum;
}

}  // namespace equigen::testing
