// SPDX-License-Identifier: MIT
#include "equigen/metrics/graph/graph_mmd.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/graph/generators.h"
#include "graph_golden_sets.h"

using namespace equigen;
using nlohmann::json;

namespace {

constexpr double kTransportTolerance = 2e-5;  // the reference's transport solver rounds
constexpr double kExactTolerance = 1e-9;

GraphKernel kernel_named(const std::string& name) {
  if (name == "gaussian_emd") return GraphKernel::gaussian_emd;
  if (name == "gaussian_tv") return GraphKernel::gaussian_tv;
  REQUIRE(name == "gaussian");
  return GraphKernel::gaussian;
}

GraphStatistic statistic_named(const std::string& name) {
  if (name == "cluster") return GraphStatistic::clustering;
  if (name == "spectral_clipped") return GraphStatistic::spectral;
  return graph_statistic(name);
}

double tolerance_of(const std::string& statistic, GraphKernel kernel) {
  const bool transported = kernel == GraphKernel::gaussian_emd && statistic != "spectral_clipped";
  return transported ? kTransportTolerance : kExactTolerance;
}

void check_pair(const json& entry, const std::map<std::string, std::vector<Graph>>& sets) {
  const auto& reference = sets.at(entry.at("ref"));
  const auto& generated = sets.at(entry.at("pred"));
  const auto lost = entry.at("eigenvalues_above_2").get<std::vector<int>>();
  for (const auto& [key, expected] : entry.items()) {
    const auto dot = key.find('.');
    if (dot == std::string::npos) continue;
    const std::string name = key.substr(0, dot);
    // Where the reference lost eigenvalues to rounding, only its clipped figures mean something.
    if (name == "spectral" && lost != std::vector<int>{0, 0}) continue;
    INFO(entry.at("ref") << " " << entry.at("pred") << " " << key);
    KernelSettings settings = kernel_of(MmdConvention::gdss, statistic_named(name));
    settings.kernel = kernel_named(key.substr(dot + 1));
    const double value = mmd_squared(graph_descriptors(statistic_named(name), reference),
                                     graph_descriptors(statistic_named(name), generated), settings);
    CHECK(value ==
          Approx(expected.get<double>()).margin(tolerance_of(name, settings.kernel)).epsilon(0));
  }
}

}  // namespace

TEST_CASE("golden.gdss.mmd: every stored pair of sets, statistic and kernel") {
  const auto sets = equigen::testing::golden_graph_sets();
  const json values = equigen::testing::golden_mmd_values();
  REQUIRE(!values.at("mmd").empty());
  for (const auto& entry : values.at("mmd")) check_pair(entry, sets);
}

TEST_CASE("golden.gdss.mmd.conventions: the published choices of kernels") {
  const auto sets = equigen::testing::golden_graph_sets();
  const json values = equigen::testing::golden_mmd_values();
  for (const auto& entry : values.at("mmd")) {
    const auto& reference = sets.at(entry.at("ref"));
    const auto& generated = sets.at(entry.at("pred"));
    INFO(entry.at("ref") << " " << entry.at("pred"));
    const auto check = [&](GraphStatistic statistic, MmdConvention convention,
                           const std::string& key, double tolerance) {
      CHECK(graph_mmd(statistic, reference, generated, convention) ==
            Approx(entry.at(key).get<double>()).margin(tolerance).epsilon(0));
    };
    using enum GraphStatistic;
    check(degree, MmdConvention::gdss, "degree.gaussian_emd", kTransportTolerance);
    check(clustering, MmdConvention::gdss, "cluster.gaussian_emd", kTransportTolerance);
    check(orbit, MmdConvention::gdss, "orbit.gaussian", kExactTolerance);
    check(spectral, MmdConvention::gdss, "spectral_clipped.gaussian_emd", kExactTolerance);
    check(degree, MmdConvention::swingnn, "degree.gaussian_tv", kExactTolerance);
    check(clustering, MmdConvention::swingnn, "cluster.gaussian_tv", kExactTolerance);
    check(orbit, MmdConvention::swingnn, "orbit.gaussian_tv", kExactTolerance);
    check(spectral, MmdConvention::swingnn, "spectral_clipped.gaussian_tv", kExactTolerance);
  }
}

