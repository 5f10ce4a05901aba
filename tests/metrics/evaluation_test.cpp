// SPDX-License-Identifier: MIT
#include "equigen/metrics/evaluation/evaluation.h"

#include <nlohmann/json.hpp>
#include <set>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/metrics/graph/graph_metrics.h"
#include "equigen/metrics/graph/graph_validity.h"
#include "equigen/metrics/molecule/molecule_metrics.h"
#include "equigen/molecule/smiles.h"
#include "equigen/plugin/registry.h"

using namespace equigen;

namespace {

Sample path_graph(std::int32_t nodes) {
  Graph graph;
  graph.node_count = nodes;
  for (std::int32_t i = 0; i + 1 < nodes; ++i) graph.edges.emplace_back(i, i + 1);
  return {graph, {}};
}

std::vector<Sample> paths(std::int32_t first, std::int32_t last) {
  std::vector<Sample> samples;
  for (std::int32_t n = first; n <= last; ++n) samples.push_back(path_graph(n));
  return samples;
}

/// Difference of mean sizes; novelty only where there is a training set.
class SizeMetric : public Metric {
 public:
  std::string structure() const override { return "graph"; }
  std::vector<MetricValue> compute(const MetricInput& input) const override {
    if (input.reference.empty()) throw DataError("no-reference", "the reference set is empty");
    std::vector<MetricValue> values;
    MetricValue size;
    size.name = "mean_mmd";
    size.label = "Size difference";
    size.value = std::abs(mean(input.generated) - mean(input.reference));
    size.direction = Direction::lower;
    size.protocol = "GDSS convention: mean";
    size.sample_count = static_cast<std::int64_t>(input.generated.size());
    values.push_back(size);
    if (!input.train.empty()) {
      MetricValue novelty;
      novelty.name = "novelty";
      novelty.value = std::nan("");
      novelty.direction = Direction::higher;
      novelty.unit = std::string("%");
      values.push_back(novelty);
    }
    return values;
  }

 private:
  static double mean(std::span<const Sample> samples) {
    double sum = 0;
    for (const Sample& sample : samples) sum += std::get<Graph>(sample.structure).node_count;
    return sum / static_cast<double>(samples.size());
  }
};

const std::vector<NamedMetric> kSizeMetric = {{"size", std::make_shared<SizeMetric>()}};

Evaluation evaluate_paths(std::int32_t floor_repeats = 0) {
  const auto generated = paths(4, 8);
  const auto reference = paths(5, 9);
  const auto train = paths(6, 60);
  EvaluationRequest request;
  request.generated = generated;
  request.reference = reference;
  request.train = train;
  request.dataset = "community_small";
  request.method = "gdss";
  request.skipped_count = 2;
  request.skipped = {{"a.g6:3", "a \"quoted\" reason"}};
  request.floor_repeats = floor_repeats;
  return evaluate(request, kSizeMetric);
}

}  // namespace

TEST_CASE("an evaluation has the figure, its floor and the published figures") {
  const Evaluation evaluation = evaluate_paths();
  CHECK(evaluation.structure == "graph");
  REQUIRE(evaluation.figures.size() == 2);
  const Figure& figure = evaluation.figures.front();
  CHECK(figure.value.value == Approx(1));
  CHECK(figure.metric == "size");
  REQUIRE(figure.floor);
  CHECK(figure.floor->repeats == 5);
  CHECK(figure.floor->sample_count == 5);
  CHECK(figure.floor->stdev > 0);
  CHECK_FALSE(figure.published.empty());
  CHECK(figure.ranking);
  CHECK_FALSE(evaluation.find("novelty")->floor);
  CHECK(evaluation.find("nothing") == nullptr);
}

TEST_CASE("the floor depends on the seed only") {
  const Evaluation first = evaluate_paths(3);
  const Evaluation second = evaluate_paths(3);
  REQUIRE(first.figures.front().floor);
  CHECK(first.figures.front().floor == second.figures.front().floor);
  CHECK(first.figures.front().floor->repeats == 3);
}

TEST_CASE("a training set that is not larger is the floor as a whole") {
  const auto samples = paths(4, 8);
  EvaluationRequest request;
  request.generated = samples;
  request.reference = samples;
  request.train = samples;
  const Evaluation evaluation = evaluate(request, kSizeMetric);
  REQUIRE(evaluation.figures.front().floor);
  CHECK(evaluation.figures.front().floor == Floor{0, 0, 1, 5});
}

