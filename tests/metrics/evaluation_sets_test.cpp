// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/metrics/evaluation/evaluation.h"
#include "equigen/metrics/evaluation/evaluation_floor.h"
#include "equigen/metrics/graph/graph_metrics.h"

using namespace equigen;

namespace {

Sample path_graph(std::int32_t nodes) {
  Graph graph;
  graph.node_count = nodes;
  for (std::int32_t i = 0; i + 1 < nodes; ++i) graph.edges.emplace_back(i, i + 1);
  return {graph, {}};
}

Sample cycle_graph(std::int32_t nodes) {
  Sample sample = path_graph(nodes);
  std::get<Graph>(sample.structure).edges.emplace_back(0, nodes - 1);
  return sample;
}

std::vector<Sample> paths(std::int32_t first, std::int32_t last) {
  std::vector<Sample> samples;
  for (std::int32_t n = first; n <= last; ++n) samples.push_back(path_graph(n));
  return samples;
}

std::vector<NamedMetric> graph_metrics() {
  return {{"graph_mmd", std::make_shared<GraphMmdMetric>(GraphMmdMetric::Config{})},
          {"graph_statistics",
           std::make_shared<GraphStatisticsMetric>(GraphStatisticsMetric::Config{})}};
}

MetricValue discrepancy(const char* name, double value) {
  MetricValue result;
  result.name = name;
  result.value = value;
  result.direction = Direction::lower;
  result.protocol = "SwinGNN convention: some kernel";
  result.note = "a remark on the discrepancy";
  return result;
}

}  // namespace

TEST_CASE("several files give the mean of each figure and its deviation") {
  const auto first = paths(4, 8);    // mean 6 nodes
  const auto second = paths(6, 10);  // 8
  const auto third = paths(9, 11);   // 10
  const auto reference = paths(5, 9);
  EvaluationRequest request;
  request.reference = reference;
  request.train = reference;
  const std::vector<SampleSet> sets = {
      {"a", first, 1, {{"a:3", "broken"}}}, {"b", second, 0, {}}, {"c", third, 0, {}}};
  const Evaluation evaluation = evaluate_sets(request, sets, graph_metrics());

  const Figure* nodes = evaluation.find("mean_nodes");
  REQUIRE(nodes);
  CHECK(nodes->value.value == Approx(8));
  REQUIRE(nodes->spread);
  CHECK(nodes->spread->method == "seeds");
  CHECK(nodes->spread->stdev == Approx(2));
  CHECK(nodes->spread->values.size() == 3);
  CHECK(nodes->spread->values[2] == Approx(10));
  CHECK(evaluation.generated_count == 13);
  CHECK(evaluation.sets == std::vector<EvaluatedSet>{{"a", 5, 1}, {"b", 5, 0}, {"c", 3, 0}});
  CHECK(evaluation.skipped_count == 1);
  CHECK(evaluation.verdicts.size() == 13);
  CHECK(evaluation.verdicts.back().index == 12);
  // The second file repeats graphs of the first, which is no repetition within it.
  CHECK(evaluation.verdicts[5].unique);
  CHECK_THAT(evaluation_table(evaluation),
             ContainsSubstring("13 generated graphs in 3 files") &&
                 ContainsSubstring("standard deviation over 3 files") &&
                 ContainsSubstring("different numbers of samples"));

  const nlohmann::json json = to_json(evaluation);
  const Evaluation back = evaluation_from_json(nlohmann::json::parse(json.dump()));
  CHECK(to_json(back) == json);
  CHECK(back.sets == evaluation.sets);
  CHECK(back.find("mean_nodes")->spread == nodes->spread);
}

TEST_CASE("one file among none is the same as an evaluation of it") {
  const auto generated = paths(4, 8);
  EvaluationRequest request;
  request.generated = generated;
  request.reference = generated;
  const SampleSet set{"a", generated, 0, {}};
  Evaluation one = evaluate_sets(request, {&set, 1}, graph_metrics());
  Evaluation same = evaluate(request, graph_metrics());
  one.seconds = same.seconds = 0;
  CHECK(to_json(one) == to_json(same));
  CHECK(one.sets.empty());
  CHECK_THROWS_AS(evaluate_sets(request, {}, graph_metrics()), DataError);
}

TEST_CASE("the overlap of the splits is counted and remarked") {
  const std::vector<Sample> generated = {path_graph(3), path_graph(9), cycle_graph(5)};
  const std::vector<Sample> reference = {path_graph(3), path_graph(4), path_graph(3)};
  const std::vector<Sample> train = {path_graph(4), path_graph(5), path_graph(5), path_graph(5)};
  EvaluationRequest request;
  request.generated = generated;
  request.reference = reference;
  request.train = train;
  const Evaluation evaluation = evaluate(request, graph_metrics());
  REQUIRE(evaluation.overlap);
  CHECK(*evaluation.overlap == SplitOverlap{1, 1, 2, 1});
  CHECK_THAT(evaluation_table(evaluation),
             ContainsSubstring("1 of 3 (33.3 %) reference graphs are also in the training set") &&
                 ContainsSubstring("1 of 3 (33.3 %) graphs of the reference set repeat") &&
                 ContainsSubstring("2 of 4 (50.0 %) graphs of the training set repeat"));
  CHECK(evaluation_from_json(to_json(evaluation)).overlap == evaluation.overlap);
}

