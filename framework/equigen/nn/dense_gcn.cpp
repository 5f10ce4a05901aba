// SPDX-License-Identifier: MIT
#include "equigen/nn/dense_gcn.h"

#include <torch/nn/init.h>
#include <torch/types.h>

namespace equigen {

at::Tensor normalised_adjacency(const at::Tensor& adjacency) {
  const at::Tensor eye = torch::eye(adjacency.size(-1), adjacency.options());
  const at::Tensor looped = adjacency * (1 - eye) + eye;
  const at::Tensor scale = looped.sum(-1).clamp_min(1).pow(-0.5);
  return scale.unsqueeze(-1) * looped * scale.unsqueeze(-2);
}

DenseGcn::DenseGcn(std::int64_t in_features, std::int64_t out_features)
    : weight(register_parameter("weight", torch::empty({in_features, out_features}))),
      bias(register_parameter("bias", torch::zeros({out_features}))) {
  torch::nn::init::xavier_uniform_(weight);
}

at::Tensor DenseGcn::forward(const at::Tensor& x, const at::Tensor& normalised) const {
  return torch::matmul(normalised, torch::matmul(x, weight)) + bias;
}

}  // namespace equigen
