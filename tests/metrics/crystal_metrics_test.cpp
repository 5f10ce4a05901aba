// SPDX-License-Identifier: MIT
#include "equigen/metrics/crystal/crystal_metrics.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "crystal/golden_crystals.h"
#include "equigen/base/error.h"
#include "equigen/metrics/crystal/crystal_match.h"
#include "equigen/metrics/crystal/crystal_set.h"
#include "equigen/metrics/evaluation/evaluation.h"
#include "equigen/metrics/evaluation/published_results.h"
#include "paths.h"
#include "salts.h"

using namespace equigen;
using namespace equigen::testing;

TEST_CASE("golden.crystal_metrics.components", "[crystal]") {
  const auto tensors =
      read_golden_tensors(golden_folder("crystal_metrics") / "generation_metrics.safetensors");
  for (const std::string& prefix : golden_cases(tensors, "metric.cov_recall")) {
    INFO(prefix);
    const auto generated = samples_of(golden_crystals(tensors, prefix + "gen."));
    const auto reference = samples_of(golden_crystals(tensors, prefix + "gt."));
    const std::string dataset = prefix.substr(0, prefix.size() - 1);
    MetricInput input{generated, reference, {}, {}, std::make_shared<CrystalCache>(), dataset};
    const auto stored = [&](const std::string& name, double scale = 1) {
      return Approx(scale * tensors.at(prefix + "metric." + name).values.at(0)).margin(1e-5);
    };
    const auto validity = computed<CrystalValidity>(input);
    for (const char* name : {"comp_valid", "struct_valid", "valid"})
      CHECK(figure(validity, name).value == stored(name, 100));
    const auto coverage = computed<CrystalCoverage>(input, {0, 0, 0});
    for (const char* name : {"cov_recall", "cov_precision"})
      CHECK(figure(coverage, name).value == stored(name, 100));
    for (const char* name : {"amsd_recall", "amsd_precision", "amcd_recall", "amcd_precision"})
      CHECK(figure(coverage, name).value == stored(name));
    CHECK(figure(coverage, "structure_diversity").value == stored("struct_div"));
    CHECK(figure(coverage, "composition_diversity").value == stored("comp_div"));
    const auto statistics = computed<CrystalStatistics>(input);
    CHECK(figure(statistics, "d_density").value == stored("wdist_density"));
    CHECK(figure(statistics, "d_num_elements").value == stored("wdist_num_elems"));
  }
}

TEST_CASE("golden.crystal_metrics.uniqueness_component", "[crystal]") {
  const auto tensors =
      read_golden_tensors(golden_folder("crystal_metrics") / "uniqueness_novelty.safetensors");
  const auto generated = samples_of(golden_crystals(tensors, "gen."));
  const auto train = samples_of(golden_crystals(tensors, "train."));
  const auto check = [&](const std::string& prefix,
                         const CrystalUniquenessNovelty::Config& config) {
    const auto values = computed<CrystalUniquenessNovelty>({generated, {}, train}, config);
    CHECK(figure(values, "uniqueness").value ==
          Approx(100 * tensors.at(prefix + "uniqueness").values.at(0)));
    CHECK(figure(values, "novelty").value ==
          Approx(100 * tensors.at(prefix + "novelty").values.at(0)));
  };
  check("default.", {});
  check("recon.", {0.3, 0.5, 10});
}

TEST_CASE("the match rate counts the best valid sample of each reference crystal", "[crystal]") {
  const std::vector<Sample> reference =
      samples_of({rock_salt(5.6, 11, 17, "a"), rock_salt(4.2, 12, 8, "b")});
  Crystal broken = rock_salt(4.2, 12, 8);
  broken.fractional_coordinates[1] = {0.01, 0, 0};
  const std::vector<Sample> generated =
      samples_of({other_salt(11, 17), rock_salt(5.5, 11, 17), broken, other_salt(12, 8)});
  const auto values = computed<CrystalMatch>({generated, reference, {}});
  CHECK(figure(values, "match_rate").value == Approx(50));
  CHECK(figure(values, "match_rate").protocol == "match rate protocol, 2 samples a composition");
  CHECK(figure(values, "rmse").value == Approx(0).margin(1e-9));
  CHECK(figure(values, "crmse").value == Approx(0.25));
  CHECK(figure(values, "match_rate_strict").value == Approx(50));
  // It asks for no validity, and the broken crystal lies within the loose tolerance.
  CHECK(figure(values, "metre").value == Approx(100));
  // In rounds, the second sample of sodium chloride is the third crystal.
  CrystalMatch::Config rounds;
  rounds.order = "by_round";
  CHECK(figure(computed<CrystalMatch>({generated, reference, {}}, rounds), "match_rate").value ==
        Approx(0));
}

