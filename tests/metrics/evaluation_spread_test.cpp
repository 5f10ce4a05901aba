// SPDX-License-Identifier: MIT
#include "equigen/metrics/evaluation/evaluation_spread.h"

#include <cmath>
#include <numbers>

#include "catch.h"
#include "equigen/base/random.h"

using namespace equigen;

namespace {

Sample graph_of_size(int size) {
  Graph graph;
  graph.node_count = size;
  return {graph, {}};
}

std::vector<Sample> graphs_of_sizes(const std::vector<int>& sizes) {
  std::vector<Sample> samples;
  for (const int size : sizes) samples.push_back(graph_of_size(size));
  return samples;
}

std::vector<MetricValue> mean_size(std::span<const Sample> samples) {
  MetricValue value;
  value.name = "mean";
  for (const Sample& sample : samples)
    value.value +=
        std::get<Graph>(sample.structure).node_count / static_cast<double>(samples.size());
  MetricValue none;
  none.name = "none";
  none.value = std::nan("");
  return {value, none};
}

std::vector<int> random_sizes(std::size_t count) {
  std::vector<int> sizes;
  RandomStream stream(7, "sizes");
  for (std::size_t i = 0; i < count; ++i) sizes.push_back(static_cast<int>(stream.uniform() * 100));
  return sizes;
}

double standard_error(const std::vector<int>& sizes) {
  const std::vector<double> values(sizes.begin(), sizes.end());
  return moments_of(values).stdev / std::sqrt(static_cast<double>(values.size()));
}

}  // namespace

TEST_CASE("the spread of half-samples is the standard error of a mean") {
  const std::vector<int> sizes = random_sizes(400);
  const SpreadTable table = half_sample_spread(graphs_of_sizes(sizes), {2000, 1, 0}, mean_size);
  REQUIRE(table.contains("mean"));
  const Spread& spread = table.at("mean");
  CHECK(spread.method == "half-samples");
  CHECK(spread.repeats == 2000);
  CHECK(spread.sample_count == 200);
  // 2000 draws know a standard deviation to 1.6 %.
  CHECK(spread.stdev == Approx(standard_error(sizes)).epsilon(0.06));
  CHECK_FALSE(table.contains("none"));
}

TEST_CASE("costly figures are judged by tenths, scaled to the same standard error") {
  const std::vector<int> sizes = random_sizes(2000);
  // Said to take so long that halves do not fit.
  const SpreadTable table =
      half_sample_spread(graphs_of_sizes(sizes), {kAutomaticSpread, 1, 100}, mean_size);
  REQUIRE(table.contains("mean"));
  CHECK(table.at("mean").sample_count == 200);
  CHECK(table.at("mean").repeats == 20);
  // 20 draws know it to 16 %.
  CHECK(table.at("mean").stdev == Approx(standard_error(sizes)).epsilon(0.5));
}

TEST_CASE("equal samples have no spread, and few samples have none at all") {
  const SpreadTable equal =
      half_sample_spread(graphs_of_sizes(std::vector<int>(20, 5)), {10, 1, 0}, mean_size);
  CHECK(equal.at("mean").stdev == 0);
  CHECK(half_sample_spread(graphs_of_sizes({1, 2, 3, 4, 5, 6, 7}), {10, 1, 0}, mean_size).empty());
  CHECK(half_sample_spread(graphs_of_sizes(random_sizes(20)), {0, 1, 0}, mean_size).empty());
}

TEST_CASE("the spread depends on the seed only") {
  const auto samples = graphs_of_sizes(random_sizes(40));
  const SpreadTable first = half_sample_spread(samples, {10, 3, 0}, mean_size);
  CHECK(first == half_sample_spread(samples, {10, 3, 0}, mean_size));
  CHECK(first != half_sample_spread(samples, {10, 4, 0}, mean_size));
}
