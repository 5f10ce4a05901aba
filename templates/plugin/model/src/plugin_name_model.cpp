#include "plugin_name_model.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>

#include "equigen/base/error.h"
#include "equigen/base/random.h"

namespace plugin_name {
namespace {

/// What the encoder sees of a node: that it is there, and its degree.
constexpr std::int64_t kNodeFeatures = 2;

at::Tensor node_features(const at::Tensor& adjacency, const at::Tensor& mask) {
  return torch::stack({mask, torch::log1p(adjacency.sum(-1))}, -1);
}

/// [B, N, N]: 1 for pairs i < j of nodes that are there.
at::Tensor pair_mask(const at::Tensor& mask) {
  return (mask.unsqueeze(1) * mask.unsqueeze(2)).triu(1);
}

}  // namespace

void PluginNameModel::Config::declare(equigen::config::Declaration<Config>& keys) {
  keys.doc("A variational autoencoder of graphs with one latent vector a node.");
  keys.field("hidden_features", &Config::hidden_features, "width of encoder and decoder")
      .range(1, 4096);
  keys.field("latent_features", &Config::latent_features, "length of a node's latent vector")
      .range(1, 4096);
  keys.field("divergence_weight", &Config::divergence_weight,
             "weight of the Kullback-Leibler divergence; 1 is the evidence lower bound")
      .at_least(0);
}

PluginNameModel::PluginNameModel(Config config, const equigen::DataSummary& summary)
    : config_(config),
      size_histogram_(summary.size_histogram),
      max_nodes_(std::max<std::int64_t>(summary.max_size(), 1)) {
  if (summary.structure != "graph") {
    throw equigen::ConfigError("plugin_name-structure",
                               "plugin_name is a model of graphs, the data are molecules",
                               "choose a data set of graphs");
  }
  const std::int64_t hidden = config_.hidden_features;
  const std::int64_t latent = config_.latent_features;
  first_convolution_ = register_module("first_convolution",
                                       std::make_shared<equigen::DenseGcn>(kNodeFeatures, hidden));
  second_convolution_ = register_module("second_convolution",
                                        std::make_shared<equigen::DenseGcn>(hidden, 2 * latent));
  decoder_ = register_module("decoder", std::make_shared<equigen::Mlp>(3, latent, hidden, hidden));
  edge_bias_ = register_parameter("edge_bias", torch::full({1}, -1.0));
}

std::string PluginNameModel::misfit(const equigen::Sample& sample) const {
  const auto* graph = std::get_if<equigen::Graph>(&sample.structure);
  if (graph == nullptr) return "it is a molecule; plugin_name is a model of graphs";
  if (graph->node_count > max_nodes_)
    return "it has more nodes than any graph of the training data";
  return {};
}

equigen::Batch PluginNameModel::collate(std::span<const equigen::Sample> samples) const {
  std::int64_t nodes = 1;
  for (const equigen::Sample& sample : samples) {
    if (const std::string reason = misfit(sample); !reason.empty())
      throw equigen::DataError("plugin_name-misfit", "a sample does not fit the model: " + reason);
    nodes = std::max(nodes, equigen::node_count(sample));
  }
  const at::Tensor adjacency = torch::zeros({std::ssize(samples), nodes, nodes});
  const at::Tensor mask = torch::zeros({std::ssize(samples), nodes});
  auto edge = adjacency.accessor<float, 3>();
  for (std::int64_t b = 0; b < std::ssize(samples); ++b) {
    const auto& graph = std::get<equigen::Graph>(samples[static_cast<std::size_t>(b)].structure);
    for (const auto& [i, j] : graph.edges) edge[b][i][j] = edge[b][j][i] = 1;
    mask[b].narrow(0, 0, graph.node_count).fill_(1);
  }
  return {{"adjacency", adjacency}, {"mask", mask}};
}

at::Tensor PluginNameModel::edge_logits(const at::Tensor& latent) const {
  const at::Tensor h = decoder_->forward(latent);
  const double scale = 1 / std::sqrt(static_cast<double>(config_.hidden_features));
  return torch::matmul(h, h.transpose(1, 2)) * scale + edge_bias_;
}

equigen::Loss PluginNameModel::loss(const equigen::Batch& batch, equigen::NoiseStream& noise) {
  const at::Tensor& adjacency = batch.at("adjacency");
  const at::Tensor& mask = batch.at("mask");
  const at::Tensor normalised = equigen::normalised_adjacency(adjacency);
  const at::Tensor hidden =
      torch::relu(first_convolution_->forward(node_features(adjacency, mask), normalised));
  const auto parts = second_convolution_->forward(hidden, normalised).chunk(2, -1);
  const at::Tensor& mean = parts[0];
  const at::Tensor log_variance = parts[1].clamp(-10, 10);
  const at::Tensor latent = mean + (0.5 * log_variance).exp() * noise.normal(mean.sizes());

  const at::Tensor errors = torch::binary_cross_entropy_with_logits(edge_logits(latent), adjacency,
                                                                    {}, {}, at::Reduction::None);
  const at::Tensor reconstruction = (errors * pair_mask(mask)).sum({1, 2}).mean();
  // KL(q || N(0, 1)) = 1/2 sum (mean^2 + variance - 1 - log variance), over the nodes that are
  // there.
  const at::Tensor divergences =
      0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(-1);
  const at::Tensor divergence = (divergences * mask).sum(1).mean();
  return {reconstruction + config_.divergence_weight * divergence,
          {{"reconstruction", reconstruction.detach()}, {"divergence", divergence.detach()}}};
}

std::int64_t PluginNameModel::draw_size(std::uint64_t seed, std::int64_t index) const {
  std::int64_t total = 0;
  for (const std::int64_t count : size_histogram_) total += count;
  equigen::RandomStream random(seed, "plugin_name-size", static_cast<std::uint64_t>(index));
  auto left = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(total)));
  std::size_t size = 0;
  while (left >= size_histogram_[size]) left -= size_histogram_[size++];
  return static_cast<std::int64_t>(size);
}

std::vector<equigen::Sample> PluginNameModel::sample(const equigen::SamplingRequest& request) {
  if (request.stop() || request.sample_indices.empty()) return {};
  const c10::InferenceMode inference;
  // All have the largest size, so that a sample's numbers do not depend on its batch.
  equigen::SampleNoise noise(request.seed, request.sample_indices, request.device);
  const at::Tensor latent = noise.normal({max_nodes_, config_.latent_features});
  const at::Tensor probability = torch::sigmoid(edge_logits(latent));
  const at::Tensor drawn =
      (noise.uniform({max_nodes_, max_nodes_}) < probability).cpu().contiguous();
  const auto is_edge = drawn.accessor<bool, 3>();
  std::vector<equigen::Sample> samples;
  for (std::int64_t b = 0; b < noise.batch_size(); ++b) {
    const auto index = request.sample_indices[static_cast<std::size_t>(b)];
    equigen::Graph graph{static_cast<std::int32_t>(draw_size(request.seed, index)), {}};
    for (std::int32_t i = 0; i < graph.node_count; ++i) {
      for (std::int32_t j = i + 1; j < graph.node_count; ++j) {
        if (is_edge[b][i][j]) graph.edges.emplace_back(i, j);
      }
    }
    samples.push_back({std::move(graph), {}});
  }
  request.progress(1);
  return samples;
}

}  // namespace plugin_name