TEST_CASE("pairs are found by name", "[crystal]") {
  const std::vector<Sample> reference =
      samples_of({rock_salt(5.6, 11, 17, "a"), rock_salt(4.2, 12, 8, "b")});
  const std::vector<Sample> generated = samples_of(
      {rock_salt(4.1, 12, 8, "b"), rock_salt(4.3, 12, 8, "b"), rock_salt(5.5, 11, 17, "a")});
  const auto values = computed<CrystalMatch>({generated, reference, {}});
  CHECK(figure(values, "match_rate").value == Approx(100));
  const std::vector<Sample> three =
      samples_of({rock_salt(4.1, 12, 8), rock_salt(4.3, 12, 8), rock_salt(5.5, 11, 17)});
  CHECK_THROWS_AS(computed<CrystalMatch>({three, reference, {}}), DataError);
}

TEST_CASE("a row that lost its name does not undo the pairs by name", "[crystal]") {
  const std::vector<Sample> reference = samples_of(
      {rock_salt(5.6, 11, 17, "a"), rock_salt(4.2, 12, 8, "b"), rock_salt(4.8, 20, 8, "c")});
  std::vector<Sample> generated =
      samples_of({rock_salt(4.7, 20, 8, "c"), rock_salt(4.1, 12, 8, "b"), Crystal{}});
  const auto values = computed<CrystalMatch>({generated, reference, {}});
  const MetricValue& rate = figure(values, "match_rate");
  CHECK(rate.value == Approx(200.0 / 3));
  CHECK_THAT(rate.note, ContainsSubstring("2 of 3; 1 generated crystals bear no name") &&
                            ContainsSubstring("1 of 3 reference crystals have no sample"));
  std::get<Crystal>(generated[2].structure).name = std::string("a");
  const auto named = computed<CrystalMatch>({generated, reference, {}});
  CHECK(figure(named, "match_rate").value == Approx(200.0 / 3));
  CHECK(figure(named, "match_rate").note == "2 of 3");
}

TEST_CASE("reference crystals without samples are unmatched, and nothing is ranked", "[crystal]") {
  const std::vector<Sample> reference =
      samples_of({rock_salt(5.6, 11, 17, "a"), rock_salt(4.2, 12, 8, "b"),
                  rock_salt(4.8, 20, 8, "c"), rock_salt(5.1, 38, 8, "d")});
  const std::vector<Sample> generated = samples_of({rock_salt(4.1, 12, 8, "b")});
  const MetricInput input{generated, reference, {}, {}, {}, "mp_20"};
  const auto values = computed<CrystalMatch>(input);
  CHECK(figure(values, "match_rate").value == Approx(25));
  CHECK(figure(values, "match_rate_strict").value == Approx(25));
  CHECK(figure(values, "match_rate_sampled").value == Approx(100));
  CHECK(figure(values, "crmse").value == Approx(0.375));
  CHECK_THAT(figure(values, "match_rate").protocol, ContainsSubstring("1 of 4"));
  for (const char* name : {"match_rate", "rmse"})
    CHECK(PublishedResults::builtin().comparable("mp_20", figure(values, name)).empty());
}

TEST_CASE("pairs by order are remarked where names are of no use", "[crystal]") {
  const std::vector<Sample> reference = samples_of({rock_salt(5.6, 11, 17, "a")});
  const std::vector<Sample> generated = samples_of({rock_salt(5.5, 11, 17, "NaCl")});
  const auto values = computed<CrystalMatch>({generated, reference, {}});
  CHECK(figure(values, "match_rate").value == Approx(100));
  CHECK_THAT(figure(values, "match_rate").note, ContainsSubstring("paired by their order"));
}