TEST_CASE("a metric that cannot be computed is left out and named") {
  const auto samples = paths(4, 8);
  EvaluationRequest request;
  request.generated = samples;
  const Evaluation evaluation = evaluate(request, kSizeMetric);
  CHECK(evaluation.figures.empty());
  REQUIRE(evaluation.left_out.size() == 1);
  CHECK(evaluation.left_out.front() == LeftOutMetric{"size", "the reference set is empty"});
  CHECK_THAT(evaluation_table(evaluation), ContainsSubstring("left out: size"));
}

TEST_CASE("nothing generated, mixed structures and a metric of another kind are refused") {
  CHECK_THROWS_AS(evaluate(EvaluationRequest{}, kSizeMetric), DataError);
  const std::vector<Sample> mixed = {path_graph(3), Sample{Molecule{}, {}}};
  EvaluationRequest request;
  request.generated = mixed;
  CHECK_THROWS_WITH(evaluate(request, kSizeMetric), ContainsSubstring("mixed"));
  const std::vector<Sample> molecules = {Sample{parse_smiles("CO"), {}}};
  request.generated = molecules;
  CHECK_THROWS_AS(evaluate(request, kSizeMetric), ConfigError);
}

TEST_CASE("an unknown metric is refused by its name") {
  const auto samples = paths(4, 8);
  EvaluationRequest request;
  request.generated = samples;
  request.metrics = {{"no_such_metric", {}}};
  CHECK_THROWS_WITH(evaluate(request), ContainsSubstring("no_such_metric"));
}

TEST_CASE("an evaluation survives the round trip through JSON") {
  const Evaluation evaluation = evaluate_paths();
  const nlohmann::json json = to_json(evaluation);
  CHECK(json.at("figures").at(1).at("value").is_null());
  const Evaluation back = evaluation_from_json(nlohmann::json::parse(json.dump()));
  CHECK(to_json(back) == json);
  CHECK(back.verdicts == evaluation.verdicts);
  CHECK(back.figures.front().published == evaluation.figures.front().published);
  CHECK(std::isnan(back.figures.at(1).value.value));
  CHECK_THROWS_AS(evaluation_from_json(nlohmann::json::object()), DataError);
  CHECK_THROWS_AS(evaluation_from_json(nlohmann::json{{"format", "other"}}), DataError);
}

TEST_CASE("every graph gets its own verdict") {
  const std::vector<Sample> generated = {path_graph(3), path_graph(4), path_graph(3),
                                         Sample{Graph{}, {}}};
  const std::vector<Sample> train = {path_graph(4)};
  const auto verdicts = judge_samples(generated, train);
  REQUIRE(verdicts.size() == 4);
  CHECK(verdicts[0].unique);
  CHECK(verdicts[0].novel == true);
  CHECK(verdicts[1].novel == false);
  CHECK_FALSE(verdicts[2].unique);
  CHECK_FALSE(verdicts[3].valid);
  CHECK_FALSE(verdicts[3].novel);
  CHECK_FALSE(judge_samples(generated, {}).front().novel);
}

TEST_CASE("every molecule gets its own verdict, with the reason where it is not valid") {
  Molecule crowded = parse_smiles("CC");
  crowded.smiles.clear();
  crowded.atoms[1].atomic_number = 9;
  crowded.bonds.front().order = 2;
  const std::vector<Sample> generated = {
      Sample{parse_smiles("OCC"), {{"valid_without_correction", 0.0}}},
      Sample{parse_smiles("CCO"), {{"valid_without_correction", 1.0}}}, Sample{crowded, {}},
      Sample{Molecule{}, {}}};
  const std::vector<Sample> train = {Sample{parse_smiles("CC"), {}}};
  const auto verdicts = judge_samples(generated, train);
  CHECK(verdicts[0].text == "CCO");
  CHECK(verdicts[0].valid_without_correction == false);
  CHECK(verdicts[0].novel == true);
  CHECK(verdicts[1].valid);
  CHECK_FALSE(verdicts[1].unique);
  CHECK_FALSE(verdicts[2].valid);
  CHECK_FALSE(verdicts[2].reason.empty());
  CHECK(verdicts[3].reason == "no molecule");
}

