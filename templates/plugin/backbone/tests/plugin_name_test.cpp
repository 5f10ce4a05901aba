#include "catch.h"
#include "equigen/testing/backbone_contract.h"
#include "equigen/testing/model_contract.h"
#include "plugin_name_backbone.h"
#include "plugin_name_trial.h"
#include "register.h"

using plugin_name::PluginNameBackbone;
using plugin_name::PluginNameTrial;

TEST_CASE("plugin_name keeps the contract of a backbone") {
  equigen::testing::require_backbone_contract<PluginNameBackbone>({.options = "features: 8"});
}

TEST_CASE("plugin_name keeps the contract of a backbone with vectors as input") {
  equigen::testing::require_backbone_contract<PluginNameBackbone>(
      {.options = "features: 8",
       .shape = {{.scalars = 2, .vectors = 3, .edges = 0, .graphs = 0},
                 {.scalars = 0, .vectors = 2, .edges = 0, .graphs = 1}}});
}

TEST_CASE("plugin_name_trial keeps the contract of a model") {
  equigen::testing::register_for_tests(plugin_name::register_components);
  equigen::testing::require_model_contract<PluginNameTrial>(
      {.options = "{steps: 8, backbone: {type: plugin_name, features: 8, layers: 2}}"});
}
