// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>

#include "equigen/base/error.h"
#include "equigen/graph/connectivity.h"
#include "equigen/graph/graph_recipes.h"
#include "equigen/graph/published_communities.h"

namespace equigen::recipes {
namespace {

constexpr int kTrials = 10'000;

/// Calls `make` until `accept` likes the graph.
template <typename Make, typename Accept>
Graph first_accepted(std::string_view recipe, std::string_view condition, const Make& make,
                     const Accept& accept) {
  for (int trial = 0; trial < kTrials; ++trial) {
    Graph graph = make();
    if (accept(graph)) return graph;
  }
  throw DataError("graph-recipe-condition",
                  fmt::format("none of {} {} graphs drawn was {}", kTrials, recipe, condition),
                  "choose other probabilities or sizes");
}

/// Adds G(n, p) on the nodes from `first` on.
void append_random_graph(Graph& graph, std::int32_t first, std::int32_t n, double probability,
                         RandomStream& random) {
  for (std::int32_t i = first; i < first + n; ++i) {
    for (std::int32_t j = i + 1; j < first + n; ++j) {
      if (random.uniform() < probability) graph.edges.emplace_back(i, j);
    }
  }
}

void append_community(Graph& graph, std::int32_t index, std::int32_t size,
                      const CommunityRecipe& recipe, RandomStream& random) {
  const std::int32_t first = index * size;
  if (!recipe.shared_communities) {
    append_random_graph(graph, first, size, recipe.inner_probability, random);
    return;
  }
  const Graph shared =
      published_random_graph(size, recipe.inner_probability, static_cast<std::uint32_t>(index));
  for (const auto& [i, j] : shared.edges) graph.edges.emplace_back(first + i, first + j);
}

void append_bridges(Graph& graph, std::int32_t first_a, std::int32_t first_b, std::int32_t size,
                    double probability, RandomStream& random) {
  bool bridged = false;
  for (std::int32_t i = first_a; i < first_a + size; ++i) {
    for (std::int32_t j = first_b; j < first_b + size; ++j) {
      if (random.uniform() >= probability) continue;
      graph.edges.emplace_back(i, j);
      bridged = true;
    }
  }
  if (!bridged) graph.edges.emplace_back(first_a, first_b);
}

Graph stochastic_blocks(const SbmRecipe& recipe, RandomStream& random) {
  const auto communities = drawn_between(random, recipe.min_communities, recipe.max_communities);
  std::vector<std::int32_t> community_of;
  for (std::int32_t c = 0; c < communities; ++c) {
    const auto size = drawn_between(random, recipe.min_community_nodes, recipe.max_community_nodes);
    community_of.insert(community_of.end(), static_cast<std::size_t>(size), c);
  }
  Graph graph{static_cast<std::int32_t>(community_of.size()), {}};
  for (std::int32_t i = 0; i < graph.node_count; ++i) {
    for (std::int32_t j = i + 1; j < graph.node_count; ++j) {
      const bool inner =
          community_of[static_cast<std::size_t>(i)] == community_of[static_cast<std::size_t>(j)];
      const double probability = inner ? recipe.inner_probability : recipe.outer_probability;
      if (random.uniform() < probability) graph.edges.emplace_back(i, j);
    }
  }
  return graph;
}

Graph lobster(const LobsterRecipe& recipe, RandomStream& random) {
  const auto path = static_cast<std::int32_t>(2 * random.uniform() * recipe.expected_path + 0.5);
  Graph graph{path, {}};
  for (std::int32_t i = 1; i < path; ++i) graph.edges.emplace_back(i - 1, i);
  for (std::int32_t i = 0; i < path; ++i) {
    if (random.uniform() >= recipe.leg_probability) continue;
    const std::int32_t leg = graph.node_count++;
    graph.edges.emplace_back(i, leg);
    if (random.uniform() >= recipe.foot_probability) continue;
    graph.edges.emplace_back(leg, graph.node_count++);
  }
  return graph;
}

}  // namespace

std::int32_t drawn_between(RandomStream& random, std::int64_t low, std::int64_t high) {
  return static_cast<std::int32_t>(
      low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low + 1))));
}

