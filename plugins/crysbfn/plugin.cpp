// SPDX-License-Identifier: MIT
#include "equigen/plugin/plugin.h"

#include "crysbfn/categorical_bayesian_flow.h"
#include "crysbfn/circular_bayesian_flow.h"
#include "crysbfn/gaussian_bayesian_flow.h"

namespace {

void register_crysbfn(equigen::RegistryBuilder& registry) {
  using equigen::FieldProcess;
  registry.add<FieldProcess, equigen::crysbfn::CircularBayesianFlow>(
      "circular_bayesian_flow", "fractional coordinates, observed with von Mises noise");
  registry.add<FieldProcess, equigen::crysbfn::GaussianBayesianFlow>(
      "gaussian_bayesian_flow", "lattice vectors, observed with Gaussian noise");
  registry.add<FieldProcess, equigen::crysbfn::CategoricalBayesianFlow>(
      "categorical_bayesian_flow", "elements, observed as noisy classes");
}

}  // namespace

EQUIGEN_PLUGIN("crysbfn", "0.1.0", "CrysBFN: periodic Bayesian flow of crystals", register_crysbfn)
