// SPDX-License-Identifier: MIT
#include "equigen/metrics/graph/graph_descriptors.h"

#include <algorithm>
#include <cmath>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/graph/generators.h"
#include "graph_golden_sets.h"

using namespace equigen;
using nlohmann::json;

namespace {

/// A histogram stored as {bin: entry} of its non-zero entries.
std::vector<double> dense(const json& entries, std::size_t bins) {
  std::vector<double> histogram(bins);
  for (const auto& [bin, entry] : entries.items()) {
    histogram.at(static_cast<std::size_t>(std::stoul(bin))) = entry.get<double>();
  }
  return histogram;
}

bool all_near(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  return std::ranges::equal(a, b, [&](double x, double y) { return std::abs(x - y) <= tolerance; });
}

/// Whether a stored spectral histogram is ours, or ours after some eigenvalues of 2 were lost to
/// rounding above 2 (the reference does not clip).
bool same_spectrum(const Graph& graph, const std::vector<double>& expected) {
  auto spectrum = laplacian_spectrum(graph);
  while (true) {
    const auto histogram = scaled_to_one(histogram_counts(spectrum, 200, -1e-5, 2.0));
    if (all_near(histogram, expected, 1e-9)) return true;
    if (spectrum.empty() || spectrum.back() < 2 - 1e-9) return false;
    spectrum.pop_back();
  }
}

}  // namespace

TEST_CASE("golden.gdss.descriptors: degrees, clustering and spectra of every stored graph") {
  const auto sets = equigen::testing::golden_graph_sets();
  const json values = equigen::testing::golden_mmd_values();
  REQUIRE(!values.at("descriptors").empty());
  for (const auto& entry : values.at("descriptors")) {
    const std::string set = entry.at("set");
    INFO(set << " " << entry.at("i"));
    const Graph& graph = sets.at(set).at(entry.at("i").get<std::size_t>());
    CHECK(degree_counts(graph) == entry.at("degree_hist").get<std::vector<double>>());
    const auto coefficients = clustering_coefficients(graph);
    CHECK(all_near(coefficients, entry.at("clustering").get<std::vector<double>>(), 1e-12));
    CHECK(histogram_counts(coefficients, 100, 0, 1) ==
          dense(entry.at("cluster_hist_nonzero"), 100));
    CHECK(same_spectrum(graph, dense(entry.at("spectral_pmf_nonzero"), 200)));
  }
}

TEST_CASE("descriptors: bins are NumPy's, rounding at the edges included") {
  const auto bin_of = [](double value) {
    const auto counts = histogram_counts(std::vector{value}, 100, 0, 1);
    return std::ranges::find(counts, 1.0) - counts.begin();
  };
  CHECK(bin_of(0.7) == 69);
  CHECK(bin_of(0.35) == 34);
  CHECK(bin_of(0.3) == 30);
  CHECK(bin_of(0.29) == 29);
  CHECK(bin_of(0.0) == 0);
  CHECK(bin_of(1.0) == 99);
  CHECK(bin_of(1.0 / 3) == 33);
  CHECK(bin_of(-1e-9) == 100);
  CHECK(bin_of(1.0 + 1e-9) == 100);
  CHECK(bin_of(std::nan("")) == 100);
}

TEST_CASE("descriptors: spectra of known graphs") {
  const auto near = [](const Graph& graph, const std::vector<double>& expected) {
    return all_near(laplacian_spectrum(graph), expected, 1e-12);
  };
  CHECK(near({2, {{0, 1}}}, {0, 2}));
  CHECK(near({3, {{0, 1}, {0, 2}, {1, 2}}}, {0, 1.5, 1.5}));
  CHECK(near({4, {{0, 1}}}, {0, 0, 0, 2}));
  CHECK(laplacian_spectrum(Graph{}).empty());
  CHECK_THROWS_AS(laplacian_spectrum(Graph{1'000'000, {}}), DataError);
  const Graph grid = generate_graphs(GridRecipe{19, 19}, 1, 0)[0];
  const auto spectrum = laplacian_spectrum(grid);
  CHECK(spectrum.size() == 361);
  CHECK(spectrum.front() >= 0);
  CHECK(spectrum.back() <= 2);
  CHECK(spectrum.back() > 2 - 1e-9);
}

TEST_CASE("descriptors: histograms sum to one, graphs without nodes are left out") {
  std::vector<Graph> graphs = generate_graphs(CommunityRecipe{}, 5, 1);
  graphs.insert(graphs.begin() + 2, Graph{});
  for (const auto& name : {"degree", "clustering", "spectral"}) {
    const auto descriptors = graph_descriptors(graph_statistic(name), graphs);
    REQUIRE(descriptors.size() == 5);
    for (const auto& descriptor : descriptors) {
      double sum = 0;
      for (const double entry : descriptor) sum += entry;
      CHECK(sum == Approx(1));
    }
  }
  CHECK(graph_descriptors(GraphStatistic::orbit, graphs).at(0).size() == 15);
  CHECK(scaled_to_one({0, 0}) == std::vector<double>{0, 0});
  CHECK_THROWS_WITH(graph_statistic("clusterin"), ContainsSubstring("'clustering'"));
}
