#include "plugin_name_trial.h"

#include <torch/types.h>

#include <algorithm>

#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/plugin/registry.h"

namespace plugin_name {
namespace {

using equigen::GraphBatch;

/// What the backbone gets: noisy degree over the largest possible one; the noisy edge; t and 1 - t.
const equigen::BackboneShape kShape{{.scalars = 1, .vectors = 0, .edges = 1, .graphs = 2},
                                    {.scalars = 0, .vectors = 0, .edges = 1, .graphs = 0}};

/// Symmetric, from the upper triangle of [B, N, N], zero on the diagonal.
at::Tensor symmetric(const at::Tensor& values) {
  const at::Tensor upper = values.triu(1);
  return upper + upper.transpose(1, 2);
}

/// Flips edges of 0/1 graphs [B, N, N] where uniform numbers are below t / 2, t [B].
at::Tensor flipped(const at::Tensor& graphs, const at::Tensor& uniform, const at::Tensor& t) {
  const at::Tensor flips = symmetric((uniform < 0.5 * t.view({-1, 1, 1})).to(graphs.dtype()));
  return graphs + flips - 2 * graphs * flips;
}

std::vector<std::int64_t> as_vector(const at::Tensor& sizes) {
  const at::Tensor host = sizes.cpu().contiguous();
  return {host.data_ptr<std::int64_t>(), host.data_ptr<std::int64_t>() + host.numel()};
}

}  // namespace

void PluginNameTrial::Config::declare(equigen::config::Declaration<Config>& keys) {
  keys.doc("Graphs by denoising flipped edges, to try a backbone with.");
  keys.field("backbone", &Config::backbone, "the network").kind("backbone");
  keys.field("steps", &Config::steps, "denoising steps of a sample").range(1, 10000);
}

PluginNameTrial::PluginNameTrial(Config config, const equigen::DataSummary& summary)
    : config_(std::move(config)),
      size_histogram_(summary.size_histogram),
      max_nodes_(std::max<std::int64_t>(summary.max_size(), 1)) {
  if (summary.structure != "graph") {
    throw equigen::ConfigError("plugin_name-structure",
                               "plugin_name_trial is a model of graphs, the data are molecules",
                               "choose a data set of graphs");
  }
  backbone_ = register_module("backbone", equigen::Registry::instance().create<equigen::Backbone>(
                                              config_.backbone, kShape));
}

std::string PluginNameTrial::misfit(const equigen::Sample& sample) const {
  const auto* graph = std::get_if<equigen::Graph>(&sample.structure);
  if (graph == nullptr) return "it is a molecule; plugin_name_trial is a model of graphs";
  if (graph->node_count > max_nodes_)
    return "it has more nodes than any graph of the training data";
  return {};
}

equigen::Batch PluginNameTrial::collate(std::span<const equigen::Sample> samples) const {
  std::vector<std::int64_t> sizes;
  for (const equigen::Sample& sample : samples) {
    if (const std::string reason = misfit(sample); !reason.empty())
      throw equigen::DataError("plugin_name-misfit", "a sample does not fit the model: " + reason);
    sizes.push_back(equigen::node_count(sample));
  }
  const std::int64_t nodes = sizes.empty() ? 1 : std::ranges::max(sizes);
  const at::Tensor adjacency = torch::zeros({std::ssize(samples), nodes, nodes});
  auto edge = adjacency.accessor<float, 3>();
  for (std::int64_t b = 0; b < std::ssize(samples); ++b) {
    const auto& graph = std::get<equigen::Graph>(samples[static_cast<std::size_t>(b)].structure);
    for (const auto& [i, j] : graph.edges) edge[b][i][j] = edge[b][j][i] = 1;
  }
  return {{"adjacency", adjacency}, {"sizes", torch::tensor(sizes, torch::kLong)}};
}

at::Tensor PluginNameTrial::clean_logits(const GraphBatch& graphs, const at::Tensor& noisy,
                                         const at::Tensor& t) {
  const at::Tensor edges = equigen::edges_of_dense(graphs, noisy);
  const at::Tensor degrees = equigen::sum_by_index(edges, graphs.edge_target, graphs.node_count());
  equigen::Features input;
  input.scalars = (degrees / static_cast<double>(max_nodes_)).unsqueeze(1);
  input.edges = (2 * edges - 1).unsqueeze(1);
  input.graphs = torch::stack({t, 1 - t}, 1);
  const at::Tensor logits = backbone_->forward(graphs, input).edges.squeeze(1);
  const at::Tensor dense = equigen::dense_of_edges(graphs, logits, noisy.size(1));
  return equigen::edges_of_dense(graphs, 0.5 * (dense + dense.transpose(1, 2)));
}

equigen::Loss PluginNameTrial::loss(const equigen::Batch& batch, equigen::NoiseStream& noise) {
  const at::Tensor& clean = batch.at("adjacency");
  const GraphBatch graphs =
      equigen::complete_graphs(as_vector(batch.at("sizes"))).to(clean.device());
  const at::Tensor t = noise.uniform({clean.size(0)});
  const at::Tensor noisy = flipped(clean, noise.uniform(clean.sizes()), t);
  const at::Tensor errors = torch::binary_cross_entropy_with_logits(
      clean_logits(graphs, noisy, t), equigen::edges_of_dense(graphs, clean), {}, {},
      at::Reduction::Sum);
  // A graph of one node has no edge at all.
  const auto count = static_cast<double>(std::max<std::int64_t>(graphs.edge_count(), 1));
  const at::Tensor total = errors / count;
  return {total, {{"edges", total.detach()}}};
}

std::int64_t PluginNameTrial::draw_size(std::uint64_t seed, std::int64_t index) const {
  std::int64_t total = 0;
  for (const std::int64_t count : size_histogram_) total += count;
  equigen::RandomStream random(seed, "plugin_name-size", static_cast<std::uint64_t>(index));
  auto left = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(total)));
  std::size_t size = 0;
  while (left >= size_histogram_[size]) left -= size_histogram_[size++];
  return static_cast<std::int64_t>(size);
}

