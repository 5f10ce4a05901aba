// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

/// Symmetric N x N matrices as rows of their lower triangle with the diagonal: pair (i, j), i >= j,
/// is entry i (i + 1) / 2 + j. That place does not depend on N: the first n nodes' pairs come
/// first.
namespace equigen::gdss {

constexpr std::int64_t pair_count(std::int64_t nodes) {
  return nodes * (nodes + 1) / 2;
}

/// [..., N, N], symmetric, to [..., pair_count(N)].
at::Tensor pack_pairs(const at::Tensor& full);

/// [..., pair_count(N)] to [..., N, N].
at::Tensor unpack_pairs(const at::Tensor& packed, std::int64_t nodes);

}  // namespace equigen::gdss
