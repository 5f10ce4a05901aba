// SPDX-License-Identifier: MIT
#include "equigen/graph/generators.h"

namespace equigen {

void CommunityRecipe::declare(config::Declaration<CommunityRecipe>& keys) {
  using C = CommunityRecipe;
  keys.doc("Dense random communities joined by sparse bridges (GraphRNN; GDSS's community_small).");
  keys.field("min_nodes", &C::min_nodes, "fewest nodes of a graph").at_least(1);
  keys.field("max_nodes", &C::max_nodes, "most nodes of a graph").at_least(1);
  keys.field("communities", &C::communities, "how many communities of equal size").at_least(1);
  keys.field("inner_probability", &C::inner_probability, "of an edge within a community")
      .range(0, 1);
  keys.field("bridge_probability", &C::bridge_probability, "of an edge between two communities")
      .range(0, 1);
  keys.field("shared_communities", &C::shared_communities,
             "all graphs of a size share the published communities and differ in bridges only");
}

void GridRecipe::declare(config::Declaration<GridRecipe>& keys) {
  using C = GridRecipe;
  keys.doc("Rectangular lattices (GraphRNN).");
  keys.field("min_side", &C::min_side, "fewest nodes along a side").at_least(1);
  keys.field("max_side", &C::max_side, "most nodes along a side").at_least(1);
}

void EgoRecipe::declare(config::Declaration<EgoRecipe>& keys) {
  using C = EgoRecipe;
  keys.doc("Neighbourhoods of the nodes of one large graph (GraphRNN; GDSS's ego_small).");
  keys.field("file", &C::file, "edge list of the large graph: two names a line");
  keys.field("radius", &C::radius, "steps from the centre").at_least(1);
  keys.field("min_nodes", &C::min_nodes, "fewest nodes of a graph").at_least(1);
  keys.field("max_nodes", &C::max_nodes, "most nodes of a graph").at_least(1);
  keys.field("shuffle", &C::shuffle, "choose among all neighbourhoods instead of the first ones");
}

void CavemanRecipe::declare(config::Declaration<CavemanRecipe>& keys) {
  using C = CavemanRecipe;
  keys.doc("Thinned cliques joined by a few links (GraphRNN's caveman_small).");
  keys.field("caves", &C::caves, "how many cliques").at_least(1);
  keys.field("min_cave_nodes", &C::min_cave_nodes, "fewest nodes of a clique").at_least(1);
  keys.field("max_cave_nodes", &C::max_cave_nodes, "most nodes of a clique").at_least(1);
  keys.field("edge_probability", &C::edge_probability, "that an edge of a clique is kept")
      .range(0, 1);
  keys.field("link_share", &C::link_share, "links between neighbouring cliques, of their nodes")
      .range(0, 1);
}

void ErdosRenyiRecipe::declare(config::Declaration<ErdosRenyiRecipe>& keys) {
  using C = ErdosRenyiRecipe;
  keys.doc("Random graphs G(n, p).");
  keys.field("min_nodes", &C::min_nodes, "fewest nodes of a graph").at_least(1);
  keys.field("max_nodes", &C::max_nodes, "most nodes of a graph").at_least(1);
  keys.field("probability", &C::probability, "of an edge").range(0, 1);
  keys.field("connected", &C::connected, "draw again until the graph is connected");
}

void SbmRecipe::declare(config::Declaration<SbmRecipe>& keys) {
  using C = SbmRecipe;
  keys.doc("Connected graphs of the stochastic block model (SPECTRE).");
  keys.field("min_communities", &C::min_communities, "fewest communities").at_least(1);
  keys.field("max_communities", &C::max_communities, "most communities").at_least(1);
  keys.field("min_community_nodes", &C::min_community_nodes, "fewest nodes of a community")
      .at_least(1);
  keys.field("max_community_nodes", &C::max_community_nodes, "most nodes of a community")
      .at_least(1);
  keys.field("inner_probability", &C::inner_probability, "of an edge within a community")
      .range(0, 1);
  keys.field("outer_probability", &C::outer_probability, "of an edge between communities")
      .range(0, 1);
}

void PlanarRecipe::declare(config::Declaration<PlanarRecipe>& keys) {
  using C = PlanarRecipe;
  keys.doc("Delaunay triangulations of uniform points (SPECTRE).");
  keys.field("min_nodes", &C::min_nodes, "fewest nodes of a graph").at_least(1);
  keys.field("max_nodes", &C::max_nodes, "most nodes of a graph").at_least(1);
}

void TreeRecipe::declare(config::Declaration<TreeRecipe>& keys) {
  using C = TreeRecipe;
  keys.doc("Uniformly random labelled trees.");
  keys.field("min_nodes", &C::min_nodes, "fewest nodes of a graph").at_least(1);
  keys.field("max_nodes", &C::max_nodes, "most nodes of a graph").at_least(1);
}

void LobsterRecipe::declare(config::Declaration<LobsterRecipe>& keys) {
  using C = LobsterRecipe;
  keys.doc("Trees within two steps of a path (GRAN, SwinGNN).");
  keys.field("expected_path", &C::expected_path, "mean number of nodes of the path").above(0);
  keys.field("leg_probability", &C::leg_probability, "that a node of the path has a leg")
      .range(0, 1);
  keys.field("foot_probability", &C::foot_probability, "that a leg has a foot").range(0, 1);
  keys.field("min_nodes", &C::min_nodes, "fewest nodes of a graph that is kept").at_least(1);
  keys.field("max_nodes", &C::max_nodes, "most nodes of a graph that is kept").at_least(1);
}

}  // namespace equigen
