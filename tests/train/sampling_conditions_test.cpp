// SPDX-License-Identifier: MIT
#include "equigen/train/sampling_conditions.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "paths.h"

using namespace equigen;

namespace {

std::vector<std::string> names_of(const std::vector<Sample>& conditions) {
  std::vector<std::string> names;
  for (const Sample& sample : conditions) names.push_back(crystal_in(sample).name);
  return names;
}

DataSummary trained_to(std::size_t largest) {
  DataSummary summary;
  summary.size_histogram.assign(largest + 1, 1);
  return summary;
}

}  // namespace

TEST_CASE("formula units: one, those given, or all that fit the largest trained crystal") {
  SamplingOptions options;
  options.formulas = {"SrTiO3", "NaCl"};
  const auto names = [&] {
    return names_of(sampling_conditions(options, "test", config::Value::map(), trained_to(12)));
  };
  CHECK(names() == std::vector<std::string>{"SrTiO3", "NaCl"});
  options.formula_units = {1, 4};
  CHECK(names() == std::vector<std::string>{"SrTiO3", "SrTiO3 x4", "NaCl", "NaCl x4"});
  options.formula_units.emplace();
  CHECK(names() == std::vector<std::string>{"SrTiO3", "SrTiO3 x2", "NaCl", "NaCl x2", "NaCl x3",
                                            "NaCl x4", "NaCl x5", "NaCl x6"});
  options.formulas = {"Na4Cl10"};
  CHECK_THROWS_WITH(names(), ContainsSubstring("Na4Cl10 has 14 atoms, more than the 12"));
}

TEST_CASE("formula units without a formula are an error") {
  SamplingOptions options;
  options.formula_units = {2};
  CHECK_THROWS_WITH(sampling_conditions(options, "test", config::Value::map(), trained_to(12)),
                    ContainsSubstring("no formula"));
}

TEST_CASE("the compositions of an experiment are a part of its data") {
  DataSplits data;
  Crystal crystal;
  crystal.atomic_numbers = {6};
  crystal.fractional_coordinates = {{0, 0, 0}};
  crystal.name = "of the test part";
  data.test = {{crystal, {}}};
  CHECK(names_of(stored_conditions("test", data, {})) ==
        std::vector<std::string>{"of the test part"});
  CHECK_THROWS_WITH(stored_conditions("validation", data, {}),
                    ContainsSubstring("there are no crystals in 'validation'"));
}
