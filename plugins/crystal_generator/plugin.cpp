// SPDX-License-Identifier: MIT
#include "equigen/plugin/plugin.h"

#include "crystal_generator/crystal_generator.h"

namespace {

void register_crystal_generator(equigen::RegistryBuilder& registry) {
  registry.add<equigen::Model, equigen::crystal_generator::CrystalGenerator>(
      "crystal_generator",
      "crystals by a process for each field: CrysBFN, DiffCSP, FlowMM and mixtures");
}

}  // namespace

EQUIGEN_PLUGIN("crystal_generator", "0.1.0",
               "Crystals from noise, field by field, with processes and network chosen in YAML",
               register_crystal_generator)