std::vector<equigen::Sample> PluginNameTrial::sample(const equigen::SamplingRequest& request) {
  if (request.sample_indices.empty()) return {};
  const c10::InferenceMode inference;
  std::vector<std::int64_t> sizes;
  for (const std::int64_t index : request.sample_indices)
    sizes.push_back(draw_size(request.seed, index));
  const GraphBatch graphs = equigen::complete_graphs(sizes).to(request.device);
  equigen::SampleNoise noise(request.seed, request.sample_indices, request.device);
  // All have the largest size, so that a sample's numbers do not depend on its batch.
  const auto uniform = [&] { return noise.uniform({max_nodes_, max_nodes_}); };
  const auto options = torch::TensorOptions().device(request.device);
  at::Tensor state = symmetric((uniform() < 0.5).to(torch::kFloat32));
  for (std::int64_t step = config_.steps; step > 0; --step) {
    if (request.stop()) return {};
    const auto time = [&](std::int64_t at_step) {
      const auto t = static_cast<double>(at_step) / static_cast<double>(config_.steps);
      return torch::full({noise.batch_size()}, t, options);
    };
    const at::Tensor probability = equigen::dense_of_edges(
        graphs, torch::sigmoid(clean_logits(graphs, state, time(step))), max_nodes_);
    const at::Tensor clean = symmetric((uniform() < probability).to(torch::kFloat32));
    state = flipped(clean, uniform(), time(step - 1));
    request.progress(1 - static_cast<double>(step - 1) / static_cast<double>(config_.steps));
  }
  const at::Tensor drawn = state.cpu().contiguous();
  const auto edge = drawn.accessor<float, 3>();
  std::vector<equigen::Sample> samples;
  for (std::int64_t b = 0; b < noise.batch_size(); ++b) {
    equigen::Graph graph{static_cast<std::int32_t>(sizes[static_cast<std::size_t>(b)]), {}};
    for (std::int32_t i = 0; i < graph.node_count; ++i) {
      for (std::int32_t j = i + 1; j < graph.node_count; ++j) {
        if (edge[b][i][j] > 0) graph.edges.emplace_back(i, j);
      }
    }
    samples.push_back({std::move(graph), {}});
  }
  return samples;
}

}  // namespace plugin_name
