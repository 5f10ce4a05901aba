// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/data/dataset.h"
#include "equigen/data/split.h"

/// Crystals that need no download (see CRYSTAL_PROTOTYPES.md).
namespace equigen {

/// The textbook crystals in the public domain that Debian's package libavogadro-data installs.
class PublicDomainCrystalDataset final : public Dataset {
 public:
  struct Config {
    std::string name = "public_domain_crystals";
    std::string folder;
    bool primitive = true;
    std::int64_t min_atoms = 1;
    std::int64_t max_atoms = 0;
    std::vector<std::string> elements;
    std::int64_t limit = 0;
    SplitConfig split;
    static void declare(config::Declaration<Config>& keys);
  };
  PublicDomainCrystalDataset(Config config, const DataContext& context);
  /// Throws DataError that names the package when its files are not there.
  DataSplits load() override;

 private:
  Config config_;
  DataContext context_;
};

/// Ionic crystals made by decorating structure types with elements.
class PrototypeCrystalDataset final : public Dataset {
 public:
  struct Config {
    std::string name = "crystal_prototypes";
    std::vector<std::string> prototypes;
    std::vector<std::string> elements;
    std::int64_t max_per_prototype = 400;
    std::int64_t max_atoms = 0;
    std::uint64_t seed = 0;
    std::string reduce = "none";
    std::int64_t limit = 0;
    SplitConfig split;
    static void declare(config::Declaration<Config>& keys);
  };
  PrototypeCrystalDataset(Config config, const DataContext& context);
  DataSplits load() override;

 private:
  Config config_;
  DataContext context_;
};

}  // namespace equigen
