// SPDX-License-Identifier: MIT
#include "equigen/plugin/plugin.h"

#include "gdss/gdss_model.h"

namespace {

void register_gdss(equigen::RegistryBuilder& registry) {
  registry.add<equigen::Model, equigen::gdss::GdssModel>(
      "gdss", "graphs and molecules by a system of SDEs over node features and adjacency");
}

}  // namespace

EQUIGEN_PLUGIN("gdss", "0.1.0", "GDSS: score-based generation of graphs by a system of SDEs",
               register_gdss)