TEST_CASE("compositions may be left unjudged in matching", "[crystal]") {
  // Charges of oxygen trifluoride do not balance; its structure is sensible.
  Crystal odd = rock_salt(5, 8, 9);
  odd.fractional_coordinates.push_back({.25, .25, .25});
  odd.fractional_coordinates.push_back({.75, .75, .75});
  odd.atomic_numbers = {8, 9, 9, 9};
  const auto samples = samples_of({odd});
  const auto values = computed<CrystalMatch>({samples, samples, {}});
  CHECK(figure(values, "match_rate").value == Approx(0));
  CHECK(figure(values, "match_rate_structural").value == Approx(100));
}

TEST_CASE("published figures of crystals meet ours", "[crystal]") {
  const auto perovskites = samples_of({rock_salt(5.6, 11, 17), rock_salt(4.2, 12, 8)});
  const MetricInput input{perovskites, perovskites, {}, {}, {}, "mp_20"};
  const auto& table = PublishedResults::builtin();
  for (const auto& values : {computed<CrystalValidity>(input), computed<CrystalCoverage>(input),
                             computed<CrystalStatistics>(input), computed<CrystalMatch>(input)})
    for (const MetricValue& value : values)
      for (const char* name : {"comp_valid", "struct_valid", "cov_recall", "cov_precision",
                               "d_density", "d_num_elements", "match_rate", "rmse"})
        if (value.name == name) {
          INFO(value.name << ": " << table.why_nothing_comparable("mp_20", value));
          CHECK_FALSE(table.comparable("mp_20", value).empty());
        }
}

TEST_CASE("what is counted as invalid is noted", "[crystal]") {
  Crystal broken = rock_salt(4.2, 12, 8);
  broken.fractional_coordinates[1] = {0.01, 0, 0};
  const auto samples = samples_of({rock_salt(5.6, 11, 17), broken, Crystal{}});
  const auto values = computed<CrystalValidity>({samples, {}, {}});
  CHECK(figure(values, "valid").value == Approx(100.0 / 3));
  CHECK(figure(values, "valid").note == "atoms too close 1, it has no atoms 1");
}

TEST_CASE("each crystal is judged: valid or why not, unique, novel", "[crystal]") {
  Crystal broken = rock_salt(4.2, 12, 8);
  broken.fractional_coordinates[1] = {0.01, 0, 0};
  const auto generated =
      samples_of({rock_salt(5.6, 11, 17), supercell(rock_salt(5.5, 11, 17), {2, 1, 1}), broken,
                  rock_salt(4.2, 12, 8), Crystal{}});
  const auto train = samples_of({rock_salt(4.3, 12, 8)});
  const auto verdicts = judge_samples(generated, train);
  REQUIRE(verdicts.size() == 5);
  CHECK(verdicts[0].valid);
  CHECK(verdicts[0].unique);
  CHECK(verdicts[0].novel == true);
  CHECK(verdicts[1].valid);
  CHECK_FALSE(verdicts[1].unique);
  CHECK(verdicts[2].reason == "atoms 1 and 2 are 0.03 Å apart");
  CHECK_FALSE(verdicts[2].novel.has_value());
  CHECK(verdicts[3].novel == false);
  CHECK(verdicts[4].reason == "no crystal");
}

TEST_CASE("what could not be read, or has no fingerprint, is a sample's own reason", "[crystal]") {
  Crystal lawrencium = rock_salt(5, 103, 103);
  lawrencium.fractional_coordinates.pop_back();
  lawrencium.atomic_numbers.pop_back();
  std::vector<Sample> generated = samples_of({rock_salt(5.6, 11, 17), Crystal{}, lawrencium});
  generated[1].fault = "site Cu1 has the occupancy 0.5";
  EvaluationRequest request;
  request.generated = generated;
  const std::vector<NamedMetric> metrics{
      {"crystal_validity", std::make_shared<CrystalValidity>(CrystalValidity::Config())}};
  const Evaluation evaluation = evaluate(request, metrics);
  CHECK_THAT(evaluation.find("valid")->value.note, ContainsSubstring("could not be read 1"));
  CHECK(evaluation.verdicts.at(0).valid);
  CHECK(evaluation.verdicts.at(1).reason == "site Cu1 has the occupancy 0.5");
  CHECK_FALSE(evaluation.verdicts.at(2).valid);
  CHECK_FALSE(evaluation.verdicts.at(2).reason.empty());
  CHECK(std::ranges::any_of(evaluation.remarks, [](const std::string& remark) {
    return remark.find("1 of 3 generated rows could not be read") != std::string::npos &&
           remark.find("occupancy 0.5") != std::string::npos;
  }));
  CHECK(judge_samples(generated, {})[1].reason == "site Cu1 has the occupancy 0.5");
}

