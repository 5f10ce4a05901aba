// SPDX-License-Identifier: MIT
#include "equigen/plugin/plugin.h"

#include "gdss/gdss_model.h"
#include "gdss/import.h"

namespace {

void register_gdss(equigen::RegistryBuilder& registry) {
  registry.add<equigen::Model, equigen::gdss::GdssModel>(
      "gdss", "graphs and molecules by a system of SDEs over node features and adjacency");
  registry.add<equigen::Importer, equigen::gdss::GdssImporter>(
      "gdss", "published weights of GDSS: .pth, or .safetensors converted from them");
}

}  // namespace

EQUIGEN_PLUGIN("gdss", "0.1.0", "GDSS: score-based generation of graphs by a system of SDEs",
               register_gdss)
