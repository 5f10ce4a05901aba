// SPDX-License-Identifier: MIT
#include "equigen/metrics/graph/graph_validity.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/graph/generators.h"
#include "equigen/graph/graph_families.h"

using namespace equigen;

namespace {

Graph complete(std::int32_t nodes) {
  Graph graph{nodes, {}};
  for (std::int32_t i = 0; i < nodes; ++i)
    for (std::int32_t j = i + 1; j < nodes; ++j) graph.edges.emplace_back(i, j);
  return graph;
}

Graph path(std::int32_t nodes) {
  Graph graph{nodes, {}};
  for (std::int32_t i = 0; i + 1 < nodes; ++i) graph.edges.emplace_back(i, i + 1);
  return graph;
}

Graph complete_bipartite(std::int32_t left, std::int32_t right) {
  Graph graph{left + right, {}};
  for (std::int32_t i = 0; i < left; ++i)
    for (std::int32_t j = 0; j < right; ++j) graph.edges.emplace_back(i, left + j);
  return graph;
}

/// A centre with three legs of `length` nodes.
Graph spider(std::int32_t length) {
  Graph graph{1 + 3 * length, {}};
  for (std::int32_t leg = 0; leg < 3; ++leg) {
    for (std::int32_t k = 0; k < length; ++k) {
      const std::int32_t node = 1 + leg * length + k;
      graph.edges.emplace_back(k == 0 ? 0 : node - 1, node);
    }
  }
  return normalised(graph);
}

/// `blocks` blocks of `nodes` nodes with given edge probabilities.
Graph planted(int blocks, std::int32_t nodes, double inner, double outer, std::uint64_t seed) {
  RandomStream random(seed, "planted");
  Graph graph{blocks * nodes, {}};
  for (std::int32_t i = 0; i < graph.node_count; ++i) {
    for (std::int32_t j = i + 1; j < graph.node_count; ++j) {
      if (random.uniform() < (i / nodes == j / nodes ? inner : outer))
        graph.edges.emplace_back(i, j);
    }
  }
  return graph;
}

double validity(const GraphValidity& metric, const std::vector<Graph>& graphs) {
  std::vector<Sample> samples;
  for (const Graph& graph : graphs) samples.push_back({graph, {}});
  return metric.compute({samples, {}, {}}).front().value;
}

}  // namespace

TEST_CASE("graph families: Kuratowski's graphs are not planar, without an edge they are") {
  CHECK_FALSE(is_planar(complete(5)));
  CHECK_FALSE(is_planar(complete_bipartite(3, 3)));
  Graph without = complete(5);
  without.edges.pop_back();
  CHECK(is_planar(without));
  without = complete_bipartite(3, 3);
  without.edges.pop_back();
  CHECK(is_planar(without));
  CHECK(is_planar(complete(4)));
  CHECK(is_planar(Graph{}));
}

TEST_CASE("graph families: trees and lobsters") {
  CHECK(is_tree(path(1)));
  CHECK(is_tree(spider(3)));
  CHECK_FALSE(is_tree(Graph{}));
  CHECK_FALSE(is_tree(Graph{4, {{0, 1}, {1, 2}, {0, 2}}}));  // right count, a cycle and a lone node
  CHECK(is_lobster(path(1)));
  CHECK(is_lobster(path(9)));
  CHECK(is_lobster(spider(2)));
  CHECK_FALSE(is_lobster(spider(3)));  // taking two leaves off each leg leaves a claw
  CHECK_FALSE(is_lobster(complete(3)));
}

TEST_CASE("block model: planted blocks are found again") {
  for (const int blocks : {1, 2, 3, 5}) {
    INFO(blocks << " blocks");
    const Graph graph = planted(blocks, 30, 0.3, 0.005, 7);
    const BlockModel found = infer_block_model(graph);
    REQUIRE(std::ssize(found.block_sizes) == blocks);
    for (const std::int64_t size : found.block_sizes) CHECK(std::abs(size - 30) <= 2);
    std::vector<std::int32_t> truth;
    for (std::int32_t i = 0; i < graph.node_count; ++i) truth.push_back(i / 30);
    CHECK(found.description_length <= block_model_of(graph, truth).description_length + 1e-6);
  }
}

TEST_CASE("block model: the description length of a small partition, by hand") {
  // Two joined pairs: ln C(1,1) twice within, ln C(4,0) between; edge counts: ln C(3+2-1, 2);
  // partition: ln C(3,1) + ln 4!/(2! 2!) + ln 4.
  const BlockModel model = block_model_of(Graph{4, {{0, 1}, {2, 3}}}, {0, 0, 1, 1});
  CHECK(model.description_length ==
        Approx(std::log(6.0) + std::log(3.0) + std::log(6.0) + std::log(4.0)));
  CHECK(model.edge_counts == std::vector<std::vector<std::int64_t>>{{1, 0}, {0, 1}});
  CHECK_THROWS_AS(block_model_of(Graph{2, {}}, {0}), DataError);
  CHECK_THROWS_AS(block_model_of(Graph{2, {}}, {0, 7}), DataError);
}

TEST_CASE("graph validity: graphs of each recipe belong to their family, others do not") {
  const std::vector<Graph> random{planted(1, 64, 0.1, 0.1, 1), planted(1, 100, 0.3, 0.3, 2)};
  const std::vector<Graph> sbm{planted(2, 30, 0.3, 0.005, 1), planted(4, 25, 0.3, 0.005, 2),
                               planted(5, 40, 0.3, 0.005, 3), planted(3, 21, 0.3, 0.005, 4)};
  CHECK(validity(PlanarValidity({}), {complete(4), complete(5)}) == 50);
  CHECK(validity(PlanarValidity({}), {Graph{4, {{0, 1}}}, Graph{}}) == 0);
  CHECK(validity(TreeValidity({}), {path(5), complete(3)}) == 50);
  CHECK(validity(LobsterValidity({}), {path(5), spider(3)}) == 50);
  CHECK(validity(SbmValidity(SbmValidity::Config{}), random) == 0);
  CHECK(validity(SbmValidity(SbmValidity::Config{}), sbm) >= 75);
}

TEST_CASE("graph validity: contradictory limits, molecules and empty sets are refused") {
  SbmValidity::Config config;
  config.min_blocks = 6;
  CHECK_THROWS_AS(SbmValidity(config), ConfigError);
  const std::vector<Sample> molecules{{Molecule{}, {}}};
  CHECK_THROWS_AS(TreeValidity({}).compute({molecules, {}, {}}), DataError);
  CHECK_THROWS_AS(TreeValidity({}).compute({{}, {}, {}}), DataError);
}
