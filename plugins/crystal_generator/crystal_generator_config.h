// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "equigen/config/schema.h"

namespace equigen::crystal_generator {

/// How much each field counts.
struct LossWeights {
  double coordinates = 1;
  double lattice = 1;
  double elements = 1;
  static void declare(config::Declaration<LossWeights>& keys);
};

struct CrystalGeneratorConfig {
  std::string task = "generation";
  std::int64_t steps = 1000;
  std::int64_t sampling_steps = 0;
  config::ComponentChoice coordinates{.type = "circular_bayesian_flow"};
  config::ComponentChoice lattice{.type = "gaussian_bayesian_flow"};
  config::ComponentChoice elements{.type = "categorical_bayesian_flow"};
  config::ComponentChoice network{.type = "cspnet"};
  std::string vocabulary = "data";
  std::string time = "step";
  LossWeights loss_weights;
  std::string loss_average = "atoms";
  /// How many steps a sampling takes.
  std::int64_t sampling_calls() const { return sampling_steps > 0 ? sampling_steps : steps; }
  static void declare(config::Declaration<CrystalGeneratorConfig>& keys);
};

}  // namespace equigen::crystal_generator