TEST_CASE("ratios to the training set are those of the discrepancies, and their mean") {
  const std::vector<MetricValue> values = {
      discrepancy("degree_mmd", 0.2), discrepancy("orbit_mmd", 0.3),
      discrepancy("clustering_mmd", 0.5), discrepancy("mean_mmd", 9)};
  const auto ratios = ratio_figures(
      values, {{"degree_mmd", 0.1}, {"orbit_mmd", 0.05}, {"clustering_mmd", 0.0}, {"mean_mmd", 1}});
  REQUIRE(ratios.size() == 3);
  CHECK(ratios[0].name == "degree_ratio");
  CHECK(ratios[0].value == Approx(2));
  CHECK(ratios[1].value == Approx(6));
  CHECK(ratios[2].name == "average_ratio");
  CHECK(ratios[2].value == Approx(4));
  CHECK(ratios[2].protocol ==
        "SwinGNN convention: mean of the degree and orbit ratios to the MMD of the training set");
  CHECK(ratios[2].note ==
        "degree 2, orbit 6; none for clustering: the training set has no discrepancy there");
  CHECK(ratio_figures(values, {}).empty());
}

TEST_CASE("training graphs in place of the generated have an average ratio of one") {
  const auto reference = paths(5, 12);
  const auto train = paths(3, 9);
  EvaluationRequest request;
  request.generated = request.train = train;
  request.reference = reference;
  const Evaluation evaluation = evaluate(request, graph_metrics());
  const Figure* ratio = evaluation.find("average_ratio");
  REQUIRE(ratio);
  CHECK(ratio->value.value == Approx(1));
  CHECK(ratio->metric == "graph_mmd");
  // Single ratios are figures only where published ones exist.
  CHECK(evaluation.find("degree_ratio") == nullptr);
}

TEST_CASE("one file gets standard errors when they are asked for") {
  const auto generated = paths(4, 19);
  EvaluationRequest request;
  request.generated = request.reference = generated;
  request.spread_draws = 8;
  const Evaluation evaluation = evaluate(request, graph_metrics());
  const Figure* nodes = evaluation.find("mean_nodes");
  REQUIRE(nodes);
  REQUIRE(nodes->spread);
  CHECK(nodes->spread->repeats == 8);
  CHECK(nodes->spread->stdev > 0);
  CHECK_THAT(evaluation_table(evaluation),
             ContainsSubstring("±: standard error, from 8 draws of up to 8 of the samples"));
  request.spread_draws = 0;
  CHECK_FALSE(evaluate(request, graph_metrics()).find("mean_nodes")->spread);
}

TEST_CASE("an evaluation of the first format is still read") {
  const auto generated = paths(4, 8);
  EvaluationRequest request;
  request.generated = request.reference = generated;
  nlohmann::json json = to_json(evaluate(request, graph_metrics()));
  json["format"] = "equigen-evaluation/1";
  json.erase("overlap");
  const Evaluation old = evaluation_from_json(json);
  CHECK(old.generated_count == 5);
  CHECK_FALSE(old.overlap);
  json["format"] = "equigen-evaluation/3";
  CHECK_THROWS_AS(evaluation_from_json(json), DataError);
}

TEST_CASE("the ranking lists the neighbours of a figure with their sources") {
  const auto generated = paths(4, 8);
  EvaluationRequest request;
  request.generated = request.reference = request.train = generated;
  request.dataset = "community_small";
  request.method = "mine";
  const std::string text = ranking_text(evaluate(request, graph_metrics()));
  CHECK_THAT(text, ContainsSubstring("Mean MMD (lower is better): place 1 of "));
  CHECK_THAT(text, ContainsSubstring("▸ 1.    mine (this evaluation)"));
  CHECK_THAT(text, ContainsSubstring("    2.    DualDiff"));
  CHECK_THAT(text, ContainsSubstring("Orbit MMD (lower is better): not ranked"));
  CHECK_THAT(text, ContainsSubstring("not verified, not ranked"));
  CHECK_THAT(text, ContainsSubstring("[1] "));
  CHECK_THAT(text, ContainsSubstring("no comparison for spectral_mmd"));

  request.dataset = "my own graphs";
  CHECK_THAT(ranking_text(evaluate(request, graph_metrics())),
             ContainsSubstring("there are no published figures of 'my own graphs'"));
}
