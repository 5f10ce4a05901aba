// SPDX-License-Identifier: MIT
#include "equigen/data/generated_datasets.h"

#include <fmt/format.h>

#include <numeric>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/file_datasets.h"
#include "equigen/data/parsed_cache.h"
#include "equigen/data/sample_filter.h"
#include "equigen/graph/generators.h"
#include "equigen/molecule/enumeration.h"

namespace equigen {
namespace {

/// Calls `visit(name, member, doc)` for each setting.
template <typename Visit>
void for_each_parameter(const Visit& visit) {
  using P = RecipeParameters;
  visit("min_nodes", &P::min_nodes, "community, ego, erdos_renyi, planar, tree, lobster");
  visit("max_nodes", &P::max_nodes, "community, ego, erdos_renyi, planar, tree, lobster");
  visit("communities", &P::communities, "community");
  visit("shared_communities", &P::shared_communities,
        "community: graphs of a size share their communities, as in the published set");
  visit("bridge_probability", &P::bridge_probability, "community");
  visit("inner_probability", &P::inner_probability, "community, sbm");
  visit("outer_probability", &P::outer_probability, "sbm");
  visit("min_communities", &P::min_communities, "sbm");
  visit("max_communities", &P::max_communities, "sbm");
  visit("min_community_nodes", &P::min_community_nodes, "sbm");
  visit("max_community_nodes", &P::max_community_nodes, "sbm");
  visit("min_side", &P::min_side, "grid");
  visit("max_side", &P::max_side, "grid");
  visit("caves", &P::caves, "caveman");
  visit("min_cave_nodes", &P::min_cave_nodes, "caveman");
  visit("max_cave_nodes", &P::max_cave_nodes, "caveman");
  visit("edge_probability", &P::edge_probability, "caveman");
  visit("link_share", &P::link_share, "caveman");
  visit("probability", &P::probability, "erdos_renyi");
  visit("connected", &P::connected, "erdos_renyi");
  visit("radius", &P::radius, "ego");
  visit("shuffle", &P::shuffle, "ego: neighbourhoods at random instead of the first ones");
  visit("file", &P::file, "ego: edge list of the large graph");
  visit("expected_path", &P::expected_path, "lobster");
  visit("leg_probability", &P::leg_probability, "lobster");
  visit("foot_probability", &P::foot_probability, "lobster");
}

/// Puts the given settings into a recipe and finds those that it does not take.
class Settings {
 public:
  explicit Settings(const RecipeParameters& given) : given_(given) {}

  template <typename T, typename Target>
  Settings& put(const char* name, const std::optional<T> RecipeParameters::*member,
                Target& target) {
    accepted_.emplace_back(name);
    if (const auto& value = given_.*member) target = *value;
    return *this;
  }

  void refuse_others(const std::string& recipe) const {
    for_each_parameter([&](const std::string& name, auto member, const char*) {
      if (!(given_.*member)) return;
      if (std::ranges::find(accepted_, name) != accepted_.end()) return;
      throw ConfigError("data-recipe",
                        fmt::format("the recipe {} has no parameter '{}'", recipe, name),
                        "it takes: " + text::join(accepted_, ", "));
    });
  }

