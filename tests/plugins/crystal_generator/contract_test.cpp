// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "equigen/testing/model_contract.h"
#include "plugins/crystal_generator/golden.h"

namespace equigen::crystal_generator::testing {
namespace {

/// Sizes that make a contract quick.
constexpr const char* kNetwork =
    "{type: cspnet, hidden_features: 16, layers: 2, frequencies: 4, time_features: 8}";
constexpr const char* kFlowNetwork =
    "{type: cspnet, hidden_features: 16, layers: 2, frequencies: 4, time_features: 8, "
    "time_embedding: linear, input_bias: false, self_edges: false, edge_direction: true, "
    "atom_count: classes, pooling: mean_and_sum}";

struct Processes {
  const char* coordinates;
  const char* lattice;
  const char* elements;
};

constexpr Processes kBayesian{"circular_bayesian_flow", "gaussian_bayesian_flow",
                              "categorical_bayesian_flow"};
constexpr Processes kDiffusion{"wrapped_normal_diffusion", "denoising_diffusion",
                               "denoising_diffusion"};
constexpr Processes kFlow{"torus_flow", "lattice_parameter_flow", "analog_bits_flow"};
/// One of each family.
constexpr Processes kMixture{"circular_bayesian_flow", "lattice_parameter_flow",
                             "denoising_diffusion"};

void check_contract(const Processes& processes, const char* network, const char* time) {
  register_components();
  INFO(processes.coordinates << " " << processes.lattice << " " << processes.elements);
  equigen::testing::require_model_contract<CrystalGenerator>(
      {.options =
           fmt::format("{{steps: 8, time: {}, coordinates: {{type: {}}}, lattice: {{type: "
                       "{}}}, elements: {{type: {}}}, network: {}}}",
                       time, processes.coordinates, processes.lattice, processes.elements, network),
       .structure = "crystal",
       // The first call of a Bayesian flow sees an empty lattice, and FlowMM's velocity of a single
       // atom has no coordinates to learn from.
       .unused_parameters = {}});
}

}  // namespace

TEST_CASE("crystal_generator keeps the contract of a model with Bayesian flows") {
  check_contract(kBayesian, kNetwork, "step");
}

TEST_CASE("crystal_generator keeps the contract of a model with diffusions") {
  check_contract(kDiffusion, kNetwork, "steps_left");
}

TEST_CASE("crystal_generator keeps the contract of a model with flow matching") {
  check_contract(kFlow, kFlowNetwork, "step");
}

TEST_CASE("crystal_generator keeps the contract with processes and networks mixed") {
  check_contract(kBayesian, kFlowNetwork, "step");
  check_contract(kFlow, kNetwork, "steps_left");
  check_contract(kMixture, kFlowNetwork, "steps_left");
}

}  // namespace equigen::crystal_generator::testing
