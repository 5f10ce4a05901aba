// SPDX-License-Identifier: MIT
#include "equigen/graph/graph.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/graph/connectivity.h"

using namespace equigen;

TEST_CASE("graph: normalising sorts, turns, and drops doubles and self loops") {
  const Graph graph = normalised({4, {{3, 1}, {0, 1}, {1, 3}, {2, 2}}});
  CHECK(graph == Graph{4, {{0, 1}, {1, 3}}});
  CHECK(neighbours(graph) == std::vector<std::vector<std::int32_t>>{{1}, {0, 3}, {}, {1}});
}

TEST_CASE("graph: an edge outside the nodes is refused") {
  CHECK_THROWS_WITH(normalised({2, {{0, 2}}}), ContainsSubstring("(0, 2)"));
  CHECK_THROWS_AS(normalised({2, {{-1, 0}}}), DataError);
  CHECK_THROWS_AS(normalised({0, {{0, 0}}}), DataError);
}

TEST_CASE("graph: components, subgraphs and isolated nodes") {
  const Graph graph{7, {{0, 5}, {1, 2}, {2, 4}, {1, 4}}};
  const auto components = connected_components(graph);
  REQUIRE(components.size() == 4);
  CHECK(components[1] == std::vector<std::int32_t>{1, 2, 4});
  CHECK(largest_component(graph) == Graph{3, {{0, 1}, {0, 2}, {1, 2}}});
  CHECK(without_isolated_nodes(graph) == Graph{5, {{0, 4}, {1, 2}, {1, 3}, {2, 3}}});
  CHECK_FALSE(is_connected(graph));
  CHECK(is_connected(Graph{1, {}}));
  CHECK_FALSE(is_connected(Graph{}));
  CHECK(largest_component(Graph{}) == Graph{});
}

TEST_CASE("graph: distances count edges and mark what cannot be reached") {
  const Graph path{5, {{0, 1}, {1, 2}, {2, 3}}};
  CHECK(distances_from(neighbours(path), 1) == std::vector<std::int32_t>{1, 0, 1, 2, -1});
}
