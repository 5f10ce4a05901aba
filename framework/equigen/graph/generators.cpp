// SPDX-License-Identifier: MIT
#include "equigen/graph/generators.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <type_traits>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/base/random.h"
#include "equigen/base/text.h"
#include "equigen/graph/edge_list.h"
#include "equigen/graph/graph_recipes.h"

namespace equigen {
namespace {

/// Names in the order of the variant's alternatives.
const std::vector<std::string>& names() {
  static const std::vector<std::string> all{"community", "grid",   "ego",  "caveman", "erdos_renyi",
                                            "sbm",       "planar", "tree", "lobster"};
  static_assert(std::variant_size_v<GraphRecipe> == 9);
  return all;
}

template <std::size_t Index = 0>
GraphRecipe recipe_at(std::size_t index) {
  if constexpr (Index + 1 < std::variant_size_v<GraphRecipe>) {
    if (index != Index) return recipe_at<Index + 1>(index);
  }
  return std::variant_alternative_t<Index, GraphRecipe>{};
}

std::vector<Graph> chosen_ego_graphs(const EgoRecipe& recipe, std::int64_t count,
                                     std::uint64_t seed) {
  auto graphs = ego_graphs(read_edge_list(recipe.file).graph, recipe);
  if (static_cast<std::int64_t>(graphs.size()) < count) {
    throw DataError("ego-graphs-too-few",
                    fmt::format("{} has {} neighbourhoods of radius {} with {} to {} nodes, not {}",
                                recipe.file.string(), graphs.size(), recipe.radius,
                                recipe.min_nodes, recipe.max_nodes, count),
                    "ask for fewer graphs, or widen the range of nodes");
  }
  if (recipe.shuffle) {
    RandomStream random(seed, "graph/ego");
    random.shuffle(std::span(graphs));
  }
  graphs.resize(static_cast<std::size_t>(count));
  return graphs;
}

}  // namespace

std::vector<std::string> graph_recipe_names() {
  return names();
}

GraphRecipe default_recipe(const std::string& name) {
  const auto found = std::ranges::find(names(), name);
  if (found == names().end()) {
    throw ConfigError(
        "graph-recipe-unknown",
        fmt::format("there is no graph recipe '{}'{}", name, text::did_you_mean(name, names())),
        fmt::format("the recipes are {}", text::join(names(), ", ")));
  }
  return recipe_at(static_cast<std::size_t>(found - names().begin()));
}

std::vector<Graph> generate_graphs(const GraphRecipe& recipe, std::int64_t count,
                                   std::uint64_t seed) {
  if (count < 0) {
    throw ConfigError("graph-recipe-count", fmt::format("cannot make {} graphs", count));
  }
  std::visit([](const auto& chosen) { recipes::check(chosen); }, recipe);
  if (const auto* ego = std::get_if<EgoRecipe>(&recipe))
    return chosen_ego_graphs(*ego, count, seed);
  const std::string purpose = "graph/" + names()[recipe.index()];
  std::vector<Graph> graphs(static_cast<std::size_t>(count));
  parallel_for(count, [&](std::int64_t k) {
    RandomStream random(seed, purpose, static_cast<std::uint64_t>(k));
    graphs[static_cast<std::size_t>(k)] = std::visit(
        [&](const auto& chosen) -> Graph {
          if constexpr (std::is_same_v<std::decay_t<decltype(chosen)>, EgoRecipe>) {
            return {};  // not reached: ego graphs are cut from a file above
          } else {
            return recipes::make(chosen, random);
          }
        },
        recipe);
  });
  return graphs;
}

}  // namespace equigen