TEST_CASE("golden.gdss.mmd.kernels: every stored pair of histograms") {
  const json values = equigen::testing::golden_mmd_values();
  REQUIRE(!values.at("kernels").empty());
  for (const auto& entry : values.at("kernels")) {
    const auto x = entry.at("x").get<std::vector<double>>();
    const auto y = entry.at("y").get<std::vector<double>>();
    const auto near = [&](const std::string& key, double tolerance) {
      return Approx(entry.at(key).get<double>()).margin(tolerance).epsilon(0);
    };
    const auto kernel = [&](GraphKernel kind) { return kernel_value(x, y, {kind, 1, 1}); };
    CHECK(line_emd(x, y) == near("cdf_l1", kExactTolerance));
    CHECK(line_emd(x, y) == near("emd", 1e-5));
    CHECK(line_emd(x, y, 0.01) == near("emd_scaled_100", 1e-5));
    CHECK(kernel(GraphKernel::gaussian_emd) == near("gaussian_emd_sigma1", kTransportTolerance));
    CHECK(kernel(GraphKernel::gaussian) == near("gaussian_sigma1", kExactTolerance));
    CHECK(kernel(GraphKernel::gaussian_tv) == near("gaussian_tv_sigma1", kExactTolerance));
  }
}

TEST_CASE("mmd: a set against itself is zero, sets may be swapped and reordered") {
  auto a = generate_graphs(CommunityRecipe{}, 15, 1);
  const auto b = generate_graphs(ErdosRenyiRecipe{}, 9, 1);
  using enum GraphStatistic;
  for (const auto convention : {MmdConvention::gdss, MmdConvention::swingnn}) {
    for (const auto statistic : {degree, clustering, orbit, spectral}) {
      CHECK(graph_mmd(statistic, a, a, convention) == Approx(0).margin(1e-12));
      const double forth = graph_mmd(statistic, a, b, convention);
      CHECK(forth > 0);
      CHECK(graph_mmd(statistic, b, a, convention) == Approx(forth));
      std::swap(a[0], a[7]);
      CHECK(graph_mmd(statistic, a, b, convention) == Approx(forth));
    }
  }
}

TEST_CASE("mmd: a set without usable graphs is refused") {
  const std::vector<Graph> some{{2, {{0, 1}}}};
  const std::vector<Graph> empty{Graph{}};
  CHECK_THROWS_AS(graph_mmd(GraphStatistic::degree, some, empty, MmdConvention::gdss), DataError);
  CHECK_THROWS_AS(graph_mmd(GraphStatistic::degree, {}, some, MmdConvention::gdss), DataError);
  CHECK_THROWS_AS(mmd_convention("gran"), ConfigError);
}

TEST_CASE("mmd: a thousand graphs of twenty nodes are compared in well under a second", "[slow]") {
  CommunityRecipe recipe;
  recipe.shared_communities = false;
  const auto generated = generate_graphs(recipe, 1000, 1);
  const auto reference = generate_graphs(recipe, 1000, 2);
  using enum GraphStatistic;
  for (const auto statistic : {degree, clustering, orbit, spectral}) {
    CHECK(graph_mmd(statistic, reference, generated, MmdConvention::gdss) < 0.01);
  }
}

TEST_CASE("mmd: training against test graphs of the published sets gives the measured floors") {
  struct Floor {
    std::string set;
    std::vector<double> gdss;
    std::vector<double> swingnn;
  };
  // Four statistics in the order of GraphStatistic, as the published code computed them. The last
  // figure of ego_small differs in the fourth digit there, where eigenvalues above 2 were lost.
  const std::vector<Floor> floors{
      {"community_small", {0.0034, 0.0092, 0.0010, 0.034}, {0.0023, 0.0482, 0.0016, 0.0119}},
      {"ego_small", {0.0142, 0.0273, 0.0044, 0.024}, {0.0037, 0.0227, 0.0047, 0.0062}}};
  for (const auto& [set, gdss, swingnn] : floors) {
    const auto folder = equigen::testing::data_beside_checkout(set);
    if (!folder) {
      WARN("skipped: the data set " << set << " is not beside the checkout");
      continue;
    }
    const auto graphs = read_graph_file(*folder / (set + ".jsonl.gz")).graphs;
    const std::span all(graphs);
    const auto test = all.first(graphs.size() / 5);
    const auto train = all.subspan(graphs.size() / 5);
    for (std::size_t k = 0; k < 4; ++k) {
      INFO(set << " " << name_of(static_cast<GraphStatistic>(k)));
      const auto statistic = static_cast<GraphStatistic>(k);
      CHECK(graph_mmd(statistic, test, train, MmdConvention::gdss) ==
            Approx(gdss[k]).margin(6e-4).epsilon(0));
      CHECK(graph_mmd(statistic, test, train, MmdConvention::swingnn) ==
            Approx(swingnn[k]).margin(1.5e-4).epsilon(0));
    }
  }
}
