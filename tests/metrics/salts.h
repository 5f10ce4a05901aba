// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "catch.h"
#include "equigen/metrics/metric.h"

/// Small crystals for tests of metrics, and figures by name.
namespace equigen::testing {

inline std::vector<Sample> samples_of(const std::vector<Crystal>& crystals) {
  std::vector<Sample> samples;
  for (const Crystal& crystal : crystals) samples.push_back({crystal, {}});
  return samples;
}

inline const MetricValue& figure(const std::vector<MetricValue>& values, const std::string& name) {
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

inline Crystal rock_salt(double length, std::uint8_t metal, std::uint8_t other,
                         std::string name = "") {
  const double h = length / 2;
  return {.lattice = Lattice({Vector3{0, h, h}, Vector3{h, 0, h}, Vector3{h, h, 0}}),
          .fractional_coordinates = {{0, 0, 0}, {.5, .5, .5}},
          .atomic_numbers = {metal, other},
          .name = std::move(name)};
}

/// Wurtzite-like: the same composition as rock salt, another structure.
inline Crystal other_salt(std::uint8_t metal, std::uint8_t other, std::string name = "") {
  return {.lattice = Lattice::from_parameters({{4.0, 4.0, 6.4}, {90, 90, 120}}),
          .fractional_coordinates = {{1 / 3., 2 / 3., 0},
                                     {2 / 3., 1 / 3., .5},
                                     {1 / 3., 2 / 3., .375},
                                     {2 / 3., 1 / 3., .875}},
          .atomic_numbers = {metal, metal, other, other},
          .name = std::move(name)};
}

}  // namespace equigen::testing
