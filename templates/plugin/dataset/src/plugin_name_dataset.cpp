#include "plugin_name_dataset.h"

#include <numeric>
#include <set>
#include <utility>

#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/data/file_datasets.h"

namespace plugin_name {
namespace {

using Edge = std::pair<std::int32_t, std::int32_t>;

Edge ordered(std::int32_t a, std::int32_t b) {
  return {std::min(a, b), std::max(a, b)};
}

/// Graph `index` of the data set; it depends on nothing but the keys, the seed and its index.
equigen::Graph small_world(const PluginNameDataset::Config& config, std::uint64_t index) {
  equigen::RandomStream random(config.seed, "plugin_name", index);
  const auto nodes = static_cast<std::int32_t>(
      config.min_nodes + static_cast<std::int64_t>(random.below(
                             static_cast<std::uint64_t>(config.max_nodes - config.min_nodes + 1))));
  std::set<Edge> edges;
  for (std::int32_t i = 0; i < nodes; ++i) {
    for (std::int32_t step = 1; step <= config.neighbours / 2; ++step)
      edges.insert(ordered(i, (i + step) % nodes));
  }
  const std::vector<Edge> ring(edges.begin(), edges.end());
  for (const auto& [i, j] : ring) {
    if (random.uniform() >= config.rewiring) continue;
    const auto end = static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(nodes)));
    if (end == i || edges.contains(ordered(i, end))) continue;
    edges.erase({i, j});
    edges.insert(ordered(i, end));
  }
  return {nodes, {edges.begin(), edges.end()}};
}

}  // namespace

void PluginNameDataset::Config::declare(equigen::config::Declaration<Config>& keys) {
  keys.doc("Small-world graphs: a ring of neighbours with some edges moved at random.");
  keys.field("name", &Config::name, "what the data set is called");
  keys.field("count", &Config::count, "how many graphs, all parts together").at_least(3);
  keys.field("min_nodes", &Config::min_nodes, "of the smallest graphs").range(3, 10000);
  keys.field("max_nodes", &Config::max_nodes, "of the largest graphs").range(3, 10000);
  keys.field("neighbours", &Config::neighbours, "neighbours of each node on the ring; even")
      .range(2, 100);
  keys.field("rewiring", &Config::rewiring, "probability that an edge is moved").range(0, 1);
  keys.field("seed", &Config::seed, "of the graphs; independent of the run's seed");
  keys.field("split", &Config::split, "how the data set is divided");
}

PluginNameDataset::PluginNameDataset(Config config, const equigen::DataContext& /*context*/)
    : config_(std::move(config)) {
  if (config_.min_nodes > config_.max_nodes)
    throw equigen::ConfigError("plugin_name-size", "data.min_nodes is above data.max_nodes");
  if (config_.neighbours % 2 != 0 || config_.neighbours >= config_.min_nodes) {
    throw equigen::ConfigError("plugin_name-neighbours",
                               "data.neighbours must be even and below data.min_nodes");
  }
}

equigen::DataSplits PluginNameDataset::load() {
  equigen::SampleFile graphs;
  for (std::int64_t i = 0; i < config_.count; ++i) {
    graphs.samples.push_back({small_world(config_, static_cast<std::uint64_t>(i)), {}});
    graphs.rows.push_back(i);
  }
  graphs.row_count = config_.count;
  return equigen::finish_dataset(config_.name, {std::move(graphs), {}, {}}, config_.split, {}, 0);
}

}  // namespace plugin_name
