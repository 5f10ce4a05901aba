#include "equigen/plugin/plugin.h"

#include "plugin_name_backbone.h"
#include "plugin_name_trial.h"
#include "register.h"

namespace plugin_name {

void register_components(equigen::RegistryBuilder& registry) {
  registry.add<equigen::Backbone, PluginNameBackbone>(
      "plugin_name", "E(3)-equivariant message passing on nodes, edges and vectors");
  registry.add<equigen::Model, PluginNameTrial>(
      "plugin_name_trial", "graphs by denoising flipped edges, to try a backbone with");
}

}  // namespace plugin_name

EQUIGEN_PLUGIN("plugin_name", "0.1.0", "an E(3)-equivariant backbone",
               plugin_name::register_components)
