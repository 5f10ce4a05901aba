// SPDX-License-Identifier: MIT
#include "equigen/metrics/graph/graph_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <unordered_set>

#include "equigen/base/error.h"
#include "equigen/graph/connectivity.h"
#include "equigen/graph/isomorphism.h"
#include "equigen/metrics/distances/wasserstein.h"
#include "equigen/metrics/metric_samples.h"
#include "equigen/metrics/share_figure.h"

namespace equigen {
namespace {

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
    case GraphStatistic::four_cycle:
      return "4-cycle";
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

MetricValue plain_figure(std::string name, std::string label, double number, std::string unit) {
  MetricValue value;
  value.name = std::move(name);
  value.label = std::move(label);
  value.value = number;
  value.unit = std::move(unit);
  return value;
}

/// What is counted in each graph.
struct Sizes {
  std::vector<double> nodes;
  std::vector<double> edges;
  std::vector<double> components;
  std::vector<double> largest_share;  ///< of the nodes, in the largest component, %
};

Sizes sizes_of(const std::vector<Graph>& graphs) {
  Sizes sizes;
  for (const auto& graph : graphs) {
    std::size_t largest = 0;
    const auto components = connected_components(graph);
    for (const auto& component : components) largest = std::max(largest, component.size());
    sizes.nodes.push_back(graph.node_count);
    sizes.edges.push_back(static_cast<double>(graph.edges.size()));
    sizes.components.push_back(static_cast<double>(components.size()));
    sizes.largest_share.push_back(100.0 * static_cast<double>(largest) /
                                  std::max(graph.node_count, 1));
  }
  return sizes;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double connected_share(const Sizes& sizes) {
  return 100.0 * static_cast<double>(std::ranges::count(sizes.components, 1.0)) /
         static_cast<double>(sizes.components.size());
}

/// The figures of the generated graphs, the reference's in their notes.
void append_sizes(std::vector<MetricValue>& values, const Sizes& ours, const Sizes& theirs) {
  const auto append = [&](std::string name, std::string label, std::string unit, const auto& figure,
                          int decimals) {
    values.push_back(plain_figure(std::move(name), std::move(label), figure(ours), unit));
    if (theirs.nodes.empty()) return;
    values.back().note = fmt::format("reference {:.{}f}{}", figure(theirs), decimals,
                                     unit.empty() ? "" : " " + unit);
  };
  append("connected_share", "Connected", "%", connected_share, 1);
  append(
      "mean_nodes", "Mean nodes", "", [](const Sizes& s) { return mean(s.nodes); }, 2);
  append(
      "mean_edges", "Mean edges", "", [](const Sizes& s) { return mean(s.edges); }, 2);
  append(
      "mean_components", "Mean components", "", [](const Sizes& s) { return mean(s.components); },
      2);
  append(
      "largest_component_share", "Nodes in the largest component", "%",
      [](const Sizes& s) { return mean(s.largest_share); }, 1);
}

void append_distance(std::vector<MetricValue>& values, std::string name, std::string label,
                     const std::vector<double>& ours, const std::vector<double>& theirs) {
  MetricValue value =
      plain_figure(std::move(name), std::move(label), wasserstein_distance(ours, theirs), "");
  value.direction = Direction::lower;
  value.protocol = "Wasserstein-1 distance to the reference";
  values.push_back(std::move(value));
}

}  // namespace

void GraphMmdMetric::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Squared maximum mean discrepancies of graph statistics, generated against reference.");
  keys.field("convention", &Config::convention,
             "kernels: gdss (Gaussian EMD; Gaussian for orbits) or swingnn (Gaussian TV)")
      .choices({"gdss", "swingnn"});
  keys.field("statistics", &Config::statistics, "which statistics are compared")
      .choices({"degree", "clustering", "orbit", "spectral", "four_cycle"});
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
  const auto generated = graphs_of(input.generated);
  const auto reference = graphs_of(input.reference);
  require_samples(generated.size(), "generated");
  require_samples(reference.size(), "reference");
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
  const auto keys = canonical_keys(graphs_of(input.generated));
  require_samples(keys.size(), "generated");
  const std::unordered_set<std::string> distinct(keys.begin(), keys.end());
  std::vector<MetricValue> values{share_figure("uniqueness", "Unique", std::ssize(distinct),
                                               std::ssize(keys),
                                               "distinct up to isomorphism, of all generated")};
  if (input.train.empty()) return values;
  const auto train = canonical_keys(graphs_of(input.train));
  const std::unordered_set<std::string> known(train.begin(), train.end());
  const auto is_new = [&](const std::string& key) { return !known.contains(key); };
  values.push_back(share_figure("novelty", "Novel", std::ranges::count_if(keys, is_new),
                                std::ssize(keys),
                                "isomorphic to no training graph, of all generated"));
  values.push_back(share_figure("unique_and_novel", "Unique and novel",
                                std::ranges::count_if(distinct, is_new), std::ssize(keys),
                                "distinct and isomorphic to no training graph, of all generated"));
  return values;
}

void GraphStatisticsMetric::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Connected share, components, and numbers of nodes and edges against the reference.");
}

GraphStatisticsMetric::GraphStatisticsMetric(const Config&) {}

std::string GraphStatisticsMetric::structure() const {
  return "graph";
}

std::vector<MetricValue> GraphStatisticsMetric::compute(const MetricInput& input) const {
  const auto generated = graphs_of(input.generated);
  require_samples(generated.size(), "generated");
  const Sizes ours = sizes_of(generated);
  const Sizes theirs = sizes_of(graphs_of(input.reference));
  std::vector<MetricValue> values;
  append_sizes(values, ours, theirs);
  for (auto& value : values) value.protocol = "of all generated graphs";
  if (!theirs.nodes.empty()) {
    append_distance(values, "nodes_distance", "Distance of node counts", ours.nodes, theirs.nodes);
    append_distance(values, "edges_distance", "Distance of edge counts", ours.edges, theirs.edges);
  }
  for (auto& value : values) value.sample_count = static_cast<std::int64_t>(generated.size());
  return values;
}

void register_graph_metrics(RegistryBuilder& registry) {
  registry.add<Metric, GraphMmdMetric>(
      "graph_mmd", "MMD of degrees, clustering, 4-node orbits and Laplacian spectra");
  registry.add<Metric, GraphUniquenessNoveltyMetric>("graph_uniqueness_novelty",
                                                     "distinct and new graphs, by isomorphism");
  registry.add<Metric, GraphStatisticsMetric>("graph_statistics",
                                              "components, numbers of nodes and edges");
}

}  // namespace equigen