 private:
  const RecipeParameters& given_;
  std::vector<std::string> accepted_;
};

using P = RecipeParameters;

template <typename Recipe>
void put_sizes(Settings& settings, Recipe& recipe) {
  settings.put("min_nodes", &P::min_nodes, recipe.min_nodes)
      .put("max_nodes", &P::max_nodes, recipe.max_nodes);
}

void apply(Settings& settings, CommunityRecipe& recipe) {
  put_sizes(settings, recipe);
  settings.put("communities", &P::communities, recipe.communities)
      .put("inner_probability", &P::inner_probability, recipe.inner_probability)
      .put("bridge_probability", &P::bridge_probability, recipe.bridge_probability)
      .put("shared_communities", &P::shared_communities, recipe.shared_communities);
}

void apply(Settings& settings, GridRecipe& recipe) {
  settings.put("min_side", &P::min_side, recipe.min_side)
      .put("max_side", &P::max_side, recipe.max_side);
}

void apply(Settings& settings, EgoRecipe& recipe) {
  put_sizes(settings, recipe);
  settings.put("file", &P::file, recipe.file)
      .put("radius", &P::radius, recipe.radius)
      .put("shuffle", &P::shuffle, recipe.shuffle);
}

void apply(Settings& settings, CavemanRecipe& recipe) {
  settings.put("caves", &P::caves, recipe.caves)
      .put("min_cave_nodes", &P::min_cave_nodes, recipe.min_cave_nodes)
      .put("max_cave_nodes", &P::max_cave_nodes, recipe.max_cave_nodes)
      .put("edge_probability", &P::edge_probability, recipe.edge_probability)
      .put("link_share", &P::link_share, recipe.link_share);
}

void apply(Settings& settings, ErdosRenyiRecipe& recipe) {
  put_sizes(settings, recipe);
  settings.put("probability", &P::probability, recipe.probability)
      .put("connected", &P::connected, recipe.connected);
}

void apply(Settings& settings, SbmRecipe& recipe) {
  settings.put("min_communities", &P::min_communities, recipe.min_communities)
      .put("max_communities", &P::max_communities, recipe.max_communities)
      .put("min_community_nodes", &P::min_community_nodes, recipe.min_community_nodes)
      .put("max_community_nodes", &P::max_community_nodes, recipe.max_community_nodes)
      .put("inner_probability", &P::inner_probability, recipe.inner_probability)
      .put("outer_probability", &P::outer_probability, recipe.outer_probability);
}

void apply(Settings& settings, PlanarRecipe& recipe) {
  put_sizes(settings, recipe);
}

void apply(Settings& settings, TreeRecipe& recipe) {
  put_sizes(settings, recipe);
}

void apply(Settings& settings, LobsterRecipe& recipe) {
  put_sizes(settings, recipe);
  settings.put("expected_path", &P::expected_path, recipe.expected_path)
      .put("leg_probability", &P::leg_probability, recipe.leg_probability)
      .put("foot_probability", &P::foot_probability, recipe.foot_probability);
}

GraphRecipe recipe_of(const std::string& name, const RecipeParameters& parameters) {
  GraphRecipe recipe = default_recipe(name);
  Settings settings(parameters);
  std::visit([&](auto& it) { apply(settings, it); }, recipe);
  settings.refuse_others(name);
  return recipe;
}

SampleFile as_file(std::vector<Sample> samples) {
  SampleFile file;
  file.samples = std::move(samples);
  file.row_count = static_cast<std::int64_t>(file.samples.size());
  file.rows.resize(file.samples.size());
  std::iota(file.rows.begin(), file.rows.end(), std::int64_t{0});
  return file;
}

void require_simple_split(const SplitConfig& split) {
  if (split.method == "fraction" || split.method == "first_fraction") return;
  throw ConfigError("data-split",
                    fmt::format("a data set that is made has no {} to divide it by", split.method),
                    "data.split.method may be fraction or first_fraction");
}

}  // namespace

void RecipeParameters::declare(config::Declaration<RecipeParameters>& keys) {
  keys.doc("What differs from the published settings; each key names the recipes that take it.");
  for_each_parameter(
      [&](const char* name, auto member, const char* doc) { keys.field(name, member, doc); });
}

void GeneratedGraphDataset::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Graphs made by a recipe of the literature.");
  keys.field("name", &Config::name, "what the data set is called; empty: the recipe's name");
  keys.field("recipe", &Config::recipe, "which graphs").choices(graph_recipe_names());
  keys.field("count", &Config::count, "how many graphs, all parts together").at_least(1);
  keys.field("seed", &Config::seed, "of the graphs; independent of the run's seed");
  keys.field("parameters", &Config::parameters, "settings of the recipe");
  keys.field("root", &Config::root, "folder that is searched first for the recipe's file");
  keys.field("split", &Config::split, "how the data set is divided");
}

GeneratedGraphDataset::GeneratedGraphDataset(Config config, const DataContext& context)
    : config_(std::move(config)), context_(context) {
  require_simple_split(config_.split);
  recipe_of(config_.recipe, config_.parameters);
}

DataSplits GeneratedGraphDataset::load() {
  auto parameters = config_.parameters;
  if (parameters.file)
    parameters.file = find_data_file(*parameters.file, config_.root, context_).string();
  auto graphs = generate_graphs(recipe_of(config_.recipe, parameters), config_.count, config_.seed);
  std::vector<Sample> samples;
  for (auto& graph : graphs) samples.push_back({std::move(graph), {}});
  return finish_dataset(config_.name.empty() ? config_.recipe : config_.name,
                        {as_file(std::move(samples)), {}, {}}, config_.split, {}, 0);
}

void EnumeratedMoleculeDataset::Config::declare(config::Declaration<Config>& keys) {
  keys.doc(
      "All molecules of C, N, O and F up to a number of heavy atoms, under valence and simple "
      "strain rules; made, not downloaded.");
  keys.field("name", &Config::name, "what the data set is called");
  keys.field("max_heavy_atoms", &Config::max_heavy_atoms, "of the largest molecules")
      .range(1, kLargestEnumeration);
  keys.field("min_heavy_atoms", &Config::min_heavy_atoms, "of the smallest molecules")
      .range(1, kLargestEnumeration);
  keys.field("elements", &Config::elements, "only molecules of these; empty: C, N, O, F");
  keys.field("limit", &Config::limit, "only the first samples of each part, for trials; 0: all")
      .at_least(0);
  keys.field("split", &Config::split, "how the data set is divided");
}

EnumeratedMoleculeDataset::EnumeratedMoleculeDataset(Config config, const DataContext& context)
    : config_(std::move(config)), context_(context) {
  require_simple_split(config_.split);
  if (config_.min_heavy_atoms > config_.max_heavy_atoms) {
    throw ConfigError("data-size",
                      fmt::format("data.min_heavy_atoms {} is above data.max_heavy_atoms {}",
                                  config_.min_heavy_atoms, config_.max_heavy_atoms));
  }
}

DataSplits EnumeratedMoleculeDataset::load() {
  const auto key = fmt::format("enumerated molecules of {} atoms", config_.max_heavy_atoms);
  auto file = cached(context_.cache, key, [&] {
    std::vector<Sample> samples;
    for (auto& molecule : enumerate_molecules(static_cast<int>(config_.max_heavy_atoms))) {
      samples.push_back({std::move(molecule), {}});
    }
    return as_file(std::move(samples));
  });
  const SampleFilter filter{"molecule", config_.min_heavy_atoms, 0, config_.elements};
  keep_fitting(file, filter, config_.name);
  // What the options leave out of a made set is no fault of its rows.
  file.skipped_count = 0;
  file.skipped.clear();
  return finish_dataset(config_.name, {std::move(file), {}, {}}, config_.split, {}, config_.limit);
}

}  // namespace equigen
