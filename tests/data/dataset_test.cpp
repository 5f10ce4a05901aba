// SPDX-License-Identifier: MIT
#include "equigen/data/dataset.h"

#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/error.h"

using namespace equigen;

namespace {

Sample graph_sample(std::int32_t nodes, std::vector<std::pair<std::int32_t, std::int32_t>> edges) {
  return {Graph{nodes, std::move(edges)}, {}};
}

Sample carbon_monoxide_like() {
  Molecule molecule;
  molecule.atoms = {{6, 0}, {8, 0}, {6, 0}};
  molecule.bonds = {{0, 1, 2}, {0, 2, 1}};
  return {molecule, {{"energy", -1.5}}};
}

}  // namespace

TEST_CASE("a summary of graphs counts sizes and the largest degree") {
  const auto summary = summarise(
      "toy", {graph_sample(3, {{0, 1}, {0, 2}}), graph_sample(3, {}), graph_sample(1, {})});
  CHECK(summary.structure == "graph");
  CHECK(summary.count == 3);
  CHECK(summary.size_histogram == std::vector<std::int64_t>{0, 1, 0, 2});
  CHECK(summary.max_size() == 3);
  CHECK(summary.max_degree == 2);
  CHECK(summary.elements.empty());
}

TEST_CASE("a summary of molecules counts elements and bond orders") {
  const auto summary = summarise("toy", {carbon_monoxide_like()});
  CHECK(summary.structure == "molecule");
  CHECK(summary.elements == std::vector<int>{6, 8});
  CHECK(summary.element_counts == std::vector<std::int64_t>{2, 1});
  CHECK(summary.bond_counts == std::vector<std::int64_t>{0, 1, 1, 0});
  CHECK(summary.max_degree == 2);
}

TEST_CASE("a summary reads back from its JSON") {
  const auto summary = summarise("toy", {carbon_monoxide_like()});
  const auto again = DataSummary::from_json(nlohmann::json::parse(summary.to_json().dump()));
  CHECK(again.to_json() == summary.to_json());
}

TEST_CASE("a damaged summary is a data error") {
  auto json = summarise("toy", {carbon_monoxide_like()}).to_json();
  json["count"] = "many";
  CHECK_THROWS_AS(DataSummary::from_json(json), DataError);
  json.erase("count");
  CHECK_THROWS_AS(DataSummary::from_json(json), DataError);
  CHECK_THROWS_AS(DataSummary::from_json(nlohmann::json::array()), DataError);
}

TEST_CASE("a data set that mixes graphs and molecules is refused") {
  CHECK_THROWS_AS(summarise("toy", {graph_sample(1, {}), carbon_monoxide_like()}), DataError);
}

TEST_CASE("properties are found by name") {
  CHECK(property_or(carbon_monoxide_like(), "energy", 0) == -1.5);
  CHECK(property_or(carbon_monoxide_like(), "gap", 7) == 7);
}
