#include "equigen/plugin/plugin.h"

#include "plugin_name_dataset.h"

namespace {

void register_plugin(equigen::RegistryBuilder& registry) {
  registry.add<equigen::Dataset, plugin_name::PluginNameDataset>(
      "plugin_name", "small-world graphs by the recipe of Watts and Strogatz");
}

}  // namespace

EQUIGEN_PLUGIN("plugin_name", "0.1.0", "small-world graphs", register_plugin)
