// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "catch.h"
#include "equigen/base/random.h"
#include "equigen/crystal/lattice_reduction.h"
#include "equigen/metrics/crystal/crystal_match.h"
#include "equigen/metrics/crystal/crystal_metrics.h"
#include "equigen/metrics/evaluation/evaluation.h"
#include "equigen/metrics/evaluation/published_results.h"
#include "salts.h"

using namespace equigen;
using namespace equigen::testing;

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

TEST_CASE("own cut-offs are not compared with published figures", "[crystal]") {
  const auto samples = samples_of({rock_salt(5.6, 11, 17)});
  const MetricInput input{samples, samples, {}, {}, {}, "perov_5"};
  const auto values = computed<CrystalCoverage>(input, {0.4, 10, 0});
  CHECK(PublishedResults::builtin().comparable("perov_5", figure(values, "cov_recall")).empty());
}

TEST_CASE("figures computed with an option are not placed among published ones", "[crystal]") {
  const auto samples = samples_of({rock_salt(5.6, 11, 17), rock_salt(4.2, 12, 8)});
  const MetricInput input{samples, samples, {}, {}, {}, "perov_5"};
  const auto is_placed = [&](const std::vector<MetricValue>& values, const char* name) {
    return !PublishedResults::builtin().comparable("perov_5", figure(values, name)).empty();
  };
  CHECK(is_placed(computed<CrystalValidity>(input), "comp_valid"));
  CrystalValidity::Config limited;
  limited.search_limit = 10'000'000;
  CHECK_FALSE(is_placed(computed<CrystalValidity>(input, limited), "comp_valid"));
  CHECK(is_placed(computed<CrystalValidity>(input, limited), "struct_valid"));
  CHECK(is_placed(computed<CrystalStatistics>(input), "d_density"));
  CrystalStatistics::Config few;
  few.sample_count = 5;
  CHECK_FALSE(is_placed(computed<CrystalStatistics>(input, few), "d_density"));
}
