// SPDX-License-Identifier: MIT
#include "plugins/crystal_generator/golden.h"

#include <fmt/format.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "crysbfn/categorical_bayesian_flow.h"
#include "crysbfn/gaussian_bayesian_flow.h"
#include "cspnet/cspnet.h"
#include "diffcsp/denoising_diffusion.h"
#include "diffcsp/wrapped_normal_diffusion.h"
#include "equigen/config/compose.h"
#include "equigen/plugin/registry.h"
#include "flowmm/flow_matching.h"

namespace equigen::crystal_generator::testing {
namespace {

std::int64_t layer_count(const Batch& tensors, const std::string& prefix) {
  std::int64_t layers = 0;
  while (tensors.contains(fmt::format("{}csp_layer_{}.edge_mlp.0.weight", prefix, layers)))
    ++layers;
  return layers;
}

}  // namespace

void register_components() {
  static const bool done = [] {
    RegistryBuilder builder("tests");
    builder.add<CrystalNetwork, cspnet::CspNet>("cspnet", "");
    builder.add<FieldProcess, crysbfn::CircularBayesianFlow>("circular_bayesian_flow", "");
    builder.add<FieldProcess, crysbfn::GaussianBayesianFlow>("gaussian_bayesian_flow", "");
    builder.add<FieldProcess, crysbfn::CategoricalBayesianFlow>("categorical_bayesian_flow", "");
    builder.add<FieldProcess, diffcsp::WrappedNormalDiffusion>("wrapped_normal_diffusion", "");
    builder.add<FieldProcess, diffcsp::DenoisingDiffusion>("denoising_diffusion", "");
    builder.add<FieldProcess, flowmm::TorusFlow>("torus_flow", "");
    builder.add<FieldProcess, flowmm::LatticeParameterFlow>("lattice_parameter_flow", "");
    builder.add<FieldProcess, flowmm::AnalogBitsFlow>("analog_bits_flow", "");
    Registry::instance().commit(builder.take());
    return true;
  }();
  static_cast<void>(done);
}

at::Tensor RecordedNoise::next(at::IntArrayRef shape) {
  REQUIRE_FALSE(tensors_.empty());
  const at::Tensor tensor = tensors_.front();
  tensors_.pop_front();
  std::vector<std::int64_t> whole{tensor.size(0)};
  whole.insert(whole.end(), shape.begin(), shape.end());
  return tensor.reshape(whole);
}

Resultant RecordedObservations::first(const at::Tensor& data, const at::Tensor& count, RowNoise&) {
  if (is_sampling_) {
    const auto rows = count[0].item<std::int64_t>();
    const at::Tensor seen = angles_.narrow(0, used_, rows);
    used_ += rows;
    return sum_of_observations(seen, accuracies_);
  }
  Resultant sums{torch::empty_like(data), torch::empty_like(data)};
  for (std::int64_t row = 0; row < data.size(0); ++row) {
    const at::Tensor own = angles_.narrow(1, row, 1).narrow(0, 0, count[row].item<std::int64_t>());
    const Resultant sum = sum_of_observations(own, accuracies_);
    sums.cosine[row] = sum.cosine[0];
    sums.sine[row] = sum.sine[0];
  }
  return sums;
}

at::Tensor RecordedObservations::single(const at::Tensor&, std::int64_t, RowNoise&) {
  return angles_[used_++];
}

config::Value options_of(const std::string& yaml) {
  config::Problems problems;
  config::Value options = config::parse_yaml(yaml, "the test", problems);
  problems.throw_if_any();
  return options;
}

std::string network_options(const Batch& tensors, const std::string& prefix,
                            std::int64_t conditioning) {
  const std::int64_t width = tensors.at(prefix + "coord_out.weight").size(1);
  const std::int64_t joined = tensors.at(prefix + "atom_latent_emb.weight").size(1);
  const std::int64_t edge = tensors.at(prefix + "csp_layer_0.edge_mlp.0.weight").size(1);
  return fmt::format("{{hidden_features: {}, layers: {}, frequencies: {}, time_features: {}}}",
                     width, layer_count(tensors, prefix), (edge - 2 * width - 9) / 6,
                     joined - width - conditioning);
}

std::shared_ptr<CrystalNetwork> network_of(const Batch& tensors, const std::string& prefix,
                                           std::int64_t conditioning) {
  register_components();
  const at::Tensor& embedding = tensors.at(prefix + "node_embedding.weight");
  CrystalNetworkShape shape;
  if (tensors.contains(prefix + "node_embedding.bias")) {
    shape.element_inputs = embedding.size(1);
  } else {
    shape.element_classes = embedding.size(0);
  }
  // The published structure predictor has this layer, too, although it does not read it.
  if (tensors.contains(prefix + "type_out.weight"))
    shape.element_outputs = tensors.at(prefix + "type_out.weight").size(0);
  shape.atom_conditioning = conditioning;
  const auto options = options_of(network_options(tensors, prefix, conditioning));
  auto network = Registry::instance().create<CrystalNetwork>(
      config::ComponentChoice{"cspnet", options}, shape);
  load_parameters(*network, tensors, prefix);
  return network;
}

void load_parameters(torch::nn::Module& module, const Batch& tensors, const std::string& prefix) {
  const at::NoGradGuard no_gradient;
  for (const auto& parameter : module.named_parameters())
    parameter.value().copy_(tensors.at(prefix + parameter.key()));
}

at::Tensor published_accuracies(std::int64_t steps, std::int64_t final_accuracy) {
  const auto file = golden_tensors("crysbfn", "schedules.safetensors");
  REQUIRE(file);
  return file->tensors.at(fmt::format("s{}_b{}/alphas", steps, final_accuracy));
}

SlowNetwork run_slowly(const Batch& tensors, const std::string& prefix, const at::Tensor& sizes,
                       const at::Tensor& time_features, const at::Tensor& elements,
                       const at::Tensor& angles, const at::Tensor& lattice,
                       const at::Tensor& conditioning) {
  const auto weight = [&](const std::string& name) { return tensors.at(prefix + name); };
  const auto apply = [&](const std::string& name, const at::Tensor& x) {
    const std::string bias = prefix + name + ".bias";
    return torch::linear(x, weight(name + ".weight"),
                         tensors.contains(bias) ? tensors.at(bias) : at::Tensor());
  };
  const auto norm = [&](const std::string& name, const at::Tensor& x) {
    return torch::layer_norm(x, {x.size(1)}, weight(name + ".weight"), weight(name + ".bias"));
  };
  const AtomPairs pairs(
      {sizes.data_ptr<std::int64_t>(), sizes.data_ptr<std::int64_t>() + sizes.numel()}, true,
      at::kCPU);
  const AtomPairs::Edges& edges = pairs.edges();
  SlowNetwork slow;
  slow.receiver = edges.receiver;
  slow.sender = edges.sender;
  const at::Tensor apart =
      angles.index_select(0, edges.sender) - angles.index_select(0, edges.receiver);
  slow.difference = apart - 2 * M_PI * torch::round(apart / (2 * M_PI));
  const std::int64_t width = weight("coord_out.weight").size(1);
  const std::int64_t frequencies =
      (weight("csp_layer_0.edge_mlp.0.weight").size(1) - 2 * width - 9) / 6;
  const at::Tensor phases =
      (slow.difference.unsqueeze(2) * torch::arange(frequencies, torch::kFloat32)).flatten(1);
  slow.embedding = torch::cat({phases.sin(), phases.cos()}, 1);
  const at::Tensor embedded = elements.scalar_type() == torch::kLong
                                  ? weight("node_embedding.weight").index_select(0, elements)
                                  : apply("node_embedding", elements);
  std::vector<at::Tensor> start{embedded, time_features.index_select(0, pairs.crystal_of_atom())};
  if (conditioning.defined()) start.push_back(conditioning);
  at::Tensor atoms = apply("atom_latent_emb", torch::cat(start, 1));
  const at::Tensor gram = torch::matmul(lattice, lattice.transpose(1, 2)).flatten(1);
  for (std::int64_t layer = 0; layer < layer_count(tensors, prefix); ++layer) {
    const std::string name = fmt::format("csp_layer_{}.", layer);
    const at::Tensor x = norm(name + "layer_norm", atoms);
    const at::Tensor input =
        torch::cat({x.index_select(0, edges.receiver), x.index_select(0, edges.sender),
                    gram.index_select(0, edges.crystal), slow.embedding},
                   1);
    const at::Tensor message =
        torch::silu(apply(name + "edge_mlp.2", torch::silu(apply(name + "edge_mlp.0", input))));
    if (layer == 0) {
      slow.first_edge_input = input;
      slow.first_message = message;
    }
    const at::Tensor received = mean_over_senders_by_index(pairs, message);
    atoms = atoms + torch::silu(apply(
                        name + "node_mlp.2",
                        torch::silu(apply(name + "node_mlp.0", torch::cat({x, received}, 1)))));
    slow.atoms.push_back(atoms);
  }
  atoms = norm("final_layer_norm", atoms);
  slow.coordinates = apply("coord_out", atoms);
  slow.lattice =
      torch::matmul(apply("lattice_out", pairs.mean_over_atoms(atoms)).view({-1, 3, 3}), lattice);
  if (tensors.contains(prefix + "type_out.weight")) slow.elements = apply("type_out", atoms);
  return slow;
}

}  // namespace equigen::crystal_generator::testing
