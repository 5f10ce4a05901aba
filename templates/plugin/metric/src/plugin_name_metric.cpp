#include "plugin_name_metric.h"

#include <cmath>
#include <optional>
#include <span>

#include "equigen/base/error.h"
#include "equigen/graph/connectivity.h"

namespace plugin_name {
namespace {

/// The correlation over all edges in both directions; nothing when all degrees there are equal.
std::optional<double> assortativity_of(const equigen::Graph& graph) {
  const auto around = equigen::neighbours(graph);
  double sum = 0, squares = 0, products = 0;
  for (const auto& [i, j] : graph.edges) {
    const auto a = static_cast<double>(around[static_cast<std::size_t>(i)].size());
    const auto b = static_cast<double>(around[static_cast<std::size_t>(j)].size());
    sum += a + b;
    squares += a * a + b * b;
    products += 2 * a * b;
  }
  const double ends = 2.0 * static_cast<double>(graph.edges.size());
  if (ends == 0) return std::nullopt;
  const double variance = squares / ends - (sum / ends) * (sum / ends);
  if (variance < 1e-12) return std::nullopt;
  return (products / ends - (sum / ends) * (sum / ends)) / variance;
}

struct Mean {
  double value = 0;
  std::int64_t count = 0;
};

Mean mean_assortativity(std::span<const equigen::Sample> samples, bool largest_component) {
  Mean mean;
  for (const equigen::Sample& sample : samples) {
    const auto* graph = std::get_if<equigen::Graph>(&sample.structure);
    if (graph == nullptr)
      throw equigen::DataError("plugin_name-structure", "plugin_name takes graphs, not molecules");
    const auto value =
        assortativity_of(largest_component ? equigen::largest_component(*graph) : *graph);
    if (!value) continue;
    mean.value += *value;
    ++mean.count;
  }
  if (mean.count == 0) {
    throw equigen::DataError("plugin_name-undefined",
                             "no graph of the set has edge ends of different degrees");
  }
  mean.value /= static_cast<double>(mean.count);
  return mean;
}

}  // namespace

void PluginNameMetric::Config::declare(equigen::config::Declaration<Config>& keys) {
  keys.doc("Degree assortativity: correlation of the degrees at the ends of an edge.");
  keys.field("largest_component", &Config::largest_component,
             "look at the largest connected part of each graph only");
}

PluginNameMetric::PluginNameMetric(Config config) : config_(config) {}

std::string PluginNameMetric::structure() const {
  return "graph";
}

std::vector<equigen::MetricValue> PluginNameMetric::compute(
    const equigen::MetricInput& input) const {
  const Mean generated = mean_assortativity(input.generated, config_.largest_component);
  const Mean reference = mean_assortativity(input.reference, config_.largest_component);
  equigen::MetricValue figure;
  figure.name = "assortativity";
  figure.label = "Degree assortativity";
  figure.value = generated.value;
  figure.protocol = "mean over graphs where it is defined";
  figure.sample_count = generated.count;
  equigen::MetricValue error = figure;
  error.name = "assortativity_error";
  error.label = "Distance from the reference's assortativity";
  error.value = std::abs(generated.value - reference.value);
  error.direction = equigen::Direction::lower;
  return {figure, error};
}

}  // namespace plugin_name