Graph make(const CommunityRecipe& recipe, RandomStream& random) {
  const auto communities = static_cast<std::int32_t>(recipe.communities);
  const std::int32_t size = drawn_between(random, recipe.min_nodes, recipe.max_nodes) / communities;
  Graph graph{size * communities, {}};
  for (std::int32_t c = 0; c < communities; ++c) append_community(graph, c, size, recipe, random);
  for (std::int32_t a = 0; a < communities; ++a) {
    for (std::int32_t b = a + 1; b < communities; ++b) {
      append_bridges(graph, a * size, b * size, size, recipe.bridge_probability, random);
    }
  }
  return normalised(std::move(graph));
}

Graph make(const GridRecipe& recipe, RandomStream& random) {
  const auto rows = drawn_between(random, recipe.min_side, recipe.max_side);
  const auto columns = drawn_between(random, recipe.min_side, recipe.max_side);
  Graph graph{rows * columns, {}};
  for (std::int32_t i = 0; i < graph.node_count; ++i) {
    if (i % columns + 1 < columns) graph.edges.emplace_back(i, i + 1);
    if (i + columns < graph.node_count) graph.edges.emplace_back(i, i + columns);
  }
  return graph;
}

Graph make(const CavemanRecipe& recipe, RandomStream& random) {
  const auto caves = static_cast<std::int32_t>(recipe.caves);
  const auto size = drawn_between(random, recipe.min_cave_nodes, recipe.max_cave_nodes);
  Graph graph{caves * size, {}};
  for (std::int32_t c = 0; c < caves; ++c) {
    append_random_graph(graph, c * size, size, recipe.edge_probability, random);
  }
  const auto links =
      std::max(static_cast<std::int32_t>(std::ceil(recipe.link_share * size)), std::int32_t{1});
  for (std::int32_t c = 1; c < caves; ++c) {
    for (std::int32_t k = 0; k < links; ++k) {
      const auto i = drawn_between(random, (c - 1) * size, c * size - 1);
      graph.edges.emplace_back(i, drawn_between(random, c * size, (c + 1) * size - 1));
    }
  }
  return largest_component(normalised(std::move(graph)));
}

Graph make(const ErdosRenyiRecipe& recipe, RandomStream& random) {
  const auto drawn = [&] {
    Graph graph{drawn_between(random, recipe.min_nodes, recipe.max_nodes), {}};
    append_random_graph(graph, 0, graph.node_count, recipe.probability, random);
    return graph;
  };
  if (!recipe.connected) return drawn();
  return first_accepted("erdos_renyi", "connected", drawn, is_connected);
}

Graph make(const SbmRecipe& recipe, RandomStream& random) {
  return first_accepted(
      "sbm", "connected", [&] { return stochastic_blocks(recipe, random); }, is_connected);
}

Graph make(const TreeRecipe& recipe, RandomStream& random) {
  // Pruefer: every sequence of n - 2 nodes belongs to one labelled tree.
  const auto n = drawn_between(random, recipe.min_nodes, recipe.max_nodes);
  Graph graph{n, {}};
  if (n < 2) return graph;
  std::vector<std::int32_t> sequence;
  std::vector<std::int32_t> missing(static_cast<std::size_t>(n), 1);
  for (std::int32_t k = 0; k + 2 < n; ++k) {
    sequence.push_back(drawn_between(random, 0, n - 1));
    ++missing[static_cast<std::size_t>(sequence.back())];
  }
  const auto next_leaf = [&](std::int32_t from) {
    while (missing[static_cast<std::size_t>(from)] != 1) ++from;
    return from;
  };
  std::int32_t scanned = next_leaf(0);
  std::int32_t leaf = scanned;
  for (const auto parent : sequence) {
    graph.edges.emplace_back(leaf, parent);
    const bool leaf_below_scan =
        --missing[static_cast<std::size_t>(parent)] == 1 && parent < scanned;
    leaf = leaf_below_scan ? parent : (scanned = next_leaf(scanned + 1));
  }
  graph.edges.emplace_back(leaf, n - 1);
  return normalised(std::move(graph));
}

Graph make(const LobsterRecipe& recipe, RandomStream& random) {
  const auto fits = [&](const Graph& graph) {
    return graph.node_count >= recipe.min_nodes && graph.node_count <= recipe.max_nodes;
  };
  return normalised(first_accepted(
      "lobster", "of the wanted size", [&] { return lobster(recipe, random); }, fits));
}

}  // namespace equigen::recipes
