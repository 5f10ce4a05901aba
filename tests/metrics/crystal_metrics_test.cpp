// SPDX-License-Identifier: MIT
#include "equigen/metrics/crystal/crystal_metrics.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "crystal/golden_crystals.h"
#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/crystal/lattice_reduction.h"
#include "equigen/metrics/crystal/crystal_match.h"
#include "equigen/metrics/crystal/crystal_set.h"
#include "equigen/metrics/evaluation/evaluation.h"
#include "equigen/metrics/evaluation/published_results.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

std::vector<Sample> samples_of(const std::vector<Crystal>& crystals) {
  std::vector<Sample> samples;
  for (const Crystal& crystal : crystals) samples.push_back({crystal, {}});
  return samples;
}

const MetricValue& figure(const std::vector<MetricValue>& values, const std::string& name) {
  const auto found = std::ranges::find(values, name, &MetricValue::name);
  INFO(name);
  REQUIRE(found != values.end());
  return *found;
}

template <typename Metric>
std::vector<MetricValue> computed(const MetricInput& input,
                                  typename Metric::Config config = typename Metric::Config()) {
  return Metric(config).compute(input);
}

Crystal rock_salt(double length, std::uint8_t metal, std::uint8_t other, std::string name = "") {
  const double h = length / 2;
  return {.lattice = Lattice({Vector3{0, h, h}, Vector3{h, 0, h}, Vector3{h, h, 0}}),
          .fractional_coordinates = {{0, 0, 0}, {.5, .5, .5}},
          .atomic_numbers = {metal, other},
          .name = std::move(name)};
}

/// Wurtzite-like: the same composition as rock salt, another structure.
Crystal other_salt(std::uint8_t metal, std::uint8_t other, std::string name = "") {
  return {.lattice = Lattice::from_parameters({{4.0, 4.0, 6.4}, {90, 90, 120}}),
          .fractional_coordinates = {{1 / 3., 2 / 3., 0},
                                     {2 / 3., 1 / 3., .5},
                                     {1 / 3., 2 / 3., .375},
                                     {2 / 3., 1 / 3., .875}},
          .atomic_numbers = {metal, metal, other, other},
          .name = std::move(name)};
}

}  // namespace

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

TEST_CASE("own cut-offs are not compared with published figures", "[crystal]") {
  const auto samples = samples_of({rock_salt(5.6, 11, 17)});
  const MetricInput input{samples, samples, {}, {}, {}, "perov_5"};
  const auto values = computed<CrystalCoverage>(input, {0.4, 10, 0});
  CHECK(PublishedResults::builtin().comparable("perov_5", figure(values, "cov_recall")).empty());
}

TEST_CASE("what is counted as invalid is noted", "[crystal]") {
  Crystal broken = rock_salt(4.2, 12, 8);
  broken.fractional_coordinates[1] = {0.01, 0, 0};
  const auto samples = samples_of({rock_salt(5.6, 11, 17), broken, Crystal{}});
  const auto values = computed<CrystalValidity>({samples, {}, {}});
  CHECK(figure(values, "valid").value == Approx(100.0 / 3));
  CHECK(figure(values, "valid").note == "atoms too close 1, it has no atoms 1");
}

TEST_CASE("corrections of the published rules are options, and named", "[crystal]") {
  Crystal flat = rock_salt(5.6, 11, 17);  // its atoms are 0.4 Å from their own images
  flat.lattice = Lattice::from_parameters({{0.4, 20, 20}, {90, 90, 90}});
  const auto generated = samples_of({rock_salt(5.6, 11, 17), flat});
  const auto reference = samples_of({rock_salt(5.6, 11, 17), flat});
  const MetricInput input{generated, reference, reference, {}, {}, "perov_5"};
  const auto check = [&](const std::vector<MetricValue>& published,
                         const std::vector<MetricValue>& corrected, const std::string& name) {
    const MetricValue& value = figure(corrected, name);
    INFO(name << ", " << value.protocol);
    CHECK(value.protocol.find("periodic images") != std::string::npos);
    CHECK(figure(published, name).protocol.find("periodic images") == std::string::npos);
    CHECK(PublishedResults::builtin().comparable("perov_5", value).empty());
    return std::pair(figure(published, name).value, value.value);
  };
  CrystalValidity::Config validity;
  validity.own_images = true;
  const auto judged = computed<CrystalValidity>(input, validity);
  CHECK(check(computed<CrystalValidity>(input), judged, "struct_valid") == std::pair(100., 50.));
  CHECK(figure(judged, "valid").note == "atom too close to its own image 1");
  CrystalMatch::Config match;
  match.own_images = true;
  CHECK(check(computed<CrystalMatch>(input), computed<CrystalMatch>(input, match), "match_rate") ==
        std::pair(100., 50.));
  CrystalUniquenessNovelty::Config novelty;
  novelty.own_images = true;
  const MetricInput new_ones{generated, reference, std::span(reference).first(0)};
  CHECK(computed<CrystalUniquenessNovelty>(new_ones, novelty).size() == 1);
  CrystalStatistics::Config statistics;
  statistics.own_images = true;
  const auto [before, after] = check(computed<CrystalStatistics>(input),
                                     computed<CrystalStatistics>(input, statistics), "d_density");
  CHECK(before == Approx(0).margin(1e-9));
  CHECK(after > 0.1);
}

