// SPDX-License-Identifier: MIT
#include "equigen/nn/mlp.h"

#include <fmt/format.h>
#include <torch/nn/modules/container/modulelist.h>

#include "equigen/base/error.h"

namespace equigen {

Mlp::Mlp(std::int64_t num_layers, std::int64_t in_features, std::int64_t hidden_features,
         std::int64_t out_features) {
  if (num_layers < 1)
    throw ConfigError("mlp-layers", fmt::format("an MLP of {} layers", num_layers));
  if (num_layers == 1) {
    layers_.push_back(register_module("linear", torch::nn::Linear(in_features, out_features)));
    return;
  }
  const auto linears = register_module("linears", torch::nn::ModuleList());
  for (std::int64_t k = 0; k < num_layers; ++k) {
    const std::int64_t in = k == 0 ? in_features : hidden_features;
    const std::int64_t out = k + 1 == num_layers ? out_features : hidden_features;
    layers_.emplace_back(in, out);
    linears->push_back(layers_.back());
  }
}

at::Tensor Mlp::forward(const at::Tensor& x) const {
  at::Tensor h = x;
  for (std::size_t k = 0; k < layers_.size(); ++k) {
    h = at::linear(h, layers_[k]->weight, layers_[k]->bias);
    if (k + 1 < layers_.size()) h = at::elu(h);
  }
  return h;
}

at::Tensor Mlp::forward_channels_first(const at::Tensor& x) const {
  at::Tensor h = x;
  for (std::size_t k = 0; k < layers_.size(); ++k) {
    h = at::addmm(layers_[k]->bias.unsqueeze(1), layers_[k]->weight, h);
    if (k + 1 < layers_.size()) h = at::elu(h);
  }
  return h;
}

}  // namespace equigen
