// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/metrics/metric.h"

namespace equigen {

class RegistryBuilder;

/// `fcd`: Fréchet ChemNet distance (Preuer et al., J. Chem. Inf. Model. 58, 1736 (2018)) of the
/// valid generated to the reference molecules, and `guacamol_fcd`, exp(-0.2 fcd) as GuacaMol scores
/// it. ChemNet's weights are a file that the user supplies. compute() throws DataError without
/// them, or with fewer than two molecules on a side.
class FrechetChemnetDistance : public Metric {
 public:
  struct Config {
    std::filesystem::path weights;
    static void declare(config::Declaration<Config>& keys);
  };

  explicit FrechetChemnetDistance(const Config& config) : config_(config) {}
  std::string structure() const override { return "molecule"; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;

 private:
  Config config_;
};

/// Adds fcd.
void register_fcd_metric(RegistryBuilder& registry);

}  // namespace equigen
