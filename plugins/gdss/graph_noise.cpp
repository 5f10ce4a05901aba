// SPDX-License-Identifier: MIT
#include "gdss/graph_noise.h"

#include <torch/types.h>

#include <algorithm>

namespace equigen::gdss {

TriangleMap::TriangleMap(std::int64_t nodes, at::Device device) : nodes_(nodes) {
  const at::Tensor index = torch::zeros({nodes * nodes}, torch::kLong);
  const at::Tensor off_diagonal = torch::zeros({nodes * nodes});
  for (std::int64_t i = 0; i < nodes; ++i) {
    for (std::int64_t j = 0; j < nodes; ++j) {
      if (i == j) continue;
      const std::int64_t high = std::max(i, j);
      index[i * nodes + j] = high * (high - 1) / 2 + std::min(i, j);
      off_diagonal[i * nodes + j] = 1.0F;
    }
  }
  index_ = index.to(device);
  off_diagonal_ = off_diagonal.to(device);
}

at::Tensor TriangleMap::symmetric(const at::Tensor& rows) const {
  if (pair_count() == 0) return torch::zeros({rows.size(0), nodes_, nodes_}, rows.options());
  return (rows.index_select(1, index_) * off_diagonal_).view({rows.size(0), nodes_, nodes_});
}

GraphNoise::GraphNoise(SampleNoise noise, GraphMask mask, std::int64_t node_classes)
    : noise_(std::move(noise)),
      mask_(std::move(mask)),
      nodes_(mask_.nodes.size(1)),
      node_classes_(node_classes),
      triangle_(nodes_, mask_.nodes.device()) {}

at::Tensor GraphNoise::normal(std::size_t field) {
  if (field == 0) return noise_.normal({nodes_, node_classes_}) * mask_.nodes;
  return triangle_.symmetric(noise_.normal({triangle_.pair_count()})) * mask_.pairs;
}

}  // namespace equigen::gdss
