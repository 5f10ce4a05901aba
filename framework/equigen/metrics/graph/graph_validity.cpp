// SPDX-License-Identifier: MIT
#include "equigen/metrics/graph/graph_validity.h"

#include <fmt/format.h>

#include <unordered_set>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/graph/connectivity.h"
#include "equigen/graph/graph_families.h"
#include "equigen/graph/isomorphism.h"
#include "equigen/metrics/metric_samples.h"
#include "equigen/metrics/share_figure.h"
#include "equigen/plugin/registry.h"

namespace equigen {
namespace {

std::int64_t count_valid_unique_novel(const std::vector<Graph>& graphs,
                                      const std::vector<char>& valid,
                                      const std::vector<Graph>& train) {
  const auto known_keys = canonical_keys(train);
  std::unordered_set<std::string> seen(known_keys.begin(), known_keys.end());
  const auto keys = canonical_keys(graphs);
  std::int64_t count = 0;
  for (std::size_t k = 0; k < graphs.size(); ++k) {
    if (seen.insert(keys[k]).second && valid[k]) ++count;
  }
  return count;
}

}  // namespace

std::vector<MetricValue> GraphValidity::compute(const MetricInput& input) const {
  const auto graphs = graphs_of(input.generated);
  require_samples(graphs.size(), "generated");
  std::vector<char> valid(graphs.size());
  parallel_for(std::ssize(graphs), [&](std::int64_t k) {
    const auto place = static_cast<std::size_t>(k);
    valid[place] = graphs[place].node_count > 0 && is_valid(graphs[place]);
  });
  const auto valid_count = std::ranges::count(valid, 1);
  std::vector<MetricValue> values{share_figure("validity", "Valid", valid_count, std::ssize(graphs),
                                               fmt::format("{}, of all generated", test()))};
  if (input.train.empty()) return values;
  values.push_back(share_figure("valid_unique_novel", "Valid, unique and novel",
                                count_valid_unique_novel(graphs, valid, graphs_of(input.train)),
                                std::ssize(graphs),
                                fmt::format("{}; distinct and isomorphic to no training graph, of "
                                            "all generated",
                                            test())));
  return values;
}

void PlanarValidity::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Share of connected planar graphs; valid, unique and novel ones.");
}

bool PlanarValidity::is_valid(const Graph& graph) const {
  return is_connected(graph) && is_planar(graph);
}

std::string PlanarValidity::test() const {
  return "connected and planar";
}

void TreeValidity::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Share of trees; valid, unique and novel ones.");
}

bool TreeValidity::is_valid(const Graph& graph) const {
  return is_tree(graph);
}

std::string TreeValidity::test() const {
  return "a tree";
}

void LobsterValidity::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Share of lobster graphs; valid, unique and novel ones.");
}

bool LobsterValidity::is_valid(const Graph& graph) const {
  return is_lobster(graph);
}

std::string LobsterValidity::test() const {
  return "a tree that becomes a path when its leaves are taken off twice";
}

void SbmValidity::Config::declare(config::Declaration<Config>& keys) {
  using C = Config;
  keys.doc(
      "Share of graphs whose communities fit SPECTRE's stochastic block model by a Wald test; "
      "valid, unique and novel ones.");
  keys.field("inner_probability", &C::inner_probability, "of an edge within a block").range(0, 1);
  keys.field("outer_probability", &C::outer_probability, "of an edge between blocks").range(0, 1);
  keys.field("min_blocks", &C::min_blocks, "fewest blocks").at_least(1);
  keys.field("max_blocks", &C::max_blocks, "most blocks").at_least(1);
  keys.field("min_block_nodes", &C::min_block_nodes, "fewest nodes of a block").at_least(1);
  keys.field("max_block_nodes", &C::max_block_nodes, "most nodes of a block").at_least(1);
  keys.field("threshold", &C::threshold, "mean p-value above which a graph counts as valid")
      .range(0, 1);
}

SbmValidity::SbmValidity(const Config& config)
    : limits_{config.inner_probability, config.outer_probability, config.min_blocks,
              config.max_blocks,        config.min_block_nodes,   config.max_block_nodes},
      threshold_(config.threshold) {
  if (config.min_blocks > config.max_blocks || config.min_block_nodes > config.max_block_nodes) {
    throw ConfigError("sbm-validity", "the fewest blocks or nodes are more than the most",
                      "check min_blocks, max_blocks, min_block_nodes, max_block_nodes");
  }
}

bool SbmValidity::is_valid(const Graph& graph) const {
  // No partition into blocks of these sizes exists outside these limits.
  if (graph.node_count < limits_.min_blocks * limits_.min_block_nodes ||
      graph.node_count > limits_.max_blocks * limits_.max_block_nodes)
    return false;
  return sbm_p_value(infer_block_model(graph), limits_) > threshold_;
}

std::string SbmValidity::test() const {
  return fmt::format(
      "SPECTRE's Wald test of block sizes and edge shares, mean p-value above {}, blocks by "
      "equigen's own inference (not graph-tool)",
      threshold_);
}

void register_graph_validity_metrics(RegistryBuilder& registry) {
  registry.add<Metric, PlanarValidity>("planar_validity",
                                       "connected planar graphs; valid, unique and novel ones");
  registry.add<Metric, TreeValidity>("tree_validity", "trees; valid, unique and novel ones");
  registry.add<Metric, LobsterValidity>("lobster_validity",
                                        "lobster graphs; valid, unique and novel ones");
  registry.add<Metric, SbmValidity>(
      "sbm_validity", "graphs of SPECTRE's block model; valid, unique and novel ones");
}

}  // namespace equigen
