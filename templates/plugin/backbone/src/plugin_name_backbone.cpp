#include "plugin_name_backbone.h"

#include <torch/types.h>

namespace plugin_name {
namespace {

using equigen::sum_by_index;

/// The mean of values [M, ...] over the rows of each index; 0 where there are none.
at::Tensor mean_by_index(const at::Tensor& values, const at::Tensor& index, std::int64_t count) {
  const at::Tensor number =
      sum_by_index(torch::ones({values.size(0)}, values.options()), index, count).clamp_min(1);
  std::vector<std::int64_t> shape(static_cast<std::size_t>(values.dim()), 1);
  shape[0] = count;
  return sum_by_index(values, index, count) / number.view(shape);
}

}  // namespace

/// What is updated from layer to layer: h [N, F], e [E, F], v [N, 3, F] (undefined without
/// vectors).
struct PluginNameBackbone::State {
  at::Tensor nodes;
  at::Tensor edges;
  at::Tensor vectors;
};

/// Of each edge: (x_j - x_i) / sqrt(1 + d) [E, 3, 1] and log(1 + d) [E, 1].
struct PluginNameBackbone::Geometry {
  at::Tensor direction;
  at::Tensor distance;
};

void PluginNameBackbone::Config::declare(equigen::config::Declaration<Config>& keys) {
  keys.doc("E(3)-equivariant message passing on node, edge and vector features.");
  keys.field("features", &Config::features, "channels of nodes, edges and vectors").range(1, 4096);
  keys.field("layers", &Config::layers, "rounds of message passing").range(1, 64);
}

torch::nn::Linear PluginNameBackbone::linear(const std::string& name, std::int64_t in,
                                             std::int64_t out, bool bias) {
  return register_module(name, torch::nn::Linear(torch::nn::LinearOptions(in, out).bias(bias)));
}

PluginNameBackbone::Layer PluginNameBackbone::make_layer(std::int64_t index) {
  const std::string name = "layer" + std::to_string(index);
  const std::int64_t f = config_.features;
  Layer layer;
  layer.message =
      register_module(name + "_message", std::make_shared<equigen::Mlp>(2, 3 * f + 1, f, f));
  layer.update = register_module(
      name + "_update", std::make_shared<equigen::Mlp>(2, (has_vectors_ ? 3 : 2) * f, f, f));
  if (has_vectors_) {
    layer.gate = linear(name + "_gate", f, f);
    // Before the first layer there are vectors only where the input has some.
    if (index > 0 || shape_.input.vectors > 0)
      layer.mix = linear(name + "_mix", f, f, /*bias=*/false);
  }
  return layer;
}

PluginNameBackbone::PluginNameBackbone(Config config, const equigen::BackboneShape& shape)
    : config_(config),
      shape_(shape),
      has_vectors_(shape.input.vectors > 0 || shape.output.vectors > 0) {
  const std::int64_t f = config_.features;
  // A constant 1 stands for inputs that are not there.
  node_embedding_ = linear("node_embedding", 1 + shape.input.scalars + shape.input.graphs, f);
  edge_embedding_ = linear("edge_embedding", 1 + shape.input.edges, f);
  if (shape.input.vectors > 0)
    vector_embedding_ = linear("vector_embedding", shape.input.vectors, f, /*bias=*/false);
  for (std::int64_t i = 0; i < config_.layers; ++i) layers_.push_back(make_layer(i));
  if (shape.output.scalars > 0) scalar_head_ = linear("scalar_head", f, shape.output.scalars);
  if (shape.output.vectors > 0) {
    vector_gate_ = linear("vector_gate", f, f);
    vector_head_ = linear("vector_head", f, shape.output.vectors, /*bias=*/false);
  }
  if (shape.output.edges > 0) edge_head_ = linear("edge_head", 3 * f, shape.output.edges);
  if (shape.output.graphs > 0) graph_head_ = linear("graph_head", f, shape.output.graphs);
}

equigen::BackboneTraits PluginNameBackbone::traits() const {
  return {.symmetry = equigen::SpaceSymmetry::e3,
          .is_exact = true,
          .needs_positions = false,
          .takes_periodic = true};
}

PluginNameBackbone::State PluginNameBackbone::embedded(const equigen::GraphBatch& graphs,
                                                       const equigen::Features& input,
                                                       const Geometry& geometry) {
  const auto options = geometry.distance.options();
  std::vector<at::Tensor> nodes{torch::ones({graphs.node_count(), 1}, options)};
  if (shape_.input.scalars > 0) nodes.push_back(input.scalars);
  if (shape_.input.graphs > 0)
    nodes.push_back(input.graphs.index_select(0, graphs.graph_of_node()));
  std::vector<at::Tensor> edges{geometry.distance};
  if (shape_.input.edges > 0) edges.push_back(input.edges);
  State state;
  state.nodes = node_embedding_->forward(torch::cat(nodes, 1));
  state.edges = edge_embedding_->forward(torch::cat(edges, 1));
  if (vector_embedding_) {
    state.vectors = vector_embedding_->forward(input.vectors);
  } else if (has_vectors_) {
    state.vectors = torch::zeros({graphs.node_count(), 3, config_.features}, options);
  }
  return state;
}

void PluginNameBackbone::apply(Layer& layer, const equigen::GraphBatch& graphs,
                               const Geometry& geometry, State& state) {
  const at::Tensor at_target = state.nodes.index_select(0, graphs.edge_target);
  const at::Tensor at_source = state.nodes.index_select(0, graphs.edge_source);
  const at::Tensor message =
      layer.message->forward(torch::cat({at_target, at_source, state.edges, geometry.distance}, 1));
  const std::int64_t nodes = graphs.node_count();
  std::vector<at::Tensor> seen{state.nodes, mean_by_index(message, graphs.edge_target, nodes)};
  if (has_vectors_) {
    const at::Tensor pushed = geometry.direction * layer.gate->forward(message).unsqueeze(1);
    if (layer.mix) state.vectors = state.vectors + layer.mix->forward(state.vectors);
    state.vectors = state.vectors + mean_by_index(pushed, graphs.edge_target, nodes);
    seen.push_back(state.vectors.square().sum(1));
  }
  state.nodes = state.nodes + layer.update->forward(torch::cat(seen, 1));
  state.edges = state.edges + message;
}

equigen::Features PluginNameBackbone::read_out(const equigen::GraphBatch& graphs,
                                               const State& state) {
  equigen::Features output;
  if (scalar_head_) output.scalars = scalar_head_->forward(state.nodes);
  if (vector_head_) {
    const at::Tensor gate = vector_gate_->forward(state.nodes).unsqueeze(1);
    output.vectors = vector_head_->forward(state.vectors * gate);
  }
  if (edge_head_) {
    output.edges = edge_head_->forward(
        torch::cat({state.edges, state.nodes.index_select(0, graphs.edge_target),
                    state.nodes.index_select(0, graphs.edge_source)},
                   1));
  }
  if (graph_head_) {
    output.graphs = graph_head_->forward(
        mean_by_index(state.nodes, graphs.graph_of_node(), graphs.graph_count()));
  }
  return output;
}

equigen::Features PluginNameBackbone::forward(const equigen::GraphBatch& graphs,
                                              const equigen::Features& input) {
  const auto options = node_embedding_->weight.options();
  Geometry geometry{torch::zeros({graphs.edge_count(), 3, 1}, options),
                    torch::zeros({graphs.edge_count(), 1}, options)};
  if (graphs.positions.defined()) {
    const at::Tensor r = graphs.displacements();
    const at::Tensor d = r.square().sum(1, /*keepdim=*/true);
    geometry = {(r / (1 + d).sqrt()).unsqueeze(2), torch::log1p(d)};
  }
  State state = embedded(graphs, input, geometry);
  for (Layer& layer : layers_) apply(layer, graphs, geometry, state);
  return read_out(graphs, state);
}

}  // namespace plugin_name