TEST_CASE("verdicts are written as CSV with quoted fields") {
  SampleVerdict verdict;
  verdict.index = 3;
  verdict.text = "C,\"C\"";
  verdict.valid = true;
  verdict.novel = false;
  const std::vector<SampleVerdict> verdicts = {verdict};
  const std::string csv = verdicts_csv(verdicts);
  CHECK_THAT(csv, ContainsSubstring("index,text,size,edges,valid,valid_without_correction,"));
  CHECK_THAT(csv, ContainsSubstring("3,\"C,\"\"C\"\"\",0,0,1,,0,0,\n"));
}

TEST_CASE("the table for the terminal names floor, published figures and unreadable rows") {
  const std::string table = evaluation_table(evaluate_paths());
  CHECK_THAT(table, ContainsSubstring("Size difference"));
  CHECK_THAT(table, ContainsSubstring("floor: the training set"));
  CHECK_THAT(table, ContainsSubstring("DualDiff"));
  CHECK_THAT(table, ContainsSubstring("2 generated rows could not be read"));
}

namespace {

/// Puts the metrics that come with equigen into the registry of this process, once.
void register_metrics() {
  if (Registry::instance().find("metric", "graph_mmd")) return;
  RegistryBuilder builder("equigen");
  register_graph_metrics(builder);
  register_molecule_metrics(builder);
  Registry::instance().commit(builder.take());
}

std::set<std::string> names_with_published(const Evaluation& evaluation) {
  std::set<std::string> names;
  for (const Figure& figure : evaluation.figures)
    if (!figure.published.empty()) names.insert(figure.value.name);
  return names;
}

}  // namespace

TEST_CASE("the metrics of graphs meet the figures published under their convention") {
  register_metrics();
  const auto generated = paths(4, 8);
  EvaluationRequest request;
  request.generated = request.reference = request.train = generated;
  request.dataset = "community_small";
  const Evaluation evaluation = evaluate(request);
  CHECK(evaluation.left_out.empty());
  CHECK(names_with_published(evaluation) ==
        std::set<std::string>{"clustering_mmd", "degree_mmd", "mean_mmd", "orbit_mmd"});
}

TEST_CASE("sets of a family of graphs are tested for it by default") {
  const auto names = [](const auto& choices) {
    std::vector<std::string> types;
    for (const auto& choice : choices) types.push_back(choice.type);
    return types;
  };
  CHECK(names(default_metrics("graph", "planar")).back() == "planar_validity");
  CHECK(names(default_metrics("graph", "sbm")).back() == "sbm_validity");
  CHECK(default_metrics("graph", "planar").front().options.find("convention")->text() == "swingnn");
  CHECK(names(default_metrics("graph", "grid")) == names(default_metrics("graph")));
}

TEST_CASE("drawn sets of a family are told apart from the papers' files") {
  const std::vector<Sample> graphs(3, Sample{Graph{3, {{0, 1}, {1, 2}}}, {}});
  EvaluationRequest request;
  request.generated = graphs;
  request.reference = graphs;
  request.dataset = "planar";
  const NamedMetric metric{"planar_validity",
                           std::make_shared<PlanarValidity>(PlanarValidity::Config{})};
  const auto remarked = [](const Evaluation& evaluation) {
    return std::ranges::count_if(evaluation.remarks, [](const std::string& remark) {
      return remark.find("by the same recipe") != std::string::npos;
    });
  };
  CHECK(remarked(evaluate(request, {&metric, 1})) == 1);
  request.dataset = "grid";
  CHECK(remarked(evaluate(request, {&metric, 1})) == 0);
}

TEST_CASE("the metrics of molecules meet the figures published under their protocol") {
  register_metrics();
  std::vector<Sample> molecules;
  for (const char* smiles : {"CCO", "CCN", "C1CC1", "CC(=O)O"})
    molecules.push_back({parse_smiles(smiles), {{"valid_without_correction", 1.0}}});
  EvaluationRequest request;
  request.generated = request.reference = request.train = molecules;
  request.dataset = "QM9";
  const Evaluation evaluation = evaluate(request);
  CHECK(evaluation.left_out.empty());
  CHECK(names_with_published(evaluation) == std::set<std::string>{"novelty_stereo", "nspdk_mmd",
                                                                  "uniqueness",
                                                                  "validity_without_correction"});
  REQUIRE(evaluation.remarks.size() == 2);
  CHECK_THAT(evaluation.remarks[0],
             ContainsSubstring("4 samples, the published figures are of 10000"));
  CHECK_THAT(evaluation.remarks[1], ContainsSubstring("4 of 4 (100.0 %) reference molecules"));
}
