#pragma once

#include <cstdint>
#include <string>

#include "equigen/config/schema.h"
#include "equigen/data/dataset.h"
#include "equigen/data/split.h"

namespace plugin_name {

/// Small-world graphs: a ring in which each node is joined to its `neighbours` nearest ones, each
/// edge moved to a random end with probability `rewiring` (Watts and Strogatz, "Collective dynamics
/// of 'small-world' networks", Nature 1998).
class PluginNameDataset final : public equigen::Dataset {
 public:
  struct Config {
    std::string name = "plugin_name";
    std::int64_t count = 200;
    std::int64_t min_nodes = 12;
    std::int64_t max_nodes = 20;
    std::int64_t neighbours = 4;
    double rewiring = 0.1;
    std::uint64_t seed = 0;
    equigen::SplitConfig split;
    static void declare(equigen::config::Declaration<Config>& keys);
  };

  /// Throws ConfigError when keys contradict each other.
  PluginNameDataset(Config config, const equigen::DataContext& context);
  equigen::DataSplits load() override;

 private:
  Config config_;
};

}  // namespace plugin_name
