// SPDX-License-Identifier: MIT
#include "gdss/score_networks.h"

#include <torch/nn/modules/container/modulelist.h>

#include "gdss/fused_networks.h"
#include "gdss/pair_channels.h"

namespace equigen::gdss {
namespace {

/// Registers `layers` under the name "layers", so that parameters are named layers.k.*.
template <typename Layer>
void register_layers(torch::nn::Module& parent, const std::vector<std::shared_ptr<Layer>>& layers) {
  const auto list = parent.register_module("layers", torch::nn::ModuleList());
  for (const auto& layer : layers) list->push_back(layer);
}

/// Sizes of attention layer k of `count`; the value width is always hidden_features.
AttentionSizes attention_sizes(const NetworkSizes& sizes, std::int64_t k, std::int64_t count) {
  const bool first = k == 0;
  // A single layer is a first layer, as in the published code's construction order.
  const bool last = k + 1 == count && !first;
  return {.in_features = first ? sizes.node_classes : sizes.hidden_features,
          .attention_features = first ? sizes.hidden_features : sizes.attention_features,
          .out_features = sizes.hidden_features,
          .in_channels = first ? sizes.initial_channels : sizes.hidden_channels,
          .out_channels = last ? sizes.final_channels : sizes.hidden_channels,
          .num_linear_layers = sizes.num_linear_layers,
          .heads = sizes.heads};
}

std::vector<std::shared_ptr<AttentionLayer>> attention_layers(const NetworkSizes& sizes,
                                                              std::int64_t count) {
  std::vector<std::shared_ptr<AttentionLayer>> layers;
  for (std::int64_t k = 0; k < count; ++k)
    layers.push_back(std::make_shared<AttentionLayer>(attention_sizes(sizes, k, count)));
  return layers;
}

std::shared_ptr<Mlp> node_output(const NetworkSizes& sizes) {
  const std::int64_t width = sizes.node_classes + sizes.depth * sizes.hidden_features;
  return std::make_shared<Mlp>(3, width, 2 * width, sizes.node_classes);
}

}  // namespace

ScoreNetwork::~ScoreNetwork() = default;

at::Tensor adjacency_powers(const at::Tensor& adjacency, std::int64_t count) {
  std::vector<at::Tensor> powers{adjacency};
  while (static_cast<std::int64_t>(powers.size()) < count)
    powers.push_back(at::bmm(powers.back(), adjacency));
  return pack_pairs(at::stack(powers));
}

ConvolutionNodeScore::ConvolutionNodeScore(const NetworkSizes& sizes) {
  for (std::int64_t k = 0; k < sizes.depth; ++k) {
    layers_.push_back(std::make_shared<DenseGcn>(
        k == 0 ? sizes.node_classes : sizes.hidden_features, sizes.hidden_features));
  }
  register_layers(*this, layers_);
  final_ = register_module("final", node_output(sizes));
}

at::Tensor ConvolutionNodeScore::forward(const at::Tensor& x, const at::Tensor& adjacency,
                                         const GraphMask& mask) const {
  if (fused_inference_fits(x)) return fused_forward(*this, x, adjacency, mask);
  const at::Tensor normalised = normalised_adjacency(adjacency);
  std::vector<at::Tensor> features{x};
  for (const auto& layer : layers_)
    features.push_back(at::tanh(layer->forward(features.back(), normalised)));
  return final_->forward(at::cat(features, -1)) * mask.nodes;
}

AttentionNodeScore::AttentionNodeScore(const NetworkSizes& sizes)
    : initial_channels_(sizes.initial_channels), layers_(attention_layers(sizes, sizes.depth)) {
  register_layers(*this, layers_);
  final_ = register_module("final", node_output(sizes));
}

at::Tensor AttentionNodeScore::forward(const at::Tensor& x, const at::Tensor& adjacency,
                                       const GraphMask& mask) const {
  if (fused_inference_fits(x)) return fused_forward(*this, x, adjacency, mask);
  at::Tensor channels = adjacency_powers(adjacency, initial_channels_);
  std::vector<at::Tensor> features{x};
  for (const auto& layer : layers_) {
    const auto wanted =
        layer == layers_.back() ? AttentionLayer::Wanted::features : AttentionLayer::Wanted::both;
    AttentionLayer::Output output = layer->forward(features.back(), channels, mask, wanted);
    features.push_back(at::tanh(output.features));
    channels = std::move(output.channels);
  }
  return final_->forward(at::cat(features, -1)) * mask.nodes;
}

AdjacencyScore::AdjacencyScore(const NetworkSizes& sizes)
    : initial_channels_(sizes.initial_channels),
      layers_(attention_layers(sizes, sizes.num_layers)) {
  register_layers(*this, layers_);
  std::int64_t width = sizes.initial_channels;
  for (const auto& layer : layers_) width += layer->sizes().out_channels;
  final_ = register_module("final", std::make_shared<Mlp>(3, width, 2 * width, 1));
}

at::Tensor AdjacencyScore::forward(const at::Tensor& x, const at::Tensor& adjacency,
                                   const GraphMask& mask) const {
  if (fused_inference_fits(x)) return fused_forward(*this, x, adjacency, mask);
  std::vector<at::Tensor> channels{adjacency_powers(adjacency, initial_channels_)};
  at::Tensor features = x;
  for (const auto& layer : layers_) {
    const auto wanted =
        layer == layers_.back() ? AttentionLayer::Wanted::channels : AttentionLayer::Wanted::both;
    AttentionLayer::Output output = layer->forward(features, channels.back(), mask, wanted);
    features = std::move(output.features);
    channels.push_back(std::move(output.channels));
  }
  const at::Tensor pairs = at::cat(channels).flatten(1);
  const std::int64_t nodes = adjacency.size(-1);
  const at::Tensor score =
      unpack_pairs(final_->forward_channels_first(pairs).view({x.size(0), -1}), nodes);
  const at::Tensor off_diagonal = 1 - torch::eye(nodes, adjacency.options());
  return score * off_diagonal * mask.pairs;
}

}  // namespace equigen::gdss
