// SPDX-License-Identifier: MIT
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "cspnet/cspnet.h"
#include "plugins/crystal_generator/golden.h"

namespace equigen::crystal_generator::testing {
namespace {

CrystalNetworkShape given_elements(std::int64_t classes) {
  CrystalNetworkShape shape;
  shape.element_classes = classes;
  return shape;
}

cspnet::CspNetConfig small() {
  cspnet::CspNetConfig config;
  config.hidden_features = 64;
  config.layers = 2;
  config.frequencies = 4;
  config.time_features = 16;
  return config;
}

CrystalNetworkInput input_at(double step, double share) {
  torch::manual_seed(3);
  CrystalNetworkInput input;
  input.pairs = std::make_shared<const AtomPairs>(std::vector<std::int64_t>{3, 2}, true, at::kCPU);
  input.step = torch::full({2}, step);
  input.share = torch::full({2}, share);
  input.elements = torch::tensor({0, 1, 2, 1, 0}, torch::kLong);
  input.angles = torch::rand({5, 3});
  input.lattice = torch::rand({2, 9});
  return input;
}

}  // namespace

TEST_CASE(
    "given elements start as an embedding, or without biases as a linear map of one-hot rows") {
  torch::manual_seed(1);
  cspnet::CspNetConfig config = small();
  const at::Tensor embedding =
      cspnet::CspNet(config, given_elements(100)).named_parameters()["node_embedding.weight"];
  CHECK(embedding.std().item<double>() == Approx(1).margin(0.1));
  config.input_bias = false;
  const at::Tensor map =
      cspnet::CspNet(config, given_elements(100)).named_parameters()["node_embedding.weight"];
  // Uniform within 1 / sqrt(100).
  CHECK(map.abs().max().item<double>() <= 0.1);
  CHECK(map.abs().max().item<double>() > 0.095);
  CHECK(map.std().item<double>() == Approx(0.1 / std::sqrt(3.0)).epsilon(0.05));
}

TEST_CASE("atom counts are embedded in each layer, within the bound of a linear map") {
  torch::manual_seed(2);
  cspnet::CspNetConfig config = small();
  config.atom_count = "classes";
  cspnet::CspNet network(config, given_elements(4));
  const auto parameters = network.named_parameters();
  const at::Tensor first = parameters["csp_layer_0.num_atom_embedding.weight"];
  const at::Tensor second = parameters["csp_layer_1.num_atom_embedding.weight"];
  CHECK(first.sizes() == at::IntArrayRef({100, 64}));
  CHECK_FALSE(first.equal(second));
  CHECK(first.abs().max().item<double>() <= 0.1);
}

TEST_CASE("each time embedding takes the time in its own scale") {
  for (const char* embedding : {"sinusoidal", "linear"}) {
    cspnet::CspNetConfig config = small();
    config.time_embedding = embedding;
    cspnet::CspNet network(config, given_elements(3));
    const auto coordinates = [&](double step, double share) {
      return network.forward(input_at(step, share)).coordinates;
    };
    const bool is_linear = config.time_embedding == "linear";
    CHECK(coordinates(7, 0.25).equal(coordinates(900, 0.25)) == is_linear);
    CHECK(coordinates(7, 0.25).equal(coordinates(7, 0.75)) == !is_linear);
  }
}

}  // namespace equigen::crystal_generator::testing
