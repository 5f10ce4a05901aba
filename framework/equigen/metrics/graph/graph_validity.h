// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/graph/block_model.h"
#include "equigen/metrics/metric.h"

namespace equigen {

class RegistryBuilder;

/// Shares of the generated graphs that belong to the family of the data set, in %: `validity`, and
/// with training graphs `valid_unique_novel`: those that are also no repetition of an earlier one
/// and isomorphic to no training graph ("V.U.N.", Martinkus et al. 2022, Vignac et al. 2023), of
/// all generated.
class GraphValidity : public Metric {
 public:
  std::string structure() const override { return "graph"; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;

 protected:
  virtual bool is_valid(const Graph& graph) const = 0;
  /// How it is tested, for MetricValue::protocol.
  virtual std::string test() const = 0;
};

/// `planar_validity`: connected and planar.
class PlanarValidity final : public GraphValidity {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };
  explicit PlanarValidity(const Config&) {}

 protected:
  bool is_valid(const Graph& graph) const override;
  std::string test() const override;
};

/// `tree_validity`: connected and without cycles.
class TreeValidity final : public GraphValidity {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };
  explicit TreeValidity(const Config&) {}

 protected:
  bool is_valid(const Graph& graph) const override;
  std::string test() const override;
};

/// `lobster_validity`: a tree that becomes a path when its leaves are taken off twice.
class LobsterValidity final : public GraphValidity {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };
  explicit LobsterValidity(const Config&) {}

 protected:
  bool is_valid(const Graph& graph) const override;
  std::string test() const override;
};

/// `sbm_validity`: the blocks found in the graph have the sizes and edge shares of SPECTRE's
/// stochastic block model. The published evaluation finds the blocks with graph-tool; here they are
/// found by infer_block_model().
class SbmValidity final : public GraphValidity {
 public:
  struct Config {
    double inner_probability = 0.3;
    double outer_probability = 0.005;
    std::int64_t min_blocks = 2;
    std::int64_t max_blocks = 5;
    std::int64_t min_block_nodes = 20;
    std::int64_t max_block_nodes = 40;
    double threshold = 0.9;
    static void declare(config::Declaration<Config>& keys);
  };
  explicit SbmValidity(const Config& config);

 protected:
  bool is_valid(const Graph& graph) const override;
  std::string test() const override;

 private:
  SbmLimits limits_;
  double threshold_;
};

/// Adds the metrics above.
void register_graph_validity_metrics(RegistryBuilder& registry);

}  // namespace equigen
