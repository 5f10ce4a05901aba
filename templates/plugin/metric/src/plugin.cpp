#include "equigen/plugin/plugin.h"

#include "plugin_name_metric.h"

namespace {

void register_plugin(equigen::RegistryBuilder& registry) {
  registry.add<equigen::Metric, plugin_name::PluginNameMetric>(
      "plugin_name", "degree assortativity of graphs, and its distance from the reference");
}

}  // namespace

EQUIGEN_PLUGIN("plugin_name", "0.1.0", "degree assortativity of graphs", register_plugin)
