#include "plugin_name_dataset.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/testing/dataset_contract.h"

using plugin_name::PluginNameDataset;

TEST_CASE("plugin_name keeps the contract of a data set") {
  equigen::testing::require_dataset_contract<PluginNameDataset>({.options = "count: 40"});
}

TEST_CASE("a ring keeps its edges without rewiring") {
  PluginNameDataset::Config config;
  config.count = 10;
  config.rewiring = 0;
  config.split.test_fraction = config.split.validation_fraction = 0.2;
  for (const equigen::Sample& sample : PluginNameDataset(config, {}).load().train) {
    const auto& graph = std::get<equigen::Graph>(sample.structure);
    CHECK(std::ssize(graph.edges) == graph.node_count * config.neighbours / 2);
    for (const auto& around : equigen::neighbours(graph))
      CHECK(std::ssize(around) == config.neighbours);
  }
}

TEST_CASE("contradicting keys are refused") {
  PluginNameDataset::Config config;
  config.neighbours = 3;
  CHECK_THROWS_AS(PluginNameDataset(config, {}), equigen::ConfigError);
  config.neighbours = 4;
  config.min_nodes = 30;
  CHECK_THROWS_AS(PluginNameDataset(config, {}), equigen::ConfigError);
}
