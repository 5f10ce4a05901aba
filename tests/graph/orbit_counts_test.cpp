// SPDX-License-Identifier: MIT
#include "equigen/graph/orbit_counts.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/file.h"
#include "equigen/graph/graph_files.h"
#include "paths.h"
#include "random_graph.h"

using namespace equigen;

namespace {

/// Orbit of a node by its degree in a connected pattern of so many nodes and edges with so large a
/// degree.
int orbit_of(std::size_t nodes, int edges, int degree, int largest) {
  if (nodes == 2) return 0;
  if (nodes == 3) return edges == 3 ? 3 : degree;
  if (edges == 3 && largest == 2) return degree == 1 ? 4 : 5;
  if (edges == 3) return degree == 1 ? 6 : 7;
  if (edges == 4 && largest == 2) return 8;
  if (edges == 4) return 8 + degree;
  if (edges == 5) return degree == 2 ? 12 : 13;
  return 14;
}

/// The slow truth: looks at every set of two to four nodes.
class Oracle {
 public:
  explicit Oracle(const Graph& graph)
      : n_(graph.node_count), near_(static_cast<std::size_t>(n_) * n_), orbits_(n_) {
    for (const auto& [i, j] : graph.edges) near_[i * n_ + j] = near_[j * n_ + i] = true;
    for (int i = 0; i < n_; ++i) extend({i});
  }
  const std::vector<NodeOrbits>& orbits() const { return orbits_; }

 private:
  bool near(int i, int j) const { return near_[static_cast<std::size_t>(i) * n_ + j]; }

  void extend(const std::vector<int>& nodes) {
    if (nodes.size() > 1) count(nodes);
    if (nodes.size() == 4) return;
    for (int next = nodes.back() + 1; next < n_; ++next) {
      auto longer = nodes;
      longer.push_back(next);
      extend(longer);
    }
  }

  void count(const std::vector<int>& nodes) {
    std::vector<int> degrees;
    int edges = 0;
    for (const int i : nodes) {
      degrees.push_back(static_cast<int>(
          std::count_if(nodes.begin(), nodes.end(), [&](int j) { return i != j && near(i, j); })));
      edges += degrees.back();
    }
    edges /= 2;
    const int smallest = *std::min_element(degrees.begin(), degrees.end());
    const int largest = *std::max_element(degrees.begin(), degrees.end());
    const auto size = static_cast<int>(nodes.size());
    const bool two_pairs = size == 4 && edges == 2;
    if (smallest == 0 || edges < size - 1 || two_pairs) return;
    for (int k = 0; k < size; ++k) {
      ++orbits_[nodes[k]][orbit_of(nodes.size(), edges, degrees[k], largest)];
    }
  }

  int n_;
  std::vector<bool> near_;
  std::vector<NodeOrbits> orbits_;
};

}  // namespace

TEST_CASE("golden.gdss.orbits: every node of every stored graph has ORCA's counts") {
  const auto path = equigen::testing::golden_folder("gdss") / "orbits.jsonl";
  int rows = 0;
  read_lines(path, [&](std::string_view line, std::int64_t number) {
    if (line.empty()) return true;
    INFO("line " << number);
    const auto expected = nlohmann::json::parse(line).at("orbits").get<std::vector<NodeOrbits>>();
    CHECK(orbit_counts(parse_graph_json(line)) == expected);
    ++rows;
    return true;
  });
  CHECK(rows > 0);
}

TEST_CASE("orbits: random graphs of all densities agree with looking at every set of nodes") {
  RandomStream random(11, "test");
  for (int k = 0; k < 60; ++k) {
    const auto n = static_cast<std::int32_t>(random.below(13));
    const Graph graph = equigen::testing::random_graph(n, random.uniform(), random);
    INFO(to_graph_json(graph));
    CHECK(orbit_counts(graph) == Oracle(graph).orbits());
  }
}

TEST_CASE("orbits: a star counts its claws in closed form") {
  Graph star{2001, {}};
  for (std::int32_t leaf = 1; leaf < star.node_count; ++leaf) star.edges.emplace_back(0, leaf);
  const auto orbits = orbit_counts(star);
  CHECK(orbits[0][7] == std::int64_t{2000} * 1999 * 1998 / 6);
  CHECK(orbits[2000][6] == 1999 * 1998 / 2);
  CHECK(orbits[0][4] == 0);
}

TEST_CASE("orbits: no edges, no counts") {
  CHECK(orbit_counts(Graph{}).empty());
  CHECK(orbit_counts(Graph{3, {}}) == std::vector<NodeOrbits>(3, NodeOrbits{}));
}