TEST_CASE("verdicts follow the options of the metric of validity", "[crystal]") {
  Crystal flat = rock_salt(5.6, 11, 17);
  flat.lattice = Lattice::from_parameters({{0.4, 20, 20}, {90, 90, 90}});
  const auto generated = samples_of({rock_salt(5.6, 11, 17), flat});
  EvaluationRequest request;
  request.generated = generated;
  CrystalValidity::Config config;
  config.own_images = true;
  const std::vector<NamedMetric> metrics{
      {"crystal_validity", std::make_shared<CrystalValidity>(config)}};
  const auto verdicts = evaluate(request, metrics).verdicts;
  CHECK(verdicts.at(0).valid);
  CHECK_FALSE(verdicts.at(1).valid);
  CHECK_THAT(verdicts.at(1).reason, ContainsSubstring("its own image"));
}

TEST_CASE("samples are not compared with another kind of structure", "[crystal]") {
  const auto generated = samples_of({rock_salt(5.6, 11, 17)});
  const std::vector<Sample> graphs{{Graph{1, {}}, {}}};
  EvaluationRequest request;
  request.generated = generated;
  request.reference = graphs;
  const std::vector<NamedMetric> metrics{
      {"crystal_validity", std::make_shared<CrystalValidity>(CrystalValidity::Config())}};
  CHECK_THROWS_WITH(evaluate(request, metrics),
                    ContainsSubstring("crystals") && ContainsSubstring("graphs"));
}

TEST_CASE("cells that the matcher does not take are compared as they are written", "[crystal]") {
  Crystal needle = rock_salt(5.6, 11, 17);
  needle.lattice = Lattice::from_parameters({{1, 1, 5000}, {90, 90, 90}});
  Crystal other = needle;
  other.lattice = Lattice::from_parameters({{1, 1, 6000}, {90, 90, 90}});
  const auto generated = samples_of({needle, needle, other});
  const auto train = samples_of({other});
  const auto values = computed<CrystalUniquenessNovelty>({generated, {}, train});
  CHECK(figure(values, "uniqueness").value == Approx(200.0 / 3));
  CHECK(figure(values, "novelty").value == Approx(200.0 / 3));
  CHECK_THAT(figure(values, "uniqueness").note, ContainsSubstring("3 cells are too large"));
  // A slab of this kind is matched.
  Crystal slab = rock_salt(5.6, 11, 17);
  slab.lattice = Lattice::from_parameters({{2.5, 2.5, 80}, {90, 90, 90}});
  const auto slabs = samples_of({slab, supercell(slab, {2, 1, 1})});
  const auto matched = computed<CrystalUniquenessNovelty>({slabs, {}, {}});
  CHECK(figure(matched, "uniqueness").value == Approx(50));
  CHECK(figure(matched, "uniqueness").note.empty());
}

