// SPDX-License-Identifier: MIT
#pragma once

#include "gdss/score_networks.h"

/// The networks written the slow and obvious way, one channel and one convolution at a time on full
/// matrices: what the fast code is compared with.
namespace equigen::gdss::testing {

at::Tensor oracle(const ConvolutionNodeScore& network, const at::Tensor& x,
                  const at::Tensor& adjacency, const at::Tensor& flags);
at::Tensor oracle(const AttentionNodeScore& network, const at::Tensor& x,
                  const at::Tensor& adjacency, const at::Tensor& flags);
at::Tensor oracle(const AdjacencyScore& network, const at::Tensor& x, const at::Tensor& adjacency,
                  const at::Tensor& flags);

}  // namespace equigen::gdss::testing
