#include "plugin_name_metric.h"

#include "catch.h"
#include "equigen/testing/metric_contract.h"

using plugin_name::PluginNameMetric;

namespace {

std::vector<equigen::Sample> only(equigen::Graph graph) {
  return {{std::move(graph), {}}};
}

}  // namespace

TEST_CASE("plugin_name keeps the contract of a metric") {
  equigen::testing::require_metric_contract<PluginNameMetric>();
  equigen::testing::require_metric_contract<PluginNameMetric>(
      {.options = "largest_component: true"});
}

TEST_CASE("known values: a star is -1, a path of four nodes -1/2") {
  const auto star = only({4, {{0, 1}, {0, 2}, {0, 3}}});
  const auto path = only({4, {{0, 1}, {1, 2}, {2, 3}}});
  const auto figures = PluginNameMetric({}).compute({path, star, {}});
  REQUIRE(figures.size() == 2);
  CHECK(figures[0].value == Approx(-0.5));
  CHECK(figures[1].value == Approx(0.5));
}
