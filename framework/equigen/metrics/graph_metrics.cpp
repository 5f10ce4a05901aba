// SPDX-License-Identifier: MIT
#include "equigen/metrics/graph_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "equigen/base/error.h"
#include "equigen/graph/connectivity.h"
#include "equigen/graph/isomorphism.h"

namespace equigen {
namespace {

std::vector<Graph> graphs_of(std::span<const Sample> samples, std::string_view metric) {
  std::vector<Graph> graphs;
  graphs.reserve(samples.size());
  for (const auto& sample : samples) {
    const auto* graph = std::get_if<Graph>(&sample.structure);
    if (!graph) {
      throw DataError(
          "metric-structure",
          fmt::format("the metric {} takes graphs, but the samples are molecules", metric),
          "choose metrics of molecules for them");
    }
    graphs.push_back(*graph);
  }
  return graphs;
}

void require_samples(std::size_t count, std::string_view metric, std::string_view set) {
  if (count > 0) return;
  throw DataError("metric-empty-set",
                  fmt::format("the metric {} needs {} graphs, and there are none", metric, set));
}

std::string title_of(GraphStatistic statistic) {
  switch (statistic) {
    case GraphStatistic::degree:
      return "Degree";
    case GraphStatistic::clustering:
      return "Clustering";
    case GraphStatistic::orbit:
      return "Orbit";
    case GraphStatistic::spectral:
      return "Spectral";
  }
  return {};
}

std::string title_of(MmdConvention convention) {
  return convention == MmdConvention::gdss ? "GDSS" : "SwinGNN";
}

std::string note_on_empty_graphs(std::span<const Graph> generated) {
  const auto count =
      std::ranges::count_if(generated, [](const Graph& graph) { return graph.node_count == 0; });
  return count == 0 ? std::string{} : fmt::format("{} graphs without nodes left out", count);
}

MetricValue discrepancy(GraphStatistic statistic, MmdConvention convention,
                        std::span<const Graph> generated, std::span<const Graph> reference) {
  MetricValue value;
  value.name = name_of(statistic) + "_mmd";
  value.label = title_of(statistic) + " MMD";
  value.value = graph_mmd(statistic, reference, generated, convention);
  value.direction = Direction::lower;
  value.protocol = fmt::format("{} convention: {}, squared, biased", title_of(convention),
                               description_of(kernel_of(convention, statistic)));
  value.sample_count = static_cast<std::int64_t>(generated.size());
  value.note = note_on_empty_graphs(generated);
  return value;
}

/// The statistics whose mean the papers of a convention print.
std::vector<GraphStatistic> averaged_statistics(MmdConvention convention) {
  std::vector<GraphStatistic> all{GraphStatistic::degree, GraphStatistic::clustering,
                                  GraphStatistic::orbit};
  if (convention == MmdConvention::swingnn) all.push_back(GraphStatistic::spectral);
  return all;
}

void append_mean(std::vector<MetricValue>& values, MmdConvention convention) {
  const auto averaged = averaged_statistics(convention);
  double sum = 0;
  for (const auto statistic : averaged) {
    const auto found = std::ranges::find(values, name_of(statistic) + "_mmd", &MetricValue::name);
    if (found == values.end()) return;
    sum += found->value;
  }
  MetricValue mean = values.front();
  mean.name = "mean_mmd";
  mean.label = "Mean MMD";
  mean.value = sum / static_cast<double>(averaged.size());
  mean.protocol =
      fmt::format("{} convention: mean of degree, clustering{}", title_of(convention),
                  convention == MmdConvention::gdss ? " and orbit" : ", orbit and spectral");
  values.push_back(mean);
}

MetricValue share(std::string name, std::string label, std::size_t part, std::size_t whole,
                  Direction direction, std::string protocol) {
  MetricValue value;
  value.name = std::move(name);
  value.label = std::move(label);
  value.value = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  value.direction = direction;
  value.unit = "%";
  value.protocol = std::move(protocol);
  value.sample_count = static_cast<std::int64_t>(whole);
  return value;
}

MetricValue plain_figure(std::string name, std::string label, double number, std::string unit) {
  MetricValue value;
  value.name = std::move(name);
  value.label = std::move(label);
  value.value = number;
  value.unit = std::move(unit);
  return value;
}

struct Summary {
  double connected = 0;
  double nodes = 0;
  double edges = 0;
};

Summary summary_of(std::span<const Graph> graphs) {
  Summary summary;
  const auto count = static_cast<double>(graphs.size());
  for (const auto& graph : graphs) {
    summary.connected += is_connected(graph) ? 100.0 / count : 0.0;
    summary.nodes += graph.node_count / count;
    summary.edges += static_cast<double>(graph.edges.size()) / count;
  }
  return summary;
}

}  // namespace

void GraphMmdMetric::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Squared maximum mean discrepancies of graph statistics, generated against reference.");
  keys.field("convention", &Config::convention,
             "kernels: gdss (Gaussian EMD; Gaussian for orbits) or swingnn (Gaussian TV)")
      .choices({"gdss", "swingnn"});
  keys.field("statistics", &Config::statistics, "which statistics are compared")
      .choices({"degree", "clustering", "orbit", "spectral"});
}

