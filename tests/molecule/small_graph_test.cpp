// SPDX-License-Identifier: MIT
#include "equigen/molecule/small_graph.h"

#include <algorithm>

#include "catch.h"
#include "equigen/base/random.h"

using namespace equigen;

namespace {

SmallGraph graph_of(int size, const std::vector<std::pair<int, int>>& edges) {
  SmallGraph graph;
  graph.size = size;
  for (const auto& [a, b] : edges) graph.add_edge(a, b);
  return graph;
}

std::vector<int> ring_sizes(const SmallGraph& graph) {
  std::vector<int> sizes;
  for (const SmallRing& ring : relevant_rings(graph)) sizes.push_back(ring.size);
  return sizes;
}

}  // namespace

TEST_CASE("connected graphs are counted as in the literature (OEIS A001349, A001187)") {
  const std::vector<std::size_t> isomorphism_classes = {1, 1, 2, 6, 21, 112};
  const std::vector<std::size_t> labelled = {1, 1, 4, 38, 728, 26704};
  std::size_t factorial = 1;
  for (int n = 1; n <= 6; ++n) {
    factorial *= static_cast<std::size_t>(n);
    const auto graphs = connected_graphs(n, n, 100);
    CHECK(graphs.size() == isomorphism_classes[static_cast<std::size_t>(n - 1)]);
    std::size_t labellings = 0;
    for (const auto& form : graphs) labellings += factorial / form.automorphisms.size();
    CHECK(labellings == labelled[static_cast<std::size_t>(n - 1)]);
  }
}

TEST_CASE("the canonical form does not depend on the order of the vertices") {
  RandomStream random(3, "small graphs");
  for (int trial = 0; trial < 200; ++trial) {
    const int n = 2 + static_cast<int>(random.below(8));
    std::vector<int> order;
    for (int v = 0; v < n; ++v) order.push_back(v);
    random.shuffle(std::span(order));
    SmallGraph graph, shuffled;
    graph.size = shuffled.size = n;
    for (int a = 0; a < n; ++a) {
      for (int b = 0; b < a; ++b) {
        if (random.below(3) > 0) continue;
        graph.add_edge(a, b);
        shuffled.add_edge(order[static_cast<std::size_t>(a)], order[static_cast<std::size_t>(b)]);
      }
    }
    const CanonicalForm form = canonical_form(graph);
    CHECK(form.graph == canonical_form(shuffled).graph);
    for (const Permutation& image : form.automorphisms)
      for (const auto& [a, b] : form.graph.edges())
        CHECK(form.graph.has_edge(image[static_cast<std::size_t>(a)],
                                  image[static_cast<std::size_t>(b)]));
  }
}

TEST_CASE("relevant rings are the ones a chemist sees") {
  CHECK(ring_sizes(graph_of(3, {{0, 1}, {1, 2}})).empty());
  CHECK(ring_sizes(graph_of(3, {{0, 1}, {1, 2}, {0, 2}})) == std::vector{3});
  const auto square_with_triangle = graph_of(5, {{0, 1}, {1, 2}, {2, 3}, {3, 0}, {0, 4}, {1, 4}});
  CHECK(ring_sizes(square_with_triangle) == std::vector{3, 4});
  const auto norbornane =
      graph_of(7, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 0}, {0, 6}, {6, 3}});
  CHECK(ring_sizes(norbornane) == std::vector{5, 5});
  const auto bicyclo_222 =
      graph_of(8, {{0, 1}, {1, 2}, {2, 7}, {0, 3}, {3, 4}, {4, 7}, {0, 5}, {5, 6}, {6, 7}});
  CHECK(ring_sizes(bicyclo_222) == std::vector{6, 6, 6});
}
