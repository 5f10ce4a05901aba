// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "gdss/sample_attention.h"

namespace equigen::gdss {

/// Attention of all channels of a batch: values [B, N, C values], the channels' values side by side
/// (undefined when the width is 0), and maps [C, B, pairs].
struct ChannelAttention {
  at::Tensor values;
  at::Tensor maps;
};

/// x [B, N, in], channels [C, B, pairs] packed, weight [C, in, all()] and bias [C, all()] of
/// queries, keys and values side by side. `flags` [B, N]: nodes with 0 are left out, and what
/// belongs to them is zero; undefined: all nodes count. Differentiable in all but flags.
///
/// On the CPU in float32 a fused kernel does it sample by sample; elsewhere LibTorch's operators.
ChannelAttention channel_attention(const at::Tensor& x, const at::Tensor& channels,
                                   const at::Tensor& weight, const at::Tensor& bias,
                                   const at::Tensor& flags, const AttentionWidths& widths);

/// The same by LibTorch's operators on any device; nodes with flag 0 are not left out.
ChannelAttention channel_attention_by_operators(const at::Tensor& x, const at::Tensor& channels,
                                                const at::Tensor& weight, const at::Tensor& bias,
                                                const AttentionWidths& widths);

/// Whether the fused CPU kernels can take x.
bool fused_kernels_fit(const at::Tensor& x);

/// Indices of the nodes of each sample whose flag is not 0; all nodes when flags is undefined.
std::vector<std::vector<std::int64_t>> real_nodes(const at::Tensor& flags, std::int64_t batch,
                                                  std::int64_t nodes);

}  // namespace equigen::gdss
