// SPDX-License-Identifier: MIT
#include "equigen/metrics/graph/graph_metrics.h"

#include <algorithm>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/graph/generators.h"

using namespace equigen;

namespace {

std::vector<Sample> samples_of(const std::vector<Graph>& graphs) {
  std::vector<Sample> samples;
  for (const auto& graph : graphs) samples.push_back({graph, {}});
  return samples;
}

const MetricValue& named(const std::vector<MetricValue>& values, const std::string& name) {
  const auto found = std::ranges::find(values, name, &MetricValue::name);
  REQUIRE(found != values.end());
  return *found;
}

bool has(const std::vector<MetricValue>& values, const std::string& name) {
  return std::ranges::find(values, name, &MetricValue::name) != values.end();
}

}  // namespace

TEST_CASE("graph metrics: graph_mmd names its figures, their mean and how they were made") {
  const auto generated = samples_of(generate_graphs(ErdosRenyiRecipe{}, 10, 1));
  const auto reference = samples_of(generate_graphs(CommunityRecipe{}, 12, 1));
  const auto values = GraphMmdMetric({}).compute({generated, reference, {}});
  REQUIRE(values.size() == 5);
  const auto& degree = named(values, "degree_mmd");
  CHECK_THAT(degree.protocol, ContainsSubstring("GDSS convention: Gaussian EMD kernel, sigma 1"));
  CHECK_THAT(named(values, "orbit_mmd").protocol, ContainsSubstring("Gaussian kernel, sigma 30"));
  CHECK(degree.direction == Direction::lower);
  CHECK(degree.sample_count == 10);
  CHECK(named(values, "mean_mmd").value ==
        Approx((degree.value + named(values, "clustering_mmd").value +
                named(values, "orbit_mmd").value) /
               3));
  const auto other = GraphMmdMetric({"swingnn", {"degree", "clustering", "orbit", "spectral"}})
                         .compute({generated, reference, {}});
  double sum = 0;
  for (const auto& value : other) sum += value.name == "mean_mmd" ? 0 : value.value;
  CHECK(named(other, "mean_mmd").value == Approx(sum / 4));
  CHECK_THAT(named(other, "clustering_mmd").protocol,
             ContainsSubstring("SwinGNN convention: Gaussian TV kernel, sigma 0.1"));
}

TEST_CASE("graph metrics: graph_mmd leaves the mean out when a part is not asked for") {
  const auto set = samples_of(generate_graphs(TreeRecipe{5, 9}, 4, 1));
  const auto values = GraphMmdMetric({"gdss", {"degree", "degree"}}).compute({set, set, {}});
  CHECK(values.size() == 1);
  CHECK_FALSE(has(values, "mean_mmd"));
}

TEST_CASE("graph metrics: uniqueness and novelty count graphs up to isomorphism") {
  const Graph path{3, {{0, 1}, {1, 2}}};
  const Graph same_path{3, {{0, 2}, {1, 2}}};
  const Graph triangle{3, {{0, 1}, {0, 2}, {1, 2}}};
  const Graph pair{2, {{0, 1}}};
  const auto generated = samples_of({path, same_path, triangle, pair});
  const auto train = samples_of({same_path});
  const GraphUniquenessNoveltyMetric metric({});
  const auto values = metric.compute({generated, {}, train});
  CHECK(named(values, "uniqueness").value == Approx(75));
  CHECK(named(values, "novelty").value == Approx(50));
  CHECK(named(values, "unique_and_novel").value == Approx(50));
  CHECK(named(values, "novelty").unit == "%");
  CHECK(metric.compute({generated, {}, {}}).size() == 1);
}

TEST_CASE("graph metrics: graph_statistics describes the generated graphs") {
  const auto generated = samples_of({{3, {{0, 1}, {1, 2}}}, {5, {{0, 1}}}});
  const auto values = GraphStatisticsMetric({}).compute({generated, generated, {}});
  CHECK(named(values, "connected_share").value == Approx(50));
  CHECK(named(values, "mean_nodes").value == Approx(4));
  CHECK(named(values, "mean_edges").value == Approx(1.5));
  CHECK(named(values, "mean_nodes").note == "reference 4.00");
}

TEST_CASE("graph metrics: empty sets, molecules and empty choices are refused") {
  const auto set = samples_of({{2, {{0, 1}}}});
  CHECK_THROWS_WITH(GraphMmdMetric({}).compute({{}, set, {}}), ContainsSubstring("generated"));
  CHECK_THROWS_WITH(GraphMmdMetric({}).compute({set, {}, {}}), ContainsSubstring("reference"));
  CHECK_THROWS_AS(GraphUniquenessNoveltyMetric({}).compute({}), DataError);
  CHECK_THROWS_AS(GraphStatisticsMetric({}).compute({}), DataError);
  const std::vector<Sample> molecules{{Molecule{}, {}}};
  CHECK_THROWS_WITH(GraphMmdMetric({}).compute({molecules, set, {}}),
                    ContainsSubstring("molecule"));
  CHECK_THROWS_AS(GraphMmdMetric({"gdss", {}}), ConfigError);
  CHECK_THROWS_AS(GraphMmdMetric({"gran", {"degree"}}), ConfigError);
}

TEST_CASE("graph metrics: a graph without nodes is left out of the discrepancy, and said so") {
  const auto reference = samples_of(generate_graphs(TreeRecipe{5, 9}, 4, 1));
  auto generated = reference;
  generated.push_back({Graph{}, {}});
  const auto values = GraphMmdMetric({}).compute({generated, reference, {}});
  CHECK(named(values, "degree_mmd").value == Approx(0).margin(1e-12));
  CHECK_THAT(named(values, "degree_mmd").note, ContainsSubstring("1 graphs without nodes"));
}

TEST_CASE("graph metrics: all three are registered with their keys") {
  RegistryBuilder builder("equigen");
  register_graph_metrics(builder);
  const auto entries = builder.take();
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].info.name == "graph_mmd");
  CHECK(entries[0].info.schema.names() == std::vector<std::string>{"convention", "statistics"});
}
