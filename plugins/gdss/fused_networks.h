// SPDX-License-Identifier: MIT
#pragma once

#include "gdss/score_networks.h"

/// The score networks without gradients, one sample after another in the cache of a core: each at
/// its own number of nodes, so a sample's score depends on nothing else in its batch, to the last
/// bit. Threads share the batch.
namespace equigen::gdss {

/// Whether fused_forward() may stand in for forward(): on the CPU in float32 with gradients off.
bool fused_inference_fits(const at::Tensor& x);

at::Tensor fused_forward(const ConvolutionNodeScore& network, const at::Tensor& x,
                         const at::Tensor& adjacency, const GraphMask& mask);
at::Tensor fused_forward(const AttentionNodeScore& network, const at::Tensor& x,
                         const at::Tensor& adjacency, const GraphMask& mask);
at::Tensor fused_forward(const AdjacencyScore& network, const at::Tensor& x,
                         const at::Tensor& adjacency, const GraphMask& mask);

}  // namespace equigen::gdss
