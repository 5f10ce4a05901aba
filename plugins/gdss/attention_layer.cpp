// SPDX-License-Identifier: MIT
#include "gdss/attention_layer.h"

#include <fmt/format.h>
#include <torch/nn/modules/container/modulelist.h>

#include <algorithm>
#include <cmath>

#include "equigen/base/error.h"
#include "gdss/pair_channels.h"

namespace equigen::gdss {

GraphMask::GraphMask(const at::Tensor& node_flags)
    : flags(node_flags),
      nodes(flags.unsqueeze(-1)),
      pairs(flags.unsqueeze(-1) * flags.unsqueeze(-2)),
      packed_pairs(pack_pairs(pairs)) {}

at::Tensor node_flags(const at::Tensor& adjacency) {
  return (adjacency.abs().sum(-1) > 1e-5).to(adjacency.dtype());
}

AttentionChannel::AttentionChannel(std::int64_t in_features, std::int64_t attention_features,
                                   std::int64_t out_features)
    : query(register_module("gnn_q", std::make_shared<DenseGcn>(in_features, attention_features))),
      key(register_module("gnn_k", std::make_shared<DenseGcn>(in_features, attention_features))),
      value(register_module("gnn_v", std::make_shared<DenseGcn>(in_features, out_features))) {}

AttentionLayer::AttentionLayer(const AttentionSizes& sizes) : sizes_(sizes) {
  if (sizes.heads < 1 || sizes.attention_features % sizes.heads != 0) {
    throw ConfigError("attention-heads",
                      fmt::format("an attention width of {} cannot be cut into {} heads",
                                  sizes.attention_features, sizes.heads),
                      "choose hidden_features and attention_features as multiples of heads");
  }
  const auto list = register_module("attn", torch::nn::ModuleList());
  for (std::int64_t channel = 0; channel < sizes.in_channels; ++channel) {
    attention_.push_back(std::make_shared<AttentionChannel>(
        sizes.in_features, sizes.attention_features, sizes.out_features));
    list->push_back(attention_.back());
  }
  const std::int64_t width = 2 * std::max(sizes.in_channels, sizes.out_channels);
  pair_mlp_ =
      register_module("mlp", std::make_shared<Mlp>(sizes.num_linear_layers, 2 * sizes.in_channels,
                                                   width, sizes.out_channels));
  value_mlp_ = register_module(
      "multi_channel",
      std::make_shared<Mlp>(2, sizes.in_channels * sizes.out_features, width, sizes.out_features));
}

ChannelAttention AttentionLayer::attend(const at::Tensor& x, const at::Tensor& channels,
                                        const at::Tensor& flags, Wanted wanted) const {
  const bool want_values = wanted != Wanted::channels;
  const bool want_maps = wanted != Wanted::features;
  std::vector<at::Tensor> weights;
  std::vector<at::Tensor> biases;
  for (const auto& channel : attention_) {
    for (const DenseGcn* gcn : {channel->query.get(), channel->key.get(), channel->value.get()}) {
      const bool is_value = gcn == channel->value.get();
      if (is_value && !want_values) continue;
      weights.push_back(is_value || want_maps ? gcn->weight : gcn->weight.detach());
      biases.push_back(is_value || want_maps ? gcn->bias : gcn->bias.detach());
    }
  }
  const std::int64_t c = sizes_.in_channels;
  const at::Tensor weight = at::cat(weights, 1).view({sizes_.in_features, c, -1}).transpose(0, 1);
  const at::Tensor bias = at::cat(biases).view({c, -1});
  // The published code divides by the root of the value width, not of the head width.
  return channel_attention(x, channels, weight, bias, flags, widths(want_values));
}

AttentionWidths AttentionLayer::widths(bool want_values) const {
  return {.in = sizes_.in_features,
          .attention = sizes_.attention_features,
          .values = want_values ? sizes_.out_features : 0,
          .heads = sizes_.heads,
          .scale = 1.0F / std::sqrt(static_cast<float>(sizes_.out_features))};
}

AttentionLayer::Output AttentionLayer::forward(const at::Tensor& x, const at::Tensor& channels,
                                               const GraphMask& mask, Wanted wanted) const {
  const bool want_features = wanted != Wanted::channels;
  const ChannelAttention attention = attend(x, channels, mask.flags, wanted);
  Output output;
  if (want_features) output.features = at::tanh(value_mlp_->forward(attention.values) * mask.nodes);
  if (wanted == Wanted::features) return output;
  const at::Tensor pairs = at::cat({attention.maps, channels}).flatten(1);
  const at::Tensor mixed =
      pair_mlp_->forward_channels_first(pairs).view({sizes_.out_channels, x.size(0), -1});
  // Every input is symmetric, so M + M^T is 2 M.
  output.channels = mixed * (2 * mask.packed_pairs);
  return output;
}

}  // namespace equigen::gdss
