// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/metrics/graph/graph_mmd.h"
#include "equigen/metrics/metric.h"
#include "equigen/plugin/registry.h"

namespace equigen {

/// `graph_mmd`: squared maximum mean discrepancies of generated against reference graphs:
/// degree_mmd, clustering_mmd, orbit_mmd, spectral_mmd, and mean_mmd, the mean that papers of the
/// convention print (gdss: degree, clustering, orbit; swingnn: all four), where its parts are asked
/// for.
class GraphMmdMetric final : public Metric {
 public:
  struct Config {
    std::string convention = "gdss";
    std::vector<std::string> statistics{"degree", "clustering", "orbit", "spectral"};
    static void declare(config::Declaration<Config>& keys);
  };

  explicit GraphMmdMetric(const Config& config);
  std::string structure() const override;
  std::vector<MetricValue> compute(const MetricInput& input) const override;

 private:
  MmdConvention convention_;
  std::vector<GraphStatistic> statistics_;
};

/// `graph_uniqueness_novelty`: distinct graphs among the generated, and those that are isomorphic
/// to no training graph: uniqueness, and with a training set novelty and unique_and_novel, in %.
class GraphUniquenessNoveltyMetric final : public Metric {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };

  explicit GraphUniquenessNoveltyMetric(const Config& config);
  std::string structure() const override;
  std::vector<MetricValue> compute(const MetricInput& input) const override;
};

/// `graph_statistics`: connected_share (%), mean_nodes, mean_edges, mean_components and
/// largest_component_share (% of the nodes) of the generated graphs, those of the reference in the
/// note; nodes_distance and edges_distance, the Wasserstein-1 distances of the counts to the
/// reference's.
class GraphStatisticsMetric final : public Metric {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };

  explicit GraphStatisticsMetric(const Config& config);
  std::string structure() const override;
  std::vector<MetricValue> compute(const MetricInput& input) const override;
};

/// Adds the metrics above.
void register_graph_metrics(RegistryBuilder& registry);

}  // namespace equigen