TEST_CASE("energies are compared where both sets carry them", "[crystal]") {
  auto generated = samples_of({rock_salt(5.6, 11, 17), rock_salt(4.2, 12, 8)});
  auto reference = samples_of({rock_salt(5.6, 11, 17), rock_salt(4.2, 12, 8)});
  const MetricInput input{generated, reference, {}, {}, {}, "mp_20"};
  const auto has_energy = [&](const std::vector<MetricValue>& values) {
    return std::ranges::find(values, "d_energy", &MetricValue::name) != values.end();
  };
  CHECK_FALSE(has_energy(computed<CrystalStatistics>(input)));
  generated[0].properties = {{"formation_energy_per_atom", -1.0}};
  generated[1].properties = {{"formation_energy_per_atom", -2.0}};
  CHECK_FALSE(has_energy(computed<CrystalStatistics>(input)));
  reference[0].properties = {{"formation_energy_per_atom", -1.5}, {"gap", 1}};
  const auto values = computed<CrystalStatistics>(input);
  CHECK(figure(values, "d_energy").value == Approx(0.5));
  CHECK(figure(values, "d_energy").protocol.find("formation_energy_per_atom") != std::string::npos);
  CHECK(PublishedResults::builtin().comparable("mp_20", figure(values, "d_energy")).empty());
  CrystalStatistics::Config config;
  config.energy = "gap";
  CHECK_FALSE(has_energy(computed<CrystalStatistics>(input, config)));
  EvaluationRequest request;
  request.generated = generated;
  const std::vector<NamedMetric> metrics{
      {"crystal_statistics", std::make_shared<CrystalStatistics>(CrystalStatistics::Config())}};
  const std::vector<Sample> without = samples_of({rock_salt(5.6, 11, 17)});
  request.reference = without;
  const auto remarks = evaluate(request, metrics).remarks;
  CHECK(std::ranges::any_of(remarks, [](const std::string& remark) {
    return remark.starts_with("The distance of energies was not computed");
  }));
}

TEST_CASE("cells can be compared by the textbook's reduction", "[crystal]") {
  RandomStream random(5, "textbook cells");
  // Few lattices show the slip of the published reduction.
  std::vector<Crystal> crystals;
  for (int round = 0; round < 2000 && crystals.size() < 2; ++round) {
    Crystal crystal{.lattice = Lattice({Vector3{3 + random.normal(), random.normal(), 0.4},
                                        Vector3{random.normal(), 3 + random.normal(), -0.3},
                                        Vector3{random.normal(), 0.2, 3 + random.normal()}}),
                    .fractional_coordinates = {{0, 0, 0}},
                    .atomic_numbers = {29},
                    .name = ""};
    const auto prepared = prepared_crystal(crystal);
    if (!prepared || crystal.lattice.volume() < 8) continue;
    const auto textbook = niggli_reduced(prepared->reduced().lattice, NiggliRule::textbook);
    if (std::abs(textbook.lattice.parameters().angles[0] - prepared->parameters().angles[0]) > 1)
      crystals.push_back(std::move(crystal));
  }
  REQUIRE(crystals.size() == 2);
  const auto generated = samples_of({crystals[0], crystals[1]});
  const auto reference = samples_of({rock_salt(5.6, 11, 17)});
  const MetricInput input{generated, reference, {}, {}, {}, "perov_5"};
  CrystalStatistics::Config config;
  config.niggli = "textbook";
  const auto published = computed<CrystalStatistics>(input);
  const auto textbook = computed<CrystalStatistics>(input, config);
  CHECK(figure(textbook, "d_angles").value != Approx(figure(published, "d_angles").value));
  CHECK(figure(textbook, "d_angles").protocol.find("textbook Niggli cell") != std::string::npos);
  CHECK(figure(textbook, "d_density").value == figure(published, "d_density").value);
}

TEST_CASE("fingerprints that do not depend on the order of neighbours are an option", "[crystal]") {
  // Caesium chloride has eight neighbours of one weight.
  const auto caesium_salt = [](double length) {
    return Crystal{.lattice = Lattice::from_parameters({{length, length, length}, {90, 90, 90}}),
                   .fractional_coordinates = {{0, 0, 0}, {.5, .5, .5}},
                   .atomic_numbers = {55, 17},
                   .name = ""};
  };
  const auto generated = samples_of({caesium_salt(4.1), rock_salt(5.6, 11, 17)});
  const auto reference = samples_of({caesium_salt(4.2), rock_salt(5.5, 11, 17)});
  const MetricInput input{generated, reference, {}, {}, {}, "perov_5"};
  CrystalCoverage::Config config;
  config.order_independent = true;
  const auto values = computed<CrystalCoverage>(input, config);
  CHECK(figure(values, "cov_recall").protocol ==
        "order-independent neighbours: fingerprint distances up to 0.2 and 4");
  CHECK(figure(values, "cov_recall").value == Approx(100));
  CHECK(PublishedResults::builtin().comparable("perov_5", figure(values, "cov_recall")).empty());
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
