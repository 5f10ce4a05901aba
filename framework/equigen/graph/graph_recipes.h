// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/base/random.h"
#include "equigen/graph/generators.h"

/// One graph of each recipe; generate_graphs() is the door for others.
namespace equigen::recipes {

/// Throws ConfigError for settings that make no sense.
void check(const CommunityRecipe& recipe);
void check(const GridRecipe& recipe);
void check(const EgoRecipe& recipe);
void check(const CavemanRecipe& recipe);
void check(const ErdosRenyiRecipe& recipe);
void check(const SbmRecipe& recipe);
void check(const PlanarRecipe& recipe);
void check(const TreeRecipe& recipe);
void check(const LobsterRecipe& recipe);

/// Makes one graph. Throws DataError when the recipe's condition (connected, size) is not met in
/// 10,000 trials.
Graph make(const CommunityRecipe& recipe, RandomStream& random);
Graph make(const GridRecipe& recipe, RandomStream& random);
Graph make(const CavemanRecipe& recipe, RandomStream& random);
Graph make(const ErdosRenyiRecipe& recipe, RandomStream& random);
Graph make(const SbmRecipe& recipe, RandomStream& random);
Graph make(const PlanarRecipe& recipe, RandomStream& random);
Graph make(const TreeRecipe& recipe, RandomStream& random);
Graph make(const LobsterRecipe& recipe, RandomStream& random);

/// Returns a uniform integer in [low, high].
std::int32_t drawn_between(RandomStream& random, std::int64_t low, std::int64_t high);

}  // namespace equigen::recipes
