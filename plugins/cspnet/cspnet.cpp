// SPDX-License-Identifier: MIT
#include "cspnet/cspnet.h"

#include <fmt/format.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>

#include "equigen/base/error.h"
#include "equigen/nn/row_stable.h"

namespace equigen::cspnet {
namespace {

namespace nn = torch::nn;
using torch::indexing::Slice;

constexpr std::int64_t kAtomCountClasses = 100;

nn::Linear linear(std::int64_t in, std::int64_t out, bool bias) {
  return nn::Linear(nn::LinearOptions(in, out).bias(bias));
}

at::Tensor mapped(const nn::Linear& layer, const at::Tensor& x) {
  return row_stable::linear(x, layer->weight, layer->bias);
}

std::int64_t lattice_columns(LatticeForm form) {
  return form == LatticeForm::matrix ? 9 : 6;
}

/// The nine products of lattice vectors, which do not turn with the crystal; or the parameters.
at::Tensor lattice_features(const at::Tensor& lattice, LatticeForm form) {
  if (form == LatticeForm::parameters) return lattice;
  const at::Tensor matrix = lattice.view({-1, 3, 3});
  return torch::matmul(matrix, matrix.transpose(1, 2)).view({-1, 9});
}

/// Products of the lattice vectors with the displacement from the first atom of each pair to the
/// second, |a_i| cos theta_i times its length, the three together made a unit vector.
at::Tensor pair_directions(const at::Tensor& difference, const at::Tensor& cell,
                           const AtomPairs& pairs) {
  const at::Tensor gram = torch::matmul(cell, cell.transpose(1, 2));
  const at::Tensor along =
      torch::matmul(gram.index_select(0, pairs.crystal_of_pair()), difference.unsqueeze(2))
          .squeeze(2);
  return along / along.norm(2, {1}, true).clamp_min(1e-12);
}

/// One row for each class, drawn as PyTorch draws the weights of a linear map without bias that is
/// applied to one-hot rows.
nn::Embedding one_hot_map(std::int64_t classes, std::int64_t width) {
  nn::Embedding map(classes, width);
  const at::NoGradGuard no_gradient;
  const double bound = 1 / std::sqrt(static_cast<double>(classes));
  map->weight.uniform_(-bound, bound);
  return map;
}

}  // namespace

at::Tensor sinusoidal_time(const at::Tensor& time, std::int64_t features) {
  const std::int64_t half = features / 2;
  const double step = std::log(10000.0) / static_cast<double>(half - 1);
  const auto options = time.options().dtype(torch::kFloat32);
  const at::Tensor frequencies = torch::exp(torch::arange(half, options) * -step);
  const at::Tensor phases = time.to(torch::kFloat32).unsqueeze(1) * frequencies.unsqueeze(0);
  return torch::cat({phases.sin(), phases.cos()}, 1);
}

CspNet::CspNet(Config config, const CrystalNetworkShape& shape)
    : config_(std::move(config)), shape_(shape) {
  if (config_.time_features % 2 != 0) {
    throw ConfigError("cspnet-time-features",
                      fmt::format("network.time_features = {} is odd", config_.time_features),
                      "half of the features are sines, half cosines: give an even number");
  }
  if (config_.lattice_bias && shape.lattice != LatticeForm::matrix) {
    throw ConfigError("cspnet-lattice-bias",
                      "network.lattice_bias is for processes with lattices as matrices",
                      "leave it out: lattice parameters are predicted with a bias anyway");
  }
  add_inputs();
  for (std::int64_t layer = 0; layer < config_.layers; ++layer) add_layer(layer);
  add_heads();
}

void CspNet::add_inputs() {
  const std::int64_t width = config_.hidden_features;
  if (shape_.element_classes > 0) {
    // With a bias the published code has an embedding here, without one a linear map.
    given_elements_ = register_module(
        "node_embedding", config_.input_bias ? nn::Embedding(shape_.element_classes, width)
                                             : one_hot_map(shape_.element_classes, width));
  } else {
    noisy_elements_ =
        register_module("node_embedding", linear(shape_.element_inputs, width, config_.input_bias));
  }
  std::int64_t joined = width + config_.time_features + shape_.atom_conditioning;
  if (config_.atom_count == "logarithm") ++joined;
  if (config_.time_embedding == "linear")
    time_ = register_module("time_embedding", linear(1, config_.time_features, false));
  join_ = register_module("atom_latent_emb", linear(joined, width, config_.input_bias));
}

void CspNet::add_layer(std::int64_t index) {
  const std::int64_t width = config_.hidden_features;
  std::int64_t edge_inputs = 2 * width + lattice_columns(shape_.lattice) + 6 * config_.frequencies;
  if (config_.edge_direction) edge_inputs += 3;
  if (config_.atom_count == "classes") edge_inputs += width;
  const auto block = std::make_shared<nn::Module>();
  const auto edge = std::make_shared<nn::Module>();
  const auto node = std::make_shared<nn::Module>();
  Layer layer;
  layer.edge_in = edge->register_module("0", linear(edge_inputs, width, true));
  layer.edge_out = edge->register_module("2", linear(width, width, true));
  layer.node_in = node->register_module("0", linear(2 * width, width, true));
  layer.node_out = node->register_module("2", linear(width, width, true));
  block->register_module("edge_mlp", edge);
  block->register_module("node_mlp", node);
  if (config_.atom_count == "classes") {
    layer.atom_count =
        block->register_module("num_atom_embedding", one_hot_map(kAtomCountClasses, width));
  }
  if (config_.layer_norm) {
    layer.norm = block->register_module("layer_norm", nn::LayerNorm(nn::LayerNormOptions({width})));
  }
  register_module(fmt::format("csp_layer_{}", index), block);
  layers_.push_back(layer);
}

void CspNet::add_heads() {
  const std::int64_t width = config_.hidden_features;
  const std::int64_t pooled = config_.pooling == "mean" ? width : 2 * width;
  const bool matrix = shape_.lattice == LatticeForm::matrix;
  coordinates_ = register_module("coord_out", linear(width, 3, false));
  lattice_ =
      register_module("lattice_out", linear(pooled, lattice_columns(shape_.lattice), !matrix));
  if (config_.lattice_bias)
    lattice_bias_ = register_module("lattice_bias_out", linear(pooled, 9, true));
  if (config_.layer_norm) {
    final_norm_ = register_module("final_layer_norm", nn::LayerNorm(nn::LayerNormOptions({width})));
  }
  if (shape_.element_outputs > 0)
    elements_ = register_module("type_out", linear(width, shape_.element_outputs, true));
}

at::Tensor CspNet::embedded_time(const CrystalNetworkInput& input) const {
  const auto dtype = join_->weight.dtype();
  // The frequencies are made for whole steps up to some thousands, the linear map for shares.
  at::Tensor time = time_ ? row_stable::linear(input.share.to(dtype).unsqueeze(1), time_->weight)
                          : sinusoidal_time(input.step, config_.time_features).to(dtype);
  if (config_.atom_count == "logarithm") {
    const at::Tensor count = input.pairs->size_of_crystal().to(dtype).log().unsqueeze(1);
    time = torch::cat({time, count}, 1);
  }
  return time;
}

at::Tensor CspNet::atoms_at_start(const CrystalNetworkInput& input) {
  const at::Tensor elements = given_elements_ ? given_elements_->forward(input.elements)
                                              : mapped(noisy_elements_, input.elements);
  std::vector<at::Tensor> parts{
      elements, embedded_time(input).index_select(0, input.pairs->crystal_of_atom())};
  if (shape_.atom_conditioning > 0) parts.push_back(input.conditioning);
  return mapped(join_, torch::cat(parts, 1));
}

EdgeFeatures CspNet::edge_features(const CrystalNetworkInput& input) {
  const AtomPairs& pairs = *input.pairs;
  at::Tensor difference = input.angles.index_select(0, pairs.second_of_pair()) -
                          input.angles.index_select(0, pairs.first_of_pair());
  difference = difference - 2 * M_PI * torch::round(difference / (2 * M_PI));
  const at::Tensor frequencies = torch::arange(config_.frequencies, difference.options());
  const at::Tensor phases = (difference.unsqueeze(2) * frequencies).flatten(1);
  EdgeFeatures edges;
  edges.crystal = lattice_features(input.lattice, shape_.lattice);
  edges.antisymmetric = phases.sin();
  edges.symmetric = phases.cos();
  if (config_.edge_direction) {
    edges.antisymmetric =
        torch::cat({edges.antisymmetric, pair_directions(difference, input.cell, pairs)}, 1);
  }
  return edges;
}

PairTerms CspNet::first_edge_map(Layer& layer, const at::Tensor& atoms, const EdgeFeatures& edges,
                                 const AtomPairs& pairs) const {
  // Columns of the map: x_i, x_j, lattice, sines, cosines, then what FlowMM adds: direction,
  // embedded atom count.
  const at::Tensor& weight = layer.edge_in->weight;
  const std::int64_t width = config_.hidden_features;
  const std::int64_t waves = 3 * config_.frequencies;
  const std::int64_t sines = 2 * width + lattice_columns(shape_.lattice);
  const std::int64_t cosines = sines + waves;
  const std::int64_t rest = cosines + waves;
  const std::int64_t counts = rest + (config_.edge_direction ? 3 : 0);
  const auto columns = [&](std::int64_t from, std::int64_t to) {
    return weight.index({Slice(), Slice(from, to)});
  };
  at::Tensor crystal = edges.crystal;
  at::Tensor crystal_weight = columns(2 * width, sines);
  at::Tensor odd_weight = columns(sines, cosines);
  if (config_.edge_direction) odd_weight = torch::cat({odd_weight, columns(rest, counts)}, 1);
  if (layer.atom_count) {
    const at::Tensor count = pairs.size_of_crystal().clamp_max(kAtomCountClasses) - 1;
    crystal = torch::cat({crystal, layer.atom_count->forward(count)}, 1);
    crystal_weight = torch::cat({crystal_weight, columns(counts, counts + width)}, 1);
  }
  const at::Tensor even_weight = columns(cosines, rest);
  PairTerms terms;
  terms.receiver = row_stable::linear(atoms, columns(0, width));
  terms.sender = row_stable::linear(atoms, columns(width, 2 * width));
  terms.crystal = row_stable::linear(crystal, crystal_weight, layer.edge_in->bias);
  terms.antisymmetric = row_stable::linear(edges.antisymmetric, odd_weight);
  terms.symmetric = row_stable::linear(edges.symmetric, even_weight);
  if (pairs.self_edges()) terms.self = even_weight.sum(1);
  return terms;
}

at::Tensor CspNet::messages(Layer& layer, const at::Tensor& atoms, const EdgeFeatures& edges,
                            const std::shared_ptr<const AtomPairs>& pairs) const {
  const PairTerms terms = first_edge_map(layer, atoms, edges, *pairs);
  const at::Tensor inner = torch::silu(edge_sums(pairs, terms));
  return mean_over_senders(pairs, torch::silu(mapped(layer.edge_out, inner)));
}

at::Tensor CspNet::predicted_lattice(const CrystalNetworkInput& input, const at::Tensor& atoms) {
  at::Tensor pooled = input.pairs->mean_over_atoms(atoms);
  if (config_.pooling == "mean_and_sum")
    pooled = torch::cat({pooled, input.pairs->sum_over_atoms(atoms)}, 1);
  const at::Tensor output = mapped(lattice_, pooled);
  if (shape_.lattice == LatticeForm::parameters) return output;
  const at::Tensor lattice =
      torch::matmul(output.view({-1, 3, 3}), input.lattice.view({-1, 3, 3})).view({-1, 9});
  return lattice_bias_ ? lattice + mapped(lattice_bias_, pooled) : lattice;
}

CrystalNetworkOutput CspNet::forward(const CrystalNetworkInput& input) {
  at::Tensor atoms = atoms_at_start(input);
  const EdgeFeatures edges = edge_features(input);
  for (Layer& layer : layers_) {
    const at::Tensor x = layer.norm ? layer.norm->forward(atoms) : atoms;
    const at::Tensor received = messages(layer, x, edges, input.pairs);
    const at::Tensor inner = torch::silu(mapped(layer.node_in, torch::cat({x, received}, 1)));
    atoms = atoms + torch::silu(mapped(layer.node_out, inner));
  }
  if (final_norm_) atoms = final_norm_->forward(atoms);
  CrystalNetworkOutput output;
  output.coordinates = mapped(coordinates_, atoms);
  output.lattice = predicted_lattice(input, atoms);
  if (elements_) output.elements = mapped(elements_, atoms);
  return output;
}

}  // namespace equigen::cspnet
