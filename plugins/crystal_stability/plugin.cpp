// SPDX-License-Identifier: MIT
#include "equigen/plugin/plugin.h"

#include "crystal_stability/stability_metric.h"

namespace {

void register_crystal_stability(equigen::RegistryBuilder& registry) {
  registry.add<equigen::Metric, equigen::crystal_stability::StabilityMetric>(
      "crystal_stability",
      "stable, unique and novel crystals by an interatomic potential of yours");
}

}  // namespace

EQUIGEN_PLUGIN("crystal_stability", "0.1.0",
               "Energies above the hull by a TorchScript interatomic potential",
               register_crystal_stability)
