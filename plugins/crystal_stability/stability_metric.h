// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/metrics/metric.h"

namespace equigen::crystal_stability {

/// Stable, unique and novel crystals, by the energies of an interatomic potential that the user
/// has.
class StabilityMetric : public Metric {
 public:
  struct Config {
    std::string potential;
    std::string hull;
    bool relax = true;
    bool relax_cell = true;
    double largest_force = 0.05;
    std::int64_t most_steps = 500;
    double stable_below = 0.0;
    double metastable_below = 0.1;
    static void declare(config::Declaration<Config>& keys);
  };

  explicit StabilityMetric(Config config);

  std::string structure() const override { return "crystal"; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;

 private:
  class RelaxedCrystals;

  Config config_;
  std::shared_ptr<RelaxedCrystals> relaxed_;
};

}  // namespace equigen::crystal_stability
