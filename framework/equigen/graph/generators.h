// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/graph/graph.h"

/// Recipes of the graph sets of the literature. Every range includes both ends. The defaults are
/// the published settings.
namespace equigen {

/// Dense random communities of equal size, each pair of them joined by sparse random bridges, or by
/// one between their first nodes where chance draws none. GraphRNN (You et al., 2018), as GDSS made
/// its community_small with it: total nodes 12..20.
struct CommunityRecipe {
  std::int64_t min_nodes = 12;
  std::int64_t max_nodes = 20;  ///< of the whole graph; each community has nodes / communities
  std::int64_t communities = 2;
  double inner_probability = 0.7;
  double bridge_probability = 0.01;
  /// All graphs of a size share the communities of the published community_small (drawn there with
  /// fixed seeds) and differ only in their bridges; false draws every community afresh.
  bool shared_communities = true;
  static void declare(config::Declaration<CommunityRecipe>& keys);
};

/// Rectangular lattices; GraphRNN: both sides 10..19.
struct GridRecipe {
  std::int64_t min_side = 10;
  std::int64_t max_side = 19;
  static void declare(config::Declaration<GridRecipe>& keys);
};

/// Neighbourhoods of nodes of one large graph, in node order, of its largest component. GDSS's
/// ego_small: radius 1, 4..18 nodes, the first 200 of Citeseer.
struct EgoRecipe {
  std::filesystem::path file;  ///< edge list, see read_edge_list()
  std::int64_t radius = 1;
  std::int64_t min_nodes = 4;
  std::int64_t max_nodes = 18;
  bool shuffle = false;  ///< choose among all neighbourhoods at random instead of the first ones
  static void declare(config::Declaration<EgoRecipe>& keys);
};

/// Cliques whose edges are kept with a probability, neighbouring cliques joined by a few random
/// links; the largest component. GraphRNN's caveman_small: two caves of 6..10.
struct CavemanRecipe {
  std::int64_t caves = 2;
  std::int64_t min_cave_nodes = 6;
  std::int64_t max_cave_nodes = 10;
  double edge_probability = 0.8;
  double link_share = 0.1;  ///< links between two caves: ceil(share * cave nodes)
  static void declare(config::Declaration<CavemanRecipe>& keys);
};

/// G(n, p).
struct ErdosRenyiRecipe {
  std::int64_t min_nodes = 10;
  std::int64_t max_nodes = 20;
  double probability = 0.3;
  bool connected = false;  ///< draw again until the graph is connected
  static void declare(config::Declaration<ErdosRenyiRecipe>& keys);
};

/// Stochastic block model, connected graphs only. SPECTRE (Martinkus et al., 2022).
struct SbmRecipe {
  std::int64_t min_communities = 2;
  std::int64_t max_communities = 5;
  std::int64_t min_community_nodes = 20;
  std::int64_t max_community_nodes = 40;
  double inner_probability = 0.3;
  double outer_probability = 0.005;
  static void declare(config::Declaration<SbmRecipe>& keys);
};

/// Delaunay triangulation of uniform points in the unit square. SPECTRE: 64 points.
struct PlanarRecipe {
  std::int64_t min_nodes = 64;
  std::int64_t max_nodes = 64;
  static void declare(config::Declaration<PlanarRecipe>& keys);
};

/// Uniformly random labelled trees; 64 nodes as in Bergmeister et al. (2024).
struct TreeRecipe {
  std::int64_t min_nodes = 64;
  std::int64_t max_nodes = 64;
  static void declare(config::Declaration<TreeRecipe>& keys);
};

/// A path (of 0 to twice `expected_path` nodes), to each node of it with a probability a leg, to
/// each leg with another a foot; kept when the size fits. GRAN, SwinGNN: 80, 0.7, 0.7, 10..100
/// nodes.
struct LobsterRecipe {
  double expected_path = 80;
  double leg_probability = 0.7;
  double foot_probability = 0.7;
  std::int64_t min_nodes = 10;
  std::int64_t max_nodes = 100;
  static void declare(config::Declaration<LobsterRecipe>& keys);
};

using GraphRecipe =
    std::variant<CommunityRecipe, GridRecipe, EgoRecipe, CavemanRecipe, ErdosRenyiRecipe, SbmRecipe,
                 PlanarRecipe, TreeRecipe, LobsterRecipe>;

/// "community", "grid", "ego", "caveman", "erdos_renyi", "sbm", "planar", "tree", "lobster".
std::vector<std::string> graph_recipe_names();

/// Returns the recipe of that name with the published settings. Throws ConfigError.
GraphRecipe default_recipe(const std::string& name);

/// Makes `count` graphs on all cores. Graph k depends on nothing but the recipe, the seed and k (of
/// ego graphs: the file). Throws ConfigError for settings that make no sense, DataError when a
/// recipe's condition is never met or the edge list has fewer than `count` neighbourhoods.
std::vector<Graph> generate_graphs(const GraphRecipe& recipe, std::int64_t count,
                                   std::uint64_t seed);

/// Returns all neighbourhoods of a graph's largest component that fit the recipe, in node order.
std::vector<Graph> ego_graphs(const Graph& graph, const EgoRecipe& recipe);

}  // namespace equigen
