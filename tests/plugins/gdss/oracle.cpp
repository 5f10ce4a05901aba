// SPDX-License-Identifier: MIT
#include "plugins/gdss/oracle.h"

#include <torch/types.h>

#include <cmath>

namespace equigen::gdss::testing {
namespace {

at::Tensor convolution(const DenseGcn& gcn, const at::Tensor& x, const at::Tensor& adjacency) {
  const at::Tensor eye = torch::eye(adjacency.size(-1), adjacency.options());
  const at::Tensor looped = torch::where(eye > 0, eye, adjacency);
  const at::Tensor degree = looped.sum(-1).clamp_min(1).pow(-0.5);
  const at::Tensor normalised = degree.unsqueeze(-1) * looped * degree.unsqueeze(-2);
  return torch::matmul(normalised, torch::matmul(x, gcn.weight)) + gcn.bias;
}

struct LayerResult {
  at::Tensor features;
  at::Tensor channels;  ///< [B, C, N, N]
};

LayerResult attention_layer(const AttentionLayer& layer, const at::Tensor& x,
                            const at::Tensor& channels, const at::Tensor& flags) {
  const AttentionSizes& sizes = layer.sizes();
  std::vector<at::Tensor> values;
  std::vector<at::Tensor> maps;
  for (std::int64_t c = 0; c < sizes.in_channels; ++c) {
    const AttentionChannel& channel = *layer.attention()[static_cast<std::size_t>(c)];
    const at::Tensor adjacency = channels.select(1, c);
    const auto queries = convolution(*channel.query, x, adjacency).chunk(sizes.heads, -1);
    const auto keys = convolution(*channel.key, x, adjacency).chunk(sizes.heads, -1);
    at::Tensor map = torch::zeros_like(adjacency);
    for (std::size_t h = 0; h < queries.size(); ++h) {
      const at::Tensor product = torch::matmul(queries[h], keys[h].transpose(1, 2));
      map = map + torch::tanh(product / std::sqrt(static_cast<double>(sizes.out_features)));
    }
    map = map / static_cast<double>(sizes.heads);
    maps.push_back((map + map.transpose(1, 2)) / 2);
    values.push_back(convolution(*channel.value, x, adjacency));
  }
  const at::Tensor nodes = flags.unsqueeze(-1);
  LayerResult result;
  result.features = torch::tanh(layer.value_mlp().forward(torch::cat(values, -1)) * nodes);
  const at::Tensor pairs = torch::cat({torch::stack(maps, -1), channels.permute({0, 2, 3, 1})}, -1);
  const at::Tensor mixed = layer.pair_mlp().forward(pairs).permute({0, 3, 1, 2});
  result.channels =
      (mixed + mixed.transpose(-1, -2)) * (nodes * nodes.transpose(1, 2)).unsqueeze(1);
  return result;
}

at::Tensor powers(const at::Tensor& adjacency, std::int64_t count) {
  std::vector<at::Tensor> all{adjacency};
  for (std::int64_t k = 1; k < count; ++k) all.push_back(torch::matmul(all.back(), adjacency));
  return torch::stack(all, 1);
}

}  // namespace

at::Tensor oracle(const ConvolutionNodeScore& network, const at::Tensor& x,
                  const at::Tensor& adjacency, const at::Tensor& flags) {
  std::vector<at::Tensor> features{x};
  for (const auto& layer : network.layers())
    features.push_back(torch::tanh(convolution(*layer, features.back(), adjacency)));
  return network.final_mlp().forward(torch::cat(features, -1)) * flags.unsqueeze(-1);
}

at::Tensor oracle(const AttentionNodeScore& network, const at::Tensor& x,
                  const at::Tensor& adjacency, const at::Tensor& flags) {
  at::Tensor channels = powers(adjacency, network.layers().front()->sizes().in_channels);
  std::vector<at::Tensor> features{x};
  for (const auto& layer : network.layers()) {
    const LayerResult result = attention_layer(*layer, features.back(), channels, flags);
    features.push_back(torch::tanh(result.features));
    channels = result.channels;
  }
  return network.final_mlp().forward(torch::cat(features, -1)) * flags.unsqueeze(-1);
}

at::Tensor oracle(const AdjacencyScore& network, const at::Tensor& x, const at::Tensor& adjacency,
                  const at::Tensor& flags) {
  std::vector<at::Tensor> channels{
      powers(adjacency, network.layers().front()->sizes().in_channels)};
  at::Tensor features = x;
  for (const auto& layer : network.layers()) {
    const LayerResult result = attention_layer(*layer, features, channels.back(), flags);
    features = result.features;
    channels.push_back(result.channels);
  }
  const at::Tensor pairs = torch::cat(channels, 1).permute({0, 2, 3, 1});
  const at::Tensor score = network.final_mlp().forward(pairs).squeeze(-1);
  const at::Tensor off_diagonal = 1 - torch::eye(adjacency.size(-1), adjacency.options());
  return score * off_diagonal * flags.unsqueeze(-1) * flags.unsqueeze(-2);
}

}  // namespace equigen::gdss::testing
