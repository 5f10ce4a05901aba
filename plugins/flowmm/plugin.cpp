// SPDX-License-Identifier: MIT
#include "equigen/plugin/plugin.h"

#include "flowmm/flow_matching.h"

namespace {

void register_flowmm(equigen::RegistryBuilder& registry) {
  using equigen::FieldProcess;
  registry.add<FieldProcess, equigen::flowmm::TorusFlow>(
      "torus_flow", "fractional coordinates by flow matching on the torus");
  registry.add<FieldProcess, equigen::flowmm::LatticeParameterFlow>(
      "lattice_parameter_flow", "lattice parameters of reduced cells by flow matching");
  registry.add<FieldProcess, equigen::flowmm::AnalogBitsFlow>(
      "analog_bits_flow", "elements by flow matching of the digits of their atomic numbers");
}

}  // namespace

EQUIGEN_PLUGIN("flowmm", "0.1.0", "FlowMM: Riemannian flow matching of crystals", register_flowmm)
