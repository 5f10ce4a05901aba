// SPDX-License-Identifier: MIT
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "cspnet/cspnet.h"
#include "plugins/crystal_generator/golden.h"

namespace equigen::crystal_generator::testing {
namespace {

std::vector<std::int64_t> list_of(const at::Tensor& sizes) {
  return {sizes.data_ptr<std::int64_t>(), sizes.data_ptr<std::int64_t>() + sizes.numel()};
}

CrystalNetworkInput recorded_input(const Batch& tensors) {
  CrystalNetworkInput input;
  input.pairs =
      std::make_shared<const AtomPairs>(list_of(tensors.at("in/num_atoms")), true, at::kCPU);
  input.step = tensors.at("in/t_index");
  const at::Tensor& elements = tensors.at("in/atom_types");
  input.elements = elements;
  input.angles = tensors.at("in/pos");
  input.conditioning = tensors.at("in/log_acc");
  input.lattice = tensors.at("in/lattice").flatten(1);
  return input;
}

void check_network(const std::string& name) {
  const auto file = golden_tensors("crysbfn", name);
  if (!file) return;
  const Batch& tensors = file->tensors;
  const auto network = network_of(tensors, "w/net.", 3);
  const CrystalNetworkInput input = recorded_input(tensors);
  const CrystalNetworkOutput output = network->forward(input);
  check_close(name + " coordinates", output.coordinates, tensors.at("out/coord_raw"), 2e-5);
  check_close(name + " lattice", output.lattice.view({-1, 3, 3}), tensors.at("out/lattice"), 2e-5);
  check_close(name + " elements", output.elements, tensors.at("out/type_logits"), 2e-5);

  ((output.coordinates * tensors.at("grad/cot_coord")).sum() +
   (output.lattice.view({-1, 3, 3}) * tensors.at("grad/cot_lattice")).sum() +
   (output.elements * tensors.at("grad/cot_type")).sum())
      .backward();
  for (const auto& parameter : network->named_parameters()) {
    check_close(name + " gradient of " + parameter.key(), parameter.value().grad(),
                tensors.at("grad/net." + parameter.key()), 1e-5, 1e-3);
  }

  const SlowNetwork slow =
      run_slowly(tensors, "w/net.", tensors.at("in/num_atoms"), tensors.at("in/time_embed"),
                 input.elements, input.angles, tensors.at("in/lattice"), input.conditioning);
  CHECK(slow.receiver.equal(tensors.at("mid/edge_src")));
  CHECK(slow.sender.equal(tensors.at("mid/edge_dst")));
  check_close(name + " differences", slow.difference, tensors.at("mid/frac_diff"), 2e-5);
  check_close(name + " waves", slow.embedding, tensors.at("mid/sin_emb"), 2e-5);
  check_close(name + " edges", slow.first_edge_input, tensors.at("mid/edge_input_0"), 2e-5);
  check_close(name + " messages", slow.first_message, tensors.at("mid/edge_out_0"), 2e-5);
  for (std::size_t layer = 0; layer < slow.atoms.size(); ++layer)
    check_close(name + " atoms", slow.atoms[layer], tensors.at(fmt::format("mid/h_{}", layer)),
                2e-5);
  check_close(name + " time",
              cspnet::sinusoidal_time(input.step, tensors.at("in/time_embed").size(1)),
              tensors.at("in/time_embed"), 2e-5);
}

/// The weights of the published size, which a formula gives.
void set_formula_weights(torch::nn::Module& module) {
  const at::NoGradGuard no_gradient;
  double number = 0;
  for (auto& parameter : module.named_parameters()) {
    at::Tensor values = torch::arange(parameter.value().numel(), torch::kFloat64);
    values = (0.37 * values + 1.3 * number++).sin().view(parameter.value().sizes());
    if (values.dim() == 2) {
      values = values / std::sqrt(static_cast<double>(values.size(1)));
    } else if (parameter.key().find("norm.weight") != std::string::npos) {
      values = 1 + 0.1 * values;
    } else {
      values = 0.1 * values;
    }
    parameter.value().copy_(values);
  }
}

void check_published_size(const std::string& name) {
  const auto file = golden_tensors("crysbfn", name);
  if (!file) return;
  register_components();
  const Batch& tensors = file->tensors;
  const CrystalNetworkInput input = recorded_input(tensors);
  const std::int64_t classes = tensors.at("out/type_logits").size(1);
  CrystalNetworkShape shape;
  shape.element_outputs = classes;
  (input.elements.dim() == 1 ? shape.element_classes : shape.element_inputs) = classes;
  shape.atom_conditioning = input.conditioning.size(1);
  cspnet::CspNet network(cspnet::CspNetConfig{}, shape);
  set_formula_weights(network);
  check_close(name + " first row", network.named_parameters()["csp_layer_0.edge_mlp.0.weight"][0],
              tensors.at("w_check/edge_mlp0_row0"), 1e-6);
  const torch::NoGradGuard no_gradient;
  const CrystalNetworkOutput output = network.forward(input);
  const auto check_scaled = [&](const char* field, const at::Tensor& actual,
                                const at::Tensor& expected) {
    const double scale = expected.abs().max().item<double>();
    check_close(name + " " + field, actual.view(expected.sizes()), expected,
                1e-4 * std::max(scale, 1.0));
  };
  // Positions are compared round the circle: the published output has the residual in it.
  at::Tensor moved = output.coordinates + input.angles;
  const at::Tensor difference = moved - tensors.at("out/coord");
  moved = moved - 2 * M_PI * torch::round(difference / (2 * M_PI));
  check_scaled("coordinates", moved, tensors.at("out/coord"));
  check_scaled("lattice", output.lattice, tensors.at("out/lattice"));
  check_scaled("elements", output.elements, tensors.at("out/type_logits"));
}

}  // namespace

TEST_CASE("golden.crysbfn.network: outputs, gradients and what is between") {
  check_network("net_gen.safetensors");
  check_network("net_csp.safetensors");
}

TEST_CASE("golden.crysbfn.network_of_published_size: outputs") {
  check_published_size("net_gen_fullsize.safetensors");
  check_published_size("net_csp_fullsize.safetensors");
}

TEST_CASE("golden.crysbfn.network_symmetries: moving, turning and renumbering") {
  for (const char* name : {"net_gen.safetensors", "net_csp.safetensors"}) {
    const auto file = golden_tensors("crysbfn", name);
    if (!file) return;
    const Batch& tensors = file->tensors;
    const torch::NoGradGuard no_gradient;
    const auto network = network_of(tensors, "w/net.", 3);
    const CrystalNetworkInput input = recorded_input(tensors);
    const CrystalNetworkOutput plain = network->forward(input);

    CrystalNetworkInput moved = input;
    moved.angles = input.angles + tensors.at("eq/translation_shift");
    const CrystalNetworkOutput of_moved = network->forward(moved);
    check_close("moved coordinates", of_moved.coordinates, plain.coordinates, 2e-5);
    check_close("moved lattice", of_moved.lattice, plain.lattice, 2e-5);

    CrystalNetworkInput turned = input;
    const at::Tensor& rotation = tensors.at("eq/rotation");
    const auto turn = [&](const at::Tensor& lattice) {
      return torch::matmul(lattice.view({-1, 3, 3}), rotation).flatten(1);
    };
    turned.lattice = turn(input.lattice);
    const CrystalNetworkOutput of_turned = network->forward(turned);
    check_close("turned coordinates", of_turned.coordinates, plain.coordinates, 2e-5);
    check_close("turned lattice", of_turned.lattice, turn(plain.lattice), 2e-5);

    CrystalNetworkInput renumbered = input;
    const at::Tensor& order = tensors.at("eq/perm");
    renumbered.angles = input.angles.index_select(0, order);
    renumbered.elements = input.elements.index_select(0, order);
    renumbered.conditioning = input.conditioning.index_select(0, order);
    const CrystalNetworkOutput of_renumbered = network->forward(renumbered);
    check_close("renumbered coordinates", of_renumbered.coordinates,
                plain.coordinates.index_select(0, order), 2e-5);
    check_close("renumbered elements", of_renumbered.elements,
                plain.elements.index_select(0, order), 2e-5);
    check_close("renumbered lattice", of_renumbered.lattice, plain.lattice, 2e-5);
  }
}

}  // namespace equigen::crystal_generator::testing
