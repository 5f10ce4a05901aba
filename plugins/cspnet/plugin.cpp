// SPDX-License-Identifier: MIT
#include "equigen/plugin/plugin.h"

#include "cspnet/cspnet.h"

namespace {

void register_cspnet(equigen::RegistryBuilder& registry) {
  registry.add<equigen::CrystalNetwork, equigen::cspnet::CspNet>(
      "cspnet", "messages between all atoms of a cell, periodic in their fractional coordinates");
}

}  // namespace

EQUIGEN_PLUGIN("cspnet", "0.1.0", "CSPNet: the network of DiffCSP, CrysBFN and FlowMM",
               register_cspnet)
