// SPDX-License-Identifier: MIT
#pragma once

#include <torch/nn/modules/linear.h>

#include <cstdint>
#include <vector>

namespace equigen {

/// A stack of linear layers with an ELU after each but the last. Parameters are named
/// `linears.k.{weight,bias}`, or `linear.{weight,bias}` when there is only one; weights are
/// [out, in].
class Mlp : public torch::nn::Module {
 public:
  Mlp(std::int64_t num_layers, std::int64_t in_features, std::int64_t hidden_features,
      std::int64_t out_features);

  /// x [..., in] gives [..., out].
  at::Tensor forward(const at::Tensor& x) const;

  /// x [in, M], one column an item, gives [out, M]. The same function as forward() on x transposed,
  /// for data that is stored channel by channel.
  at::Tensor forward_channels_first(const at::Tensor& x) const;

  const std::vector<torch::nn::Linear>& layers() const { return layers_; }

 private:
  std::vector<torch::nn::Linear> layers_;
};

}  // namespace equigen
