#include "equigen/plugin/plugin.h"

#include "plugin_name_model.h"

namespace {

void register_plugin(equigen::RegistryBuilder& registry) {
  registry.add<equigen::Model, plugin_name::PluginNameModel>(
      "plugin_name", "graphs by a variational autoencoder with a latent vector a node");
}

}  // namespace

EQUIGEN_PLUGIN("plugin_name", "0.1.0", "a variational autoencoder of graphs", register_plugin)
