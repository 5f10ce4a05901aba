// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/data/dataset.h"
#include "equigen/data/split.h"
#include "equigen/graph/generators.h"

namespace equigen {

/// A recipe of graphs, chosen in YAML: `recipe: {type: grid, min_side: 5}`.
class RecipeSource {
 public:
  static constexpr std::string_view kind = "graph_recipe";
  using Create = std::shared_ptr<RecipeSource>();
  virtual ~RecipeSource();
  virtual GraphRecipe recipe() const = 0;
};

/// One of the recipes of graph/generators.h.
template <typename Recipe>
class NamedRecipe final : public RecipeSource {
 public:
  using Config = Recipe;
  explicit NamedRecipe(Recipe recipe) : recipe_(std::move(recipe)) {}
  GraphRecipe recipe() const override { return recipe_; }

 private:
  Recipe recipe_;
};

/// Graphs made by a recipe of the literature.
class GeneratedGraphDataset final : public Dataset {
 public:
  struct Config {
    std::string name;
    config::ComponentChoice recipe;
    std::int64_t count = 200;
    std::uint64_t seed = 0;
    std::string root;
    SplitConfig split;
    static void declare(config::Declaration<Config>& keys);
  };
  GeneratedGraphDataset(Config config, const DataContext& context);
  DataSplits load() override;

 private:
  Config config_;
  DataContext context_;
};

/// All small molecules of C, N, O and F, made, not downloaded (see ENUMERATED_MOLECULES.md).
class EnumeratedMoleculeDataset final : public Dataset {
 public:
  struct Config {
    std::string name = "enumerated_molecules";
    std::int64_t max_heavy_atoms = 7;
    std::int64_t min_heavy_atoms = 1;
    std::vector<std::string> elements;
    std::int64_t limit = 0;
    SplitConfig split;
    static void declare(config::Declaration<Config>& keys);
  };
  EnumeratedMoleculeDataset(Config config, const DataContext& context);
  DataSplits load() override;

 private:
  Config config_;
  DataContext context_;
};

}  // namespace equigen
