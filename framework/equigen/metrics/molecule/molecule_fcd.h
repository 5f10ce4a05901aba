// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/metrics/metric.h"

namespace equigen {

class RegistryBuilder;

/// `fcd`: Fréchet ChemNet distance (Preuer et al., J. Chem. Inf. Model. 58, 1736 (2018)) of the
/// valid generated to the reference molecules, and `guacamol_fcd`, exp(-0.2 fcd) as GuacaMol scores
/// it. With `against: training`, as that benchmark does, the first `sample_count` valid generated
/// molecules are compared with as many random ones of the training set instead. ChemNet's weights
/// are a file that the user supplies. compute() throws DataError without them, or with fewer than
/// two molecules on a side.
class FrechetChemnetDistance : public Metric {
 public:
  struct Config {
    std::filesystem::path weights;
    std::string against = "reference";
    std::int64_t sample_count = 10'000;
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
