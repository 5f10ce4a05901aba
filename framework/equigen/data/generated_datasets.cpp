// SPDX-License-Identifier: MIT
#include "equigen/data/generated_datasets.h"

#include <fmt/format.h>

#include "equigen/base/error.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/file_datasets.h"
#include "equigen/data/made_samples.h"
#include "equigen/data/parsed_cache.h"
#include "equigen/data/sample_filter.h"
#include "equigen/molecule/enumeration.h"
#include "equigen/plugin/registry.h"

namespace equigen {

RecipeSource::~RecipeSource() = default;

void GeneratedGraphDataset::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Graphs made by a recipe of the literature.");
  keys.field("name", &Config::name, "what the data set is called; empty: generated_RECIPE");
  keys.field("recipe", &Config::recipe, "which graphs").kind("graph_recipe").required();
  keys.field("count", &Config::count, "how many graphs, all parts together").at_least(1);
  keys.field("seed", &Config::seed, "of the graphs; independent of the run's seed");
  keys.field("root", &Config::root, "folder that is searched first for the recipe's file");
  keys.field("split", &Config::split, "how the data set is divided");
}

GeneratedGraphDataset::GeneratedGraphDataset(Config config, const DataContext& context)
    : config_(std::move(config)), context_(context) {
  require_made_split(config_.split);
}

DataSplits GeneratedGraphDataset::load() {
  auto recipe = Registry::instance().create<RecipeSource>(config_.recipe)->recipe();
  if (auto* ego = std::get_if<EgoRecipe>(&recipe)) {
    ego->file = find_data_file(ego->file.string(), config_.root, context_);
  }
  auto graphs = generate_graphs(recipe, config_.count, config_.seed);
  std::vector<Sample> samples;
  for (auto& graph : graphs) samples.push_back({std::move(graph), {}});
  return finish_dataset(config_.name.empty() ? "generated_" + config_.recipe.type : config_.name,
                        {made_file(std::move(samples)), {}, {}}, config_.split, {}, 0);
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
  require_made_split(config_.split);
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
    return made_file(std::move(samples));
  });
  const SampleFilter filter{"molecule", config_.min_heavy_atoms, 0, config_.elements};
  keep_fitting(file, filter, config_.name);
  // What the options leave out of a made set is no fault of its rows.
  file.skipped_count = 0;
  file.skipped.clear();
  return finish_dataset(config_.name, {std::move(file), {}, {}}, config_.split, {}, config_.limit);
}

}  // namespace equigen
