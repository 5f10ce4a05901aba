// SPDX-License-Identifier: MIT
#include <torch/types.h>

#include <filesystem>

#include "catch.h"
#include "equigen/graph/connectivity.h"
#include "equigen/graph/graph_families.h"
#include "equigen/metrics/graph/graph_metrics.h"
#include "equigen/metrics/graph/graph_mmd.h"
#include "equigen/metrics/graph/graph_validity.h"
#include "equigen/tensor/safetensors.h"
#include "paths.h"

using namespace equigen;

namespace {

constexpr double kTolerance = 1e-6;  // the reference's

std::vector<std::filesystem::path> stored_sets() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(equigen::testing::golden_folder("pard"))) {
    const std::string name = entry.path().filename();
    if (name.starts_with("metrics_") && name.ends_with(".safetensors") &&
        name.find("molecules") == std::string::npos)
      files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<Graph> graphs_named(const TensorFile& file, const std::string& set) {
  std::vector<Graph> graphs;
  for (int k = 0; file.tensors.contains(fmt::format("{}.{}.n", set, k)); ++k) {
    Graph graph;
    graph.node_count =
        static_cast<std::int32_t>(file.tensors.at(fmt::format("{}.{}.n", set, k)).item<int64_t>());
    const auto edges =
        file.tensors.at(fmt::format("{}.{}.edges", set, k)).reshape({-1, 2}).to(torch::kInt64);
    const auto rows = edges.accessor<int64_t, 2>();
    for (int64_t e = 0; e < edges.size(0); ++e) {
      graph.edges.emplace_back(static_cast<std::int32_t>(rows[e][0]),
                               static_cast<std::int32_t>(rows[e][1]));
    }
    graphs.push_back(normalised(std::move(graph)));
  }
  return graphs;
}

std::vector<Sample> samples_of(const std::vector<Graph>& graphs) {
  std::vector<Sample> samples;
  for (const Graph& graph : graphs) samples.push_back({graph, {}});
  return samples;
}

double figure_named(const std::vector<MetricValue>& values, const std::string& name) {
  for (const MetricValue& value : values)
    if (value.name == name) return value.value;
  FAIL("there is no figure " << name);
  return 0;
}

std::vector<double> numbers(const torch::Tensor& tensor) {
  const auto flat = tensor.to(torch::kFloat64).reshape({-1}).contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

void check_descriptors(const TensorFile& file, const std::string& set) {
  const auto graphs = graphs_named(file, set);
  for (std::size_t k = 0; k < graphs.size(); ++k) {
    INFO(set << " " << k);
    const auto stored = [&](const char* name) {
      return file.tensors.at(fmt::format("{}.{}.{}", set, k, name));
    };
    CHECK(degree_counts(graphs[k]) == numbers(stored("degree_hist")));
    CHECK(histogram_counts(clustering_coefficients(graphs[k]), 100, 0.0, 1.0) ==
          numbers(stored("clustering_hist")));
    const auto orbits = numbers(stored("orbit_counts").to(torch::kFloat64).mean(0));
    const auto means = orbit_means(graphs[k]);
    for (std::size_t o = 0; o < means.size(); ++o) CHECK(means[o] == Approx(orbits[o]));
  }
}

std::vector<std::vector<double>> stored_spectra(const TensorFile& file, const std::string& set) {
  std::vector<std::vector<double>> spectra;
  for (int k = 0; file.tensors.contains(fmt::format("{}.{}.spectral_pmf", set, k)); ++k)
    spectra.push_back(numbers(file.tensors.at(fmt::format("{}.{}.spectral_pmf", set, k))));
  return spectra;
}

/// Checks ours against the stored ones, graphs with the eigenvalue 2 left out; returns how many.
int count_equal_spectra(const TensorFile& file, const std::string& set,
                        const std::vector<std::vector<double>>& stored) {
  const auto graphs = graphs_named(file, set);
  REQUIRE(graphs.size() == stored.size());
  int count = 0;
  for (std::size_t k = 0; k < graphs.size(); ++k) {
    if (laplacian_spectrum(graphs[k]).back() > 2 - 1e-9) continue;
    INFO(set << " " << k);
    const auto ours = graph_descriptor(GraphStatistic::spectral, graphs[k]);
    REQUIRE(ours.size() == stored[k].size());
    for (std::size_t bin = 0; bin < ours.size(); ++bin)
      CHECK(ours[bin] == Approx(stored[k][bin]).margin(1e-12));
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("golden.pard.metrics.graphs: discrepancies in both flavours") {
  const auto files = stored_sets();
  REQUIRE(!files.empty());
  const std::map<std::string, GraphStatistic> statistics{
      {"degree", GraphStatistic::degree},
      {"clustering", GraphStatistic::clustering},
      {"orbit", GraphStatistic::orbit},
      {"motif4cycle", GraphStatistic::four_cycle}};
  for (const auto& path : files) {
    const TensorFile file = read_safetensors(path);
    const auto reference = graphs_named(file, "ref");
    const auto generated = graphs_named(file, "pred");
    for (const auto& [name, statistic] : statistics) {
      INFO(path.filename() << " " << name);
      CHECK(graph_mmd(statistic, reference, generated, MmdConvention::swingnn) ==
            Approx(file.tensors.at("result.tv." + name).item<double>()).margin(kTolerance));
      CHECK(graph_mmd(statistic, reference, generated, MmdConvention::gdss) ==
            Approx(file.tensors.at("result.emd." + name).item<double>()).margin(kTolerance));
    }
  }
}

// The reference's histogram loses eigenvalues of 2 (bipartite graphs) that rounding moves above its
// last bin; ours keeps them. And it compares only as many generated graphs as there are reference
// ones. So its discrepancies are checked on its own histograms, cut so, and ours against the
// histograms of all graphs without that eigenvalue.
TEST_CASE("golden.pard.metrics.graphs: spectra") {
  for (const auto& path : stored_sets()) {
    INFO(path.filename());
    const TensorFile file = read_safetensors(path);
    const auto reference = stored_spectra(file, "ref");
    const auto generated = stored_spectra(file, "pred");
    const std::span compared(generated.data(), std::min(generated.size(), reference.size()));
    for (const auto& [flavour, convention] :
         {std::pair("tv", MmdConvention::swingnn), std::pair("emd", MmdConvention::gdss)}) {
      const auto key = fmt::format("result.{}.spectre", flavour);
      CHECK(mmd_squared(reference, compared, kernel_of(convention, GraphStatistic::spectral)) ==
            Approx(file.tensors.at(key).item<double>()).margin(kTolerance));
    }
    CHECK(count_equal_spectra(file, "ref", reference) +
              count_equal_spectra(file, "pred", generated) >
          0);
  }
}

TEST_CASE("golden.pard.metrics.graphs: descriptors of every stored graph") {
  for (const auto& path : stored_sets()) {
    INFO(path.filename());
    const TensorFile file = read_safetensors(path);
    check_descriptors(file, "ref");
    check_descriptors(file, "pred");
  }
}

TEST_CASE("golden.pard.metrics.graphs: planar, distinct and new graphs") {
  for (const auto& path : stored_sets()) {
    INFO(path.filename());
    const TensorFile file = read_safetensors(path);
    const auto reference = samples_of(graphs_named(file, "ref"));
    const auto generated = samples_of(graphs_named(file, "pred"));
    const auto shares = GraphUniquenessNoveltyMetric({}).compute({generated, {}, reference});
    const auto planar = PlanarValidity({}).compute({generated, {}, reference});
    const auto expected = numbers(file.tensors.at("result.unique_novel_planarvalid"));
    REQUIRE(expected.size() == 3);
    CHECK(figure_named(shares, "uniqueness") ==
          Approx(100 * file.tensors.at("result.frac_unique").item<double>()));
    CHECK(figure_named(shares, "uniqueness") == Approx(100 * expected[0]));
    CHECK(figure_named(shares, "unique_and_novel") == Approx(100 * expected[1]));
    CHECK(figure_named(planar, "valid_unique_novel") == Approx(100 * expected[2]));
    CHECK(figure_named(planar, "validity") ==
          Approx(100 * file.tensors.at("result.planar_acc").item<double>()));
  }
}
