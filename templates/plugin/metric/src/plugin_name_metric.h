#pragma once

#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/metrics/metric.h"

namespace plugin_name {

/// Degree assortativity: the correlation of the degrees at the two ends of an edge (Newman,
/// "Assortative mixing in networks", 2002, equation 4), averaged over the graphs in which it is
/// defined (those with two different degrees at edge ends). Figures: `assortativity` of the
/// generated graphs and `assortativity_error`, its distance from that of the reference.
class PluginNameMetric final : public equigen::Metric {
 public:
  struct Config {
    bool largest_component = false;
    static void declare(equigen::config::Declaration<Config>& keys);
  };

  explicit PluginNameMetric(Config config);
  std::string structure() const override;
  std::vector<equigen::MetricValue> compute(const equigen::MetricInput& input) const override;

 private:
  Config config_;
};

}  // namespace plugin_name
