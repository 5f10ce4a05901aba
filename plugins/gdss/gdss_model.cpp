// SPDX-License-Identifier: MIT
#include "gdss/gdss_model.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>

#include "equigen/base/error.h"
#include "equigen/base/log.h"
#include "equigen/base/random.h"
#include "equigen/model/drawn_size.h"
#include "gdss/graph_noise.h"

namespace equigen::gdss {
namespace {

Sde sde_of(const FieldSdeConfig& config) {
  const SdeType type = sde_type_named(config.type);
  const NoiseSchedule schedule = type == SdeType::ve
                                     ? NoiseSchedule{config.sigma_min, config.sigma_max}
                                     : NoiseSchedule{config.beta_min, config.beta_max};
  return {type, schedule, config.num_scales};
}

std::vector<int> elements_of(const GdssConfig& config, const DataSummary& summary) {
  std::vector<int> elements;
  for (const std::string& symbol : config.elements) {
    const int number = atomic_number_of(symbol);
    if (number == 0)
      throw ConfigError("gdss-elements", fmt::format("'{}' is not an element symbol", symbol));
    if (std::ranges::find(elements, number) != elements.end())
      throw ConfigError("gdss-elements", fmt::format("element {} is named twice", symbol));
    elements.push_back(number);
  }
  if (elements.empty()) elements = summary.elements;
  if (elements.empty()) {
    throw ConfigError("gdss-elements", "neither the configuration nor the data names an element",
                      "set `elements`, for instance [C, N, O, F]");
  }
  return elements;
}

NodeVocabulary vocabulary_of(const GdssConfig& config, const DataSummary& summary) {
  const bool molecules = summary.structure == "molecule";
  const std::string wanted = molecules ? "elements" : "degree";
  if (config.features != "auto" && config.features != wanted) {
    throw ConfigError("gdss-features",
                      fmt::format("features: {} does not fit data of kind '{}'", config.features,
                                  summary.structure),
                      fmt::format("use features: {} or auto", wanted));
  }
  if (molecules) return {0, elements_of(config, summary)};
  const std::int64_t classes =
      config.degree_classes > 0 ? config.degree_classes : summary.max_degree + std::int64_t{1};
  return {classes, {}};
}

std::int64_t max_nodes_of(const GdssConfig& config, const DataSummary& summary) {
  const std::int64_t nodes = config.max_nodes > 0 ? config.max_nodes : summary.max_size();
  if (nodes < 2) {
    throw ConfigError("gdss-max-nodes",
                      fmt::format("graphs of at most {} nodes have no edges", nodes),
                      "set max_nodes, or use data with larger graphs");
  }
  return nodes;
}

NetworkSizes network_sizes(const NetworkConfig& config, std::int64_t node_classes) {
  return {.node_classes = node_classes,
          .hidden_features = config.hidden_features,
          .attention_features = config.attention_features,
          .depth = config.depth,
          .num_layers = config.num_layers,
          .num_linear_layers = config.num_linear_layers,
          .initial_channels = config.initial_channels,
          .hidden_channels = config.hidden_channels,
          .final_channels = config.final_channels,
          .heads = config.heads};
}

void warn_of_prior(const FieldSdeConfig& config, const char* field) {
  if (config.type != "ve" || config.sigma_max == 1.0) return;
  log::warning(fmt::format(
      "sde.{}: sigma_max = {}, but sampling starts from N(0, 1) as in the published code; "
      "results suffer unless sigma_max is 1",
      field, config.sigma_max));
}

}  // namespace

GdssModel::GdssModel(Config config, const DataSummary& summary)
    : config_(std::move(config)),
      vocabulary_(vocabulary_of(config_, summary)),
      max_nodes_(max_nodes_of(config_, summary)),
      size_histogram_(summary.size_histogram),
      sdes_{sde_of(config_.sde.node), sde_of(config_.sde.adjacency)} {
  if (sdes_[0].num_scales() != sdes_[1].num_scales()) {
    throw ConfigError("gdss-scales", fmt::format("sde.node.num_scales = {} and "
                                                 "sde.adjacency.num_scales = {} must be equal",
                                                 sdes_[0].num_scales(), sdes_[1].num_scales()));
  }
  const bool subvp =
      std::ranges::any_of(sdes_, [](const Sde& sde) { return sde.type() == SdeType::subvp; });
  if (subvp && config_.sampler.predictor == "s4") {
    throw ConfigError("gdss-s4", "sampler.predictor: s4 cannot be used with a subvp SDE",
                      "use vp or ve for both fields, or predictor euler or reverse");
  }
  warn_of_prior(config_.sde.node, "node");
  warn_of_prior(config_.sde.adjacency, "adjacency");
  const NetworkSizes sizes = network_sizes(config_.network, vocabulary_.size());
  if (config_.network.node_score == "attention") {
    node_network_ = register_module("x", std::make_shared<AttentionNodeScore>(sizes));
  } else {
    node_network_ = register_module("x", std::make_shared<ConvolutionNodeScore>(sizes));
  }
  adjacency_network_ = register_module("adj", std::make_shared<AdjacencyScore>(sizes));
}

Batch GdssModel::collate(std::span<const Sample> samples) const {
  return to_tensors(samples, vocabulary_, max_nodes_);
}

std::string GdssModel::misfit(const Sample& sample) const {
  return gdss::misfit(sample, vocabulary_, max_nodes_);
}

std::vector<ParameterGroup> GdssModel::parameter_groups() const {
  return {{"x", node_network_->parameters()}, {"adj", adjacency_network_->parameters()}};
}

at::Tensor GdssModel::network_output(std::size_t field, const FieldState& state,
                                     const GraphMask& mask) const {
  const ScoreNetwork& network =
      field == kNode ? *node_network_ : static_cast<const ScoreNetwork&>(*adjacency_network_);
  return network.forward(state[kNode], state[kAdjacency], mask);
}

at::Tensor GdssModel::score(std::size_t field, const FieldState& state, const at::Tensor& t,
                            const GraphMask& mask) const {
  const at::Tensor output = network_output(field, state, mask);
  const Sde& sde = sdes_[field];
  if (sde.type() == SdeType::ve) return output;
  return output * along_batch(-sde.marginal_deviation(t).reciprocal(), output);
}

at::Tensor GdssModel::field_loss(std::size_t field, const FieldState& noisy,
                                 const at::Tensor& noise, const at::Tensor& t,
                                 const GraphMask& mask) const {
  const at::Tensor score_now = score(field, noisy, t, mask);
  const at::Tensor deviation = along_batch(sdes_[field].marginal_deviation(t), noise);
  const bool weighted = config_.loss.likelihood_weighting;
  const at::Tensor error = weighted ? score_now + noise / deviation : score_now * deviation + noise;
  at::Tensor rows = error.square().flatten(1).sum(1);
  if (config_.loss.reduce == "mean") {
    // Batches are cropped to their largest graph; the published mean counts all of the padding.
    const std::int64_t columns = field == kNode ? vocabulary_.size() : max_nodes_;
    rows = rows / static_cast<double>(max_nodes_ * columns);
  } else {
    rows = 0.5 * rows;
  }
  if (weighted) rows = rows * sdes_[field].diffusion(t).square();
  return rows.mean();
}

GdssModel::FieldLosses GdssModel::losses(const at::Tensor& x, const at::Tensor& adjacency,
                                         const Perturbation& perturbation) const {
  const GraphMask mask(node_flags(adjacency));
  const at::Tensor& t = perturbation.time;
  const auto noisy_field = [&](const Sde& sde, const at::Tensor& clean, const at::Tensor& noise,
                               const at::Tensor& field_mask) {
    const Sde::Gaussian marginal = sde.marginal(clean, t);
    return (marginal.mean + along_batch(marginal.standard_deviation, clean) * noise) * field_mask;
  };
  const FieldState noisy{
      noisy_field(sdes_[kNode], x, perturbation.node_noise, mask.nodes),
      noisy_field(sdes_[kAdjacency], adjacency, perturbation.adjacency_noise, mask.pairs)};
  return {field_loss(kNode, noisy, perturbation.node_noise, t, mask),
          field_loss(kAdjacency, noisy, perturbation.adjacency_noise, t, mask)};
}

Loss GdssModel::loss(const Batch& batch, NoiseStream& noise) {
  const at::Tensor& x = batch.at("x");
  const at::Tensor& adjacency = batch.at("adjacency");
  const GraphMask mask(node_flags(adjacency));
  const std::int64_t nodes = adjacency.size(1);
  const double epsilon = config_.loss.epsilon;
  const at::Tensor time = noise.uniform({x.size(0)}) * (1.0 - epsilon) + epsilon;
  const at::Tensor node_noise = noise.normal(x.sizes()) * mask.nodes;
  const TriangleMap triangle(nodes, adjacency.device());
  const at::Tensor adjacency_noise =
      triangle.symmetric(noise.normal({x.size(0), triangle.pair_count()})) * mask.pairs;
  const FieldLosses terms = losses(x, adjacency, {time, node_noise, adjacency_noise});
  return {terms.node + terms.adjacency,
          {{"node", terms.node.detach()}, {"adjacency", terms.adjacency.detach()}}};
}

SolverOptions GdssModel::solver_options() const {
  const SamplerConfig& sampler = config_.sampler;
  SolverOptions options;
  options.predictor = predictor_named(sampler.predictor);
  options.corrector = sampler.corrector == "langevin";
  options.langevin = {.signal_to_noise_ratio = sampler.signal_to_noise_ratio,
                      .scale_epsilon = sampler.scale_epsilon,
                      .steps = sampler.corrector_steps,
                      .coupled_batch = sampler.coupled_batch};
  options.probability_flow = sampler.probability_flow;
  options.denoise = sampler.denoise;
  options.final_time = sampler.epsilon;
  return options;
}

std::vector<std::int64_t> GdssModel::draw_sizes(const SamplingRequest& request) const {
  // A graph of one node has no edge, so its node would count as padding: such sizes are not drawn.
  std::vector<std::int64_t> sizes;
  for (const std::int64_t index : request.sample_indices) {
    const RandomStream stream(request.seed, "gdss-node-count", static_cast<std::uint64_t>(index));
    sizes.push_back(std::min(drawn_size(size_histogram_, stream, 2), max_nodes_));
  }
  return sizes;
}

std::vector<Sample> GdssModel::sample(const SamplingRequest& request) {
  if (request.sample_indices.empty()) return {};
  const c10::InferenceMode inference;
  const std::vector<std::int64_t> sizes = draw_sizes(request);
  const std::int64_t nodes = std::ranges::max(sizes);
  const at::Tensor counts = torch::tensor(sizes).to(request.device).unsqueeze(1);
  const at::Tensor flags =
      (torch::arange(nodes, counts.options()).unsqueeze(0) < counts).to(torch::kFloat32);
  const GraphMask mask(flags);
  GraphNoise noise(SampleNoise(request.seed, request.sample_indices, request.device), mask,
                   vocabulary_.size());
  FieldState state{noise.normal(kNode), noise.normal(kAdjacency)};
  const CoupledScore score_at = [&](std::size_t field, const FieldState& at_state,
                                    const at::Tensor& t) {
    return score(field, at_state, t, mask);
  };
  state = solve_reverse_sde(sdes_, std::move(state), score_at, noise, solver_options(),
                            request.stop, request.progress);
  if (state.empty()) return {};
  return decode(state, sizes);
}

std::vector<Sample> GdssModel::decode(const FieldState& state,
                                      std::span<const std::int64_t> sizes) const {
  const at::Tensor x = state[kNode].cpu();
  const at::Tensor adjacency = state[kAdjacency].cpu();
  std::vector<Sample> samples(sizes.size());
  for (std::size_t b = 0; b < sizes.size(); ++b) {
    const auto row = static_cast<std::int64_t>(b);
    if (!adjacency[row].isfinite().all().item<bool>() || !x[row].isfinite().all().item<bool>()) {
      throw NumericalError("gdss-sample", "a sample is not finite",
                           "the training diverged, or the signal-to-noise ratio is too large");
    }
    if (vocabulary_.molecules()) {
      samples[b] = decode_molecule(x[row], adjacency[row], vocabulary_);
    } else {
      samples[b].structure = decode_graph(adjacency[row]);
    }
  }
  return samples;
}

}  // namespace equigen::gdss