TEST_CASE("each crystal is told apart from its nearest of the other sets", "[crystal]") {
  const auto generated = samples_of({rock_salt(5.5, 11, 17), rock_salt(4.1, 12, 8), Crystal{}});
  const auto reference = samples_of(
      {rock_salt(4.0, 12, 8, "a"), rock_salt(5.6, 11, 17, "b"), other_salt(48, 16, "c")});
  const auto train = samples_of({other_salt(12, 8, "t"), rock_salt(5.6, 11, 17)});
  EvaluationRequest request;
  request.generated = generated;
  request.reference = reference;
  request.train = train;
  request.spread_draws = 3;
  CrystalMatch::Config match;
  const std::vector<NamedMetric> metrics{
      {"crystal_match", std::make_shared<CrystalMatch>(match)},
      {"crystal_coverage", std::make_shared<CrystalCoverage>(CrystalCoverage::Config())}};
  const Evaluation evaluation = evaluate(request, metrics);
  REQUIRE(evaluation.verdicts.size() == 3);
  const auto& salt = evaluation.verdicts[0].counterparts;
  // Its place makes magnesium oxide its target, which it does not match.
  REQUIRE(salt.size() == 3);
  CHECK(salt[0] == Counterpart{Relation::training, 1, "", std::nullopt});
  CHECK(salt[1].relation == Relation::structure);
  CHECK(salt[1].distance >= 0);
  CHECK(salt[2] == Counterpart{Relation::composition, 1, "b", 0.0});
  CHECK(counterpart_text(salt[0]) == "known: training crystal 2");
  CHECK(counterpart_text(salt[2]) == "nearest composition: b (distance 0)");
  CHECK(evaluation.verdicts[2].counterparts.empty());
  CHECK(evaluation_from_json(to_json(evaluation)).verdicts == evaluation.verdicts);
  const std::string csv = verdicts_csv(evaluation.verdicts);
  CHECK(csv.find(",training_index,training_name,training_distance,structure_index") !=
        std::string::npos);
  CHECK(csv.find("reference_index") == std::string::npos);
  // Judged without those metrics: only what the matcher knows.
  CHECK(judge_samples(generated, train)[0].counterparts.size() == 1);
}

TEST_CASE("a crystal that matches its reference crystal names it", "[crystal]") {
  const auto generated = samples_of({rock_salt(5.5, 11, 17)});
  const auto reference = samples_of({rock_salt(5.6, 11, 17, "halite")});
  EvaluationRequest request;
  request.generated = generated;
  request.reference = reference;
  const std::vector<NamedMetric> metrics{
      {"crystal_match", std::make_shared<CrystalMatch>(CrystalMatch::Config())}};
  const Evaluation evaluation = evaluate(request, metrics);
  const auto& counterparts = evaluation.verdicts.at(0).counterparts;
  REQUIRE(counterparts.size() == 1);
  CHECK(counterparts[0].relation == Relation::reference);
  CHECK(counterparts[0].name == "halite");
  CHECK(counterparts[0].distance.value() == Approx(0).margin(1e-9));
}

TEST_CASE("paired metrics get neither floor nor spread", "[crystal]") {
  std::vector<Crystal> crystals;
  for (int i = 0; i < 40; ++i) crystals.push_back(rock_salt(5 + 0.01 * i, 11, 17));
  const auto samples = samples_of(crystals);
  EvaluationRequest request;
  request.generated = request.reference = request.train = samples;
  request.spread_draws = 5;
  const std::vector<NamedMetric> metrics{
      {"crystal_match", std::make_shared<CrystalMatch>(CrystalMatch::Config())},
      {"crystal_validity", std::make_shared<CrystalValidity>(CrystalValidity::Config())}};
  const Evaluation evaluation = evaluate(request, metrics);
  REQUIRE(evaluation.find("match_rate"));
  CHECK(evaluation.find("match_rate")->value.value == Approx(100));
  CHECK_FALSE(evaluation.find("match_rate")->floor.has_value());
  CHECK_FALSE(evaluation.find("match_rate")->spread.has_value());
  CHECK(evaluation.find("comp_valid")->floor.has_value());
}

TEST_CASE("metrics of crystals say what they miss", "[crystal]") {
  const auto samples = samples_of({rock_salt(5.6, 11, 17)});
  const std::vector<Sample> graphs{{Graph{1, {}}, {}}};
  CHECK_THROWS_AS(computed<CrystalValidity>({}), DataError);
  CHECK_THROWS_AS(computed<CrystalValidity>({graphs, {}, {}}), DataError);
  CHECK_THROWS_AS(computed<CrystalCoverage>({samples, {}, {}}), DataError);
  CHECK_THROWS_AS(computed<CrystalStatistics>({samples, {}, {}}), DataError);
  CHECK_THROWS_AS(computed<CrystalMatch>({samples, {}, {}}), DataError);
  CHECK(computed<CrystalUniquenessNovelty>({samples, {}, {}}).size() == 1);
}