GraphMmdMetric::GraphMmdMetric(const Config& config)
    : convention_(mmd_convention(config.convention)) {
  if (config.statistics.empty()) {
    throw ConfigError("graph-mmd-statistics", "graph_mmd needs at least one statistic");
  }
  for (const auto& name : config.statistics) {
    const auto statistic = graph_statistic(name);
    if (std::ranges::find(statistics_, statistic) == statistics_.end()) {
      statistics_.push_back(statistic);
    }
  }
}

std::string GraphMmdMetric::structure() const {
  return "graph";
}

std::vector<MetricValue> GraphMmdMetric::compute(const MetricInput& input) const {
  const auto generated = graphs_of(input.generated, "graph_mmd");
  const auto reference = graphs_of(input.reference, "graph_mmd");
  require_samples(generated.size(), "graph_mmd", "generated");
  require_samples(reference.size(), "graph_mmd", "reference");
  std::vector<MetricValue> values;
  for (const auto statistic : statistics_) {
    values.push_back(discrepancy(statistic, convention_, generated, reference));
  }
  append_mean(values, convention_);
  return values;
}

void GraphUniquenessNoveltyMetric::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Distinct generated graphs and those that are not in the training set, by isomorphism.");
}

GraphUniquenessNoveltyMetric::GraphUniquenessNoveltyMetric(const Config&) {}

std::string GraphUniquenessNoveltyMetric::structure() const {
  return "graph";
}

std::vector<MetricValue> GraphUniquenessNoveltyMetric::compute(const MetricInput& input) const {
  const auto keys = canonical_keys(graphs_of(input.generated, "graph_uniqueness_novelty"));
  require_samples(keys.size(), "graph_uniqueness_novelty", "generated");
  const std::unordered_set<std::string> distinct(keys.begin(), keys.end());
  std::vector<MetricValue> values{share("uniqueness", "Unique", distinct.size(), keys.size(),
                                        Direction::higher,
                                        "distinct up to isomorphism, of all generated")};
  if (input.train.empty()) return values;
  const auto train = canonical_keys(graphs_of(input.train, "graph_uniqueness_novelty"));
  const std::unordered_set<std::string> known(train.begin(), train.end());
  const auto is_new = [&](const std::string& key) { return !known.contains(key); };
  values.push_back(share("novelty", "Novel",
                         static_cast<std::size_t>(std::ranges::count_if(keys, is_new)), keys.size(),
                         Direction::higher, "isomorphic to no training graph, of all generated"));
  values.push_back(share("unique_and_novel", "Unique and novel",
                         static_cast<std::size_t>(std::ranges::count_if(distinct, is_new)),
                         keys.size(), Direction::higher,
                         "distinct and isomorphic to no training graph, of all generated"));
  return values;
}

void GraphStatisticsMetric::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Share of connected graphs, mean numbers of nodes and edges.");
}

GraphStatisticsMetric::GraphStatisticsMetric(const Config&) {}

std::string GraphStatisticsMetric::structure() const {
  return "graph";
}

std::vector<MetricValue> GraphStatisticsMetric::compute(const MetricInput& input) const {
  const auto generated = graphs_of(input.generated, "graph_statistics");
  require_samples(generated.size(), "graph_statistics", "generated");
  const Summary ours = summary_of(generated);
  std::vector<MetricValue> values{
      plain_figure("connected_share", "Connected", ours.connected, "%"),
      plain_figure("mean_nodes", "Mean nodes", ours.nodes, ""),
      plain_figure("mean_edges", "Mean edges", ours.edges, ""),
  };
  if (!input.reference.empty()) {
    const Summary theirs = summary_of(graphs_of(input.reference, "graph_statistics"));
    values[0].note = fmt::format("reference {:.1f} %", theirs.connected);
    values[1].note = fmt::format("reference {:.2f}", theirs.nodes);
    values[2].note = fmt::format("reference {:.2f}", theirs.edges);
  }
  for (auto& value : values) {
    value.protocol = "of all generated graphs";
    value.sample_count = static_cast<std::int64_t>(generated.size());
  }
  return values;
}

void register_graph_metrics(RegistryBuilder& registry) {
  registry.add<Metric, GraphMmdMetric>(
      "graph_mmd", "MMD of degrees, clustering, 4-node orbits and Laplacian spectra");
  registry.add<Metric, GraphUniquenessNoveltyMetric>("graph_uniqueness_novelty",
                                                     "distinct and new graphs, by isomorphism");
  registry.add<Metric, GraphStatisticsMetric>("graph_statistics",
                                              "connected share, mean nodes and edges");
}

}  // namespace equigen
