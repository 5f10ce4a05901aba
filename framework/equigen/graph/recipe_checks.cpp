// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "equigen/base/error.h"
#include "equigen/graph/graph_recipes.h"

namespace equigen::recipes {
namespace {

/// Generated graphs are held in memory by the thousand; larger ones come from files.
constexpr std::int64_t kLargestGenerated = 100'000;

[[noreturn]] void fail(std::string_view recipe, const std::string& reason) {
  throw ConfigError("graph-recipe", fmt::format("{} graphs: {}", recipe, reason));
}

void require_range(std::string_view recipe, std::string_view what, std::int64_t low,
                   std::int64_t high, std::int64_t smallest) {
  if (low >= smallest && low <= high && high <= kLargestGenerated) return;
  fail(recipe, fmt::format("{} must satisfy {} <= minimum <= maximum <= {}, got {} and {}", what,
                           smallest, kLargestGenerated, low, high));
}

void require_probability(std::string_view recipe, std::string_view what, double value) {
  if (value >= 0 && value <= 1) return;
  fail(recipe, fmt::format("{} must lie in [0, 1], got {}", what, value));
}

}  // namespace

void check(const CommunityRecipe& recipe) {
  if (recipe.communities < 1) fail("community", "there must be at least one community");
  require_range("community", "nodes", recipe.min_nodes, recipe.max_nodes, recipe.communities);
  require_probability("community", "the probability within a community", recipe.inner_probability);
  require_probability("community", "the probability of a bridge", recipe.bridge_probability);
}

void check(const GridRecipe& recipe) {
  require_range("grid", "sides", recipe.min_side, recipe.max_side, 1);
  if (recipe.max_side * recipe.max_side > kLargestGenerated) {
    fail("grid",
         fmt::format("a side of {} gives more than {} nodes", recipe.max_side, kLargestGenerated));
  }
}

void check(const EgoRecipe& recipe) {
  if (recipe.file.empty()) fail("ego", "the edge list's file is not given");
  require_range("ego", "nodes", recipe.min_nodes, recipe.max_nodes, 1);
  if (recipe.radius < 1)
    fail("ego", fmt::format("the radius must be positive, got {}", recipe.radius));
}

void check(const CavemanRecipe& recipe) {
  if (recipe.caves < 1) fail("caveman", "there must be at least one cave");
  require_range("caveman", "nodes of a cave", recipe.min_cave_nodes, recipe.max_cave_nodes, 1);
  if (recipe.caves > kLargestGenerated / recipe.max_cave_nodes) {
    fail("caveman", fmt::format("more than {} nodes", kLargestGenerated));
  }
  require_probability("caveman", "the probability of an edge", recipe.edge_probability);
  require_probability("caveman", "the share of links", recipe.link_share);
}

void check(const ErdosRenyiRecipe& recipe) {
  require_range("erdos_renyi", "nodes", recipe.min_nodes, recipe.max_nodes, 1);
  require_probability("erdos_renyi", "the probability of an edge", recipe.probability);
}

void check(const SbmRecipe& recipe) {
  require_range("sbm", "communities", recipe.min_communities, recipe.max_communities, 1);
  require_range("sbm", "nodes of a community", recipe.min_community_nodes,
                recipe.max_community_nodes, 1);
  if (recipe.max_communities > kLargestGenerated / recipe.max_community_nodes) {
    fail("sbm", fmt::format("more than {} nodes", kLargestGenerated));
  }
  require_probability("sbm", "the probability within a community", recipe.inner_probability);
  require_probability("sbm", "the probability between communities", recipe.outer_probability);
}

void check(const PlanarRecipe& recipe) {
  require_range("planar", "nodes", recipe.min_nodes, recipe.max_nodes, 1);
}

void check(const TreeRecipe& recipe) {
  require_range("tree", "nodes", recipe.min_nodes, recipe.max_nodes, 1);
}

void check(const LobsterRecipe& recipe) {
  require_range("lobster", "nodes", recipe.min_nodes, recipe.max_nodes, 1);
  if (!(recipe.expected_path > 0) || recipe.expected_path > kLargestGenerated) {
    fail("lobster", fmt::format("the expected path must lie in (0, {}], got {}", kLargestGenerated,
                                recipe.expected_path));
  }
  require_probability("lobster", "the probability of a leg", recipe.leg_probability);
  require_probability("lobster", "the probability of a foot", recipe.foot_probability);
}

}  // namespace equigen::recipes
