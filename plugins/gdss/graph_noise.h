// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "equigen/process/sde_solvers.h"
#include "equigen/tensor/noise.h"
#include "gdss/attention_layer.h"

namespace equigen::gdss {

/// The strict lower triangle of N x N matrices as rows: pair (i, j), i > j, is entry
/// i (i - 1) / 2 + j. That place does not depend on N, so neither does noise drawn in this form.
class TriangleMap {
 public:
  TriangleMap(std::int64_t nodes, at::Device device);
  std::int64_t pair_count() const { return nodes_ * (nodes_ - 1) / 2; }
  /// [B, pair_count()] to [B, N, N], mirrored, with a zero diagonal.
  at::Tensor symmetric(const at::Tensor& rows) const;

 private:
  std::int64_t nodes_;
  at::Tensor index_;         ///< [N * N]
  at::Tensor off_diagonal_;  ///< [N * N]
};

/// Noise of {x, adjacency} for a sampler; a sample's noise depends on nothing but its own stream.
class GraphNoise : public FieldNoise {
 public:
  GraphNoise(SampleNoise noise, GraphMask mask, std::int64_t node_classes);
  at::Tensor normal(std::size_t field) override;

 private:
  SampleNoise noise_;
  GraphMask mask_;
  std::int64_t nodes_;
  std::int64_t node_classes_;
  TriangleMap triangle_;
};

}  // namespace equigen::gdss
