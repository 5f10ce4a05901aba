// SPDX-License-Identifier: MIT
#pragma once

#include <torch/nn/module.h>

#include <cstdint>

namespace equigen {

/// Symmetric normalisation of dense adjacencies A [..., N, N] ("Semi-Supervised Classification with
/// Graph Convolutional Networks", Kipf and Welling 2017): the diagonal is set to 1 (A~), and
/// A~_ij is scaled by d_i d_j with d_i = max(sum_j A~_ij, 1)^(-1/2). Negative weights are kept;
/// only the row sum is clamped.
at::Tensor normalised_adjacency(const at::Tensor& adjacency);

/// A graph convolution on dense adjacencies: y = A_n (x W) + b, with A_n from
/// normalised_adjacency(). Parameters `weight` [in, out], Glorot uniform, and `bias` [out], zero.
class DenseGcn : public torch::nn::Module {
 public:
  DenseGcn(std::int64_t in_features, std::int64_t out_features);

  /// x [B, N, in], normalised adjacency [B, N, N]; gives [B, N, out].
  at::Tensor forward(const at::Tensor& x, const at::Tensor& normalised) const;

  at::Tensor weight;
  at::Tensor bias;
};

}  // namespace equigen
