// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "equigen/nn/backbone.h"

/// Inputs of backbones in float64, and the transformations that contracts try on them.
namespace equigen::testing {

struct BackboneInput {
  GraphBatch graphs;
  Features features;
};

/// Complete graphs of these sizes with random positions and features; the same for the same key.
BackboneInput random_backbone_input(std::span<const std::int64_t> sizes,
                                    const FeatureSizes& sizes_in, bool with_positions,
                                    std::uint64_t key = 1);

/// Graph `b` of a batch alone. Edges of a batch stand graph by graph.
BackboneInput graph_alone(const BackboneInput& input, std::int64_t b);
Features graph_alone(const Features& features, const GraphBatch& graphs, std::int64_t b);

/// Renumbers nodes: row i of the result is row order[i] of the input; edges are sorted again, and
/// edge e of the result is edge edge_order[e] of the input.
struct Renumbered {
  BackboneInput input;
  at::Tensor node_order;  ///< [N] int64
  at::Tensor edge_order;  ///< [E] int64
};
/// A random renumbering of the nodes within each graph.
Renumbered renumbered(const BackboneInput& input, std::uint64_t key);
Features renumbered(const Features& features, const Renumbered& how);

/// A random rotation [3, 3]; of determinant -1 with `reflects`.
at::Tensor random_rotation(bool reflects, std::uint64_t key);
/// Vectors v [N, 3, F] become R v; positions R x + shift [3].
BackboneInput moved(const BackboneInput& input, const at::Tensor& rotation,
                    const at::Tensor& shift);
Features rotated(const Features& features, const at::Tensor& rotation);

/// The same on another device.
BackboneInput on_device(const BackboneInput& input, const at::Device& device);
Features on_device(const Features& features, const at::Device& device);

/// The largest difference of any entry over 1 + the largest entry of `a`; infinite when one is not
/// finite or the shapes differ.
double difference(const Features& a, const Features& b);

/// A number that depends on every output: the sum of all outputs times fixed random weights.
at::Tensor weighted_sum(const Features& output);

}  // namespace equigen::testing
