// SPDX-License-Identifier: MIT
#include "gdss/pair_channels.h"

#include <torch/types.h>

#include <algorithm>

namespace equigen::gdss {

at::Tensor pack_pairs(const at::Tensor& full) {
  const std::int64_t nodes = full.size(-1);
  const at::Tensor index = torch::empty({pair_count(nodes)}, torch::kLong);
  auto* place = index.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < nodes; ++i) {
    for (std::int64_t j = 0; j <= i; ++j) *place++ = i * nodes + j;
  }
  return full.flatten(-2).index_select(-1, index.to(full.device()));
}

at::Tensor unpack_pairs(const at::Tensor& packed, std::int64_t nodes) {
  const at::Tensor index = torch::empty({nodes * nodes}, torch::kLong);
  auto* place = index.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < nodes; ++i) {
    for (std::int64_t j = 0; j < nodes; ++j) {
      const std::int64_t high = std::max(i, j);
      *place++ = pair_count(high) + std::min(i, j);
    }
  }
  return packed.index_select(-1, index.to(packed.device())).unflatten(-1, {nodes, nodes});
}

}  // namespace equigen::gdss
