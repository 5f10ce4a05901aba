// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/data/dataset.h"
#include "equigen/data/split.h"

namespace equigen {

/// Settings of a recipe that differ from the published ones. Each recipe takes some of them (see
/// graph/generators.h).
struct RecipeParameters {
  std::optional<std::int64_t> min_nodes, max_nodes;
  std::optional<std::int64_t> communities, min_communities, max_communities;
  std::optional<std::int64_t> min_community_nodes, max_community_nodes;
  std::optional<std::int64_t> min_side, max_side;
  std::optional<std::int64_t> caves, min_cave_nodes, max_cave_nodes;
  std::optional<std::int64_t> radius;
  std::optional<double> probability, inner_probability, outer_probability, bridge_probability;
  std::optional<double> edge_probability, link_share;
  std::optional<double> expected_path, leg_probability, foot_probability;
  std::optional<bool> shared_communities, connected, shuffle;
  std::optional<std::string> file;
  static void declare(config::Declaration<RecipeParameters>& keys);
};

/// Graphs made by a recipe of the literature.
class GeneratedGraphDataset final : public Dataset {
 public:
  struct Config {
    std::string name;
    std::string recipe = "community";
    std::int64_t count = 200;
    std::uint64_t seed = 0;
    RecipeParameters parameters;
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
