// SPDX-License-Identifier: MIT
#include "equigen/graph/isomorphism.h"

#include <algorithm>
#include <set>

#include "catch.h"
#include "equigen/graph/generators.h"
#include "random_graph.h"

using namespace equigen;
using equigen::testing::random_graph;
using equigen::testing::relabelled;

TEST_CASE("isomorphism: a renumbered graph has the same key and form") {
  RandomStream random(5, "test");
  for (int k = 0; k < 100; ++k) {
    const auto n = static_cast<std::int32_t>(random.below(30));
    const Graph graph = random_graph(n, random.uniform(), random);
    const Graph other = relabelled(graph, random);
    CHECK(canonical_key(graph) == canonical_key(other));
    CHECK(canonical_form(graph) == canonical_form(other));
    CHECK(are_isomorphic(graph, other));
    CHECK(canonical_form(graph).edges.size() == graph.edges.size());
  }
}

TEST_CASE("isomorphism: renumbering changes nothing for any recipe") {
  RandomStream random(8, "test");
  for (const auto& name : {"community", "caveman", "erdos_renyi", "planar", "tree", "lobster"}) {
    INFO(name);
    for (const auto& graph : generate_graphs(default_recipe(name), 30, 9)) {
      CHECK(canonical_key(graph) == canonical_key(relabelled(graph, random)));
    }
  }
}

TEST_CASE("isomorphism: the graphs of five nodes fall into 34 classes") {
  std::set<std::string> keys;
  for (unsigned bits = 0; bits < 1U << 10U; ++bits) {
    Graph graph{5, {}};
    unsigned bit = 0;
    for (std::int32_t i = 0; i < 5; ++i) {
      for (std::int32_t j = i + 1; j < 5; ++j, ++bit) {
        if ((bits >> bit) & 1U) graph.edges.emplace_back(i, j);
      }
    }
    keys.insert(canonical_key(graph));
  }
  CHECK(keys.size() == 34);
}

TEST_CASE("isomorphism: degree sequences do not decide") {
  const Graph hexagon{6, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {0, 5}}};
  const Graph triangles{6, {{0, 1}, {1, 2}, {0, 2}, {3, 4}, {4, 5}, {3, 5}}};
  CHECK_FALSE(are_isomorphic(hexagon, triangles));
  CHECK_FALSE(are_isomorphic(Graph{2, {}}, Graph{3, {}}));
  CHECK(canonical_key(Graph{2, {}}) != canonical_key(Graph{3, {}}));
  CHECK(are_isomorphic(Graph{}, Graph{}));
}

TEST_CASE("isomorphism: keys made on all cores are those made one by one") {
  auto graphs = generate_graphs(PlanarRecipe{}, 60, 1);
  RandomStream random(6, "test");
  for (int k = 0; k < 60; ++k) graphs.push_back(relabelled(graphs[k], random));
  const auto keys = canonical_keys(graphs);
  for (std::size_t k = 0; k < 60; ++k) {
    CHECK(keys[k] == keys[k + 60]);
    CHECK(keys[k] == canonical_key(graphs[k]));
  }
  CHECK(std::set(keys.begin(), keys.end()).size() == 60);
}

TEST_CASE("isomorphism: highly symmetric graphs and large ones") {
  Graph pairs{6000, {}};
  for (std::int32_t i = 0; i < 6000; i += 2) pairs.edges.emplace_back(i, i + 1);
  RandomStream random(7, "test");
  CHECK(are_isomorphic(pairs, relabelled(pairs, random)));
  Graph star{3000, {}};
  for (std::int32_t i = 0; i + 1 < star.node_count; ++i) star.edges.emplace_back(i, 2999);
  CHECK(are_isomorphic(star, relabelled(star, random)));
  Graph path{6000, {}};
  for (std::int32_t i = 1; i < path.node_count; ++i) path.edges.emplace_back(i - 1, i);
  CHECK_THROWS_WITH(canonical_key(path), ContainsSubstring("at most 5000 nodes"));
}
