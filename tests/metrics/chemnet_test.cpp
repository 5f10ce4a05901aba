// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/chemnet.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/metrics/distances/frechet.h"
#include "equigen/metrics/molecule/molecule_fcd.h"
#include "paths.h"

using namespace equigen;

namespace {

using Json = nlohmann::json;

Json golden(const char* name) {
  return Json::parse(read_file(testing::tests_folder() / "data/golden/chemnet" / name));
}

PointSet points_of(const Json& rows) {
  PointSet set{
      static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows.at(0).size()), {}};
  for (const Json& row : rows)
    for (const Json& value : row) set.values.push_back(value.get<float>());
  return set;
}

std::vector<Sample> samples_of(const std::vector<std::string>& smiles) {
  std::vector<Sample> samples;
  for (const std::string& text : smiles) {
    Molecule molecule;
    molecule.atoms.resize(1);
    molecule.smiles = text;
    samples.push_back({molecule, {}});
  }
  return samples;
}

}  // namespace

TEST_CASE("golden.chemnet.tokens: SMILES are cut into ChemNet's tokens") {
  const Json file = golden("activations.json");
  for (std::size_t i = 0; i < file["smiles"].size(); ++i) {
    INFO(file["smiles"][i]);
    CHECK(chemnet::tokens(file["smiles"][i].get<std::string>()) ==
          file["tokens"][i].get<std::vector<int>>());
  }
}

TEST_CASE("golden.chemnet.activations: the states of the last layer are PyTorch's") {
  const Json file = golden("activations.json");
  const auto network =
      chemnet::Network::read(testing::tests_folder() / "data/golden/chemnet" / "weights.pt");
  auto smiles = file["smiles"].get<std::vector<std::string>>();
  const std::size_t count = smiles.size();
  // More than one batch, so that molecules do not depend on their neighbours.
  for (std::size_t i = 0; i < 40; ++i) smiles.push_back(smiles[i % count]);
  const PointSet found = network.activations(smiles);
  const auto size = static_cast<std::size_t>(found.size);
  REQUIRE(size == file["activations"][0].size());
  for (std::size_t i = 0; i < smiles.size(); ++i)
    for (std::size_t k = 0; k < size; ++k)
      CHECK(found.values[i * size + k] ==
            Approx(file["activations"][i % count][k].get<double>()).epsilon(1e-4).margin(1e-5));
}

TEST_CASE("golden.chemnet.frechet: distances of point sets, singular covariances too") {
  for (const Json& item : golden("frechet.json")) {
    const double expected = item["distance"].get<double>();
    CHECK(frechet_distance(points_of(item["a"]), points_of(item["b"])) ==
          Approx(expected).epsilon(1e-5));
    CHECK(frechet_distance(points_of(item["b"]), points_of(item["a"])) ==
          Approx(expected).epsilon(1e-5));
    CHECK(frechet_distance(points_of(item["a"]), points_of(item["a"])) ==
          Approx(0).margin(1e-5 * expected));
  }
}

TEST_CASE("Frechet distances by hand") {
  // Means 0 and 3, variances 1 and 4.
  const PointSet a{3, 1, {-1, 0, 1}};
  const PointSet b{3, 1, {1, 3, 5}};
  CHECK(frechet_distance(a, b) == Approx(9 + 1 + 4 - 2 * 2));
  // All variance of one side along one axis, none of the other: a single point repeated.
  const PointSet line{3, 2, {-1, 0, 0, 0, 1, 0}};
  const PointSet point{2, 2, {0, 2, 0, 2}};
  CHECK(frechet_distance(line, point) == Approx(4 + 1));
  CHECK_THROWS_AS(frechet_distance(a, PointSet{1, 1, {0}}), DataError);
  CHECK_THROWS_AS(frechet_distance(a, line), DataError);
}

TEST_CASE("FCD says where the weights are to be had, and refuses other files") {
  const auto samples = samples_of({"CCO", "c1ccccc1", "CC"});
  try {
    FrechetChemnetDistance({}).compute({samples, samples, {}});
    FAIL("no error");
  } catch (const DataError& error) {
    CHECK_THAT(error.message(), ContainsSubstring("fcd_torch"));
  }
  FrechetChemnetDistance::Config config;
  config.weights = testing::tests_folder() / "data/golden/chemnet" / "frechet.json";
  CHECK_THROWS_AS(FrechetChemnetDistance(config).compute({samples, samples, {}}), DataError);
  config.weights = testing::tests_folder() / "data/golden/chemnet" / "weights.pt";
  const auto values = FrechetChemnetDistance(config).compute({samples, samples, {}});
  CHECK(values[0].value == Approx(0).margin(1e-6));
  CHECK(values[1].value == Approx(1));
  CHECK(values[0].sample_count == 3);
}

TEST_CASE("FCD against the training set is GuacaMol's figure") {
  FrechetChemnetDistance::Config config;
  config.weights = testing::tests_folder() / "data/golden/chemnet" / "weights.pt";
  config.against = "training";
  const auto generated = samples_of({"CCO", "c1ccccc1", "CC"});
  const auto reference = samples_of({"CCCCCC", "CCN", "C"});
  CHECK_THROWS_AS(FrechetChemnetDistance(config).compute({generated, reference, {}}), DataError);
  const auto values = FrechetChemnetDistance(config).compute({generated, reference, generated});
  CHECK(values[0].value == Approx(0).margin(1e-6));
  CHECK(values[0].protocol.find("as in fcd_torch") == std::string::npos);
  CHECK(values[1].name == "guacamol_fcd");
  CHECK(values[1].protocol == "GuacaMol: exp(-0.2 FCD), against the training set");
  config.sample_count = 2;
  CHECK(FrechetChemnetDistance(config).compute({generated, reference, reference})[0].sample_count ==
        2);
}
