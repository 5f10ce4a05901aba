// SPDX-License-Identifier: MIT
#include "equigen/testing/metric_contract.h"

#include <cmath>
#include <stdexcept>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/metrics/crystal/crystal_metrics.h"
#include "equigen/metrics/graph/graph_metrics.h"
#include "equigen/metrics/graph/graph_validity.h"
#include "equigen/metrics/molecule/molecule_metrics.h"
#include "equigen/metrics/molecule/molecule_statistics.h"
#include "equigen/testing/example_samples.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

enum class Fault { none, structure, figures, random, order, labels, empty, single };

/// Mean node count, or a metric that breaks one rule.
template <Fault fault>
class FaultyMetric final : public Metric {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys) { keys.doc("Mean number of nodes."); }
  };
  explicit FaultyMetric(Config) {}

  std::string structure() const override { return fault == Fault::structure ? "tree" : "graph"; }

  std::vector<MetricValue> compute(const MetricInput& input) const override {
    if (input.generated.empty() && fault == Fault::empty) throw std::out_of_range("no samples");
    if (input.generated.empty()) throw DataError("faulty-empty", "there are no samples");
    MetricValue figure;
    figure.name = fault == Fault::figures ? "Mean nodes" : "mean_nodes";
    figure.label = "Mean nodes";
    for (const Sample& sample : input.generated)
      figure.value += static_cast<double>(node_count(sample));
    figure.value /= static_cast<double>(input.generated.size());
    const auto& first = std::get<Graph>(input.generated.front().structure);
    if (fault == Fault::random) figure.value += ++calls_;
    if (fault == Fault::order) figure.value = first.node_count;
    if (fault == Fault::labels && !first.edges.empty()) figure.value += first.edges[0].second;
    if (fault == Fault::single) figure.value /= static_cast<double>(first.edges.size());
    return {figure};
  }

 private:
  mutable int calls_ = 0;
};

}  // namespace

TEST_CASE("contract: a sound metric breaks no rule") {
  const ContractReport report = metric_contract<FaultyMetric<Fault::none>>();
  INFO(report.text());
  CHECK(report.violations().empty());
}

TEST_CASE("contract: each fault of a metric breaks its rule") {
  CHECK(metric_contract<FaultyMetric<Fault::structure>>().violates("structure"));
  CHECK(metric_contract<FaultyMetric<Fault::figures>>().violates("figures"));
  CHECK(metric_contract<FaultyMetric<Fault::random>>().violates("deterministic"));
  CHECK(metric_contract<FaultyMetric<Fault::order>>().violates("order"));
  CHECK(metric_contract<FaultyMetric<Fault::labels>>().violates("relabelling"));
  CHECK(metric_contract<FaultyMetric<Fault::empty>>().violates("empty sets"));
  CHECK(metric_contract<FaultyMetric<Fault::single>>().violates("single node"));
}

TEST_CASE("contract: the graph metrics that equigen brings along keep it") {
  require_metric_contract<GraphMmdMetric>();
  require_metric_contract<GraphMmdMetric>({.options = "convention: swingnn"});
  require_metric_contract<GraphUniquenessNoveltyMetric>();
  require_metric_contract<GraphStatisticsMetric>();
  require_metric_contract<PlanarValidity>();
  require_metric_contract<LobsterValidity>();
}

TEST_CASE("contract: the molecule metrics that equigen brings along keep it") {
  require_metric_contract<MoleculeValidity>();
  require_metric_contract<MoleculeUniquenessNovelty>();
  require_metric_contract<NspdkMmd>();
  require_metric_contract<MoleculeStatistics>();
}

TEST_CASE("contract: the crystal metrics that equigen brings along keep it") {
  require_metric_contract<CrystalValidity>();
  require_metric_contract<CrystalCoverage>();
  require_metric_contract<CrystalStatistics>();
  require_metric_contract<CrystalUniquenessNovelty>();
}

TEST_CASE("example samples are well-formed, and renumbering keeps them so") {
  RandomStream random(1, "example-test");
  for (const std::string structure : {"graph", "molecule"}) {
    for (const Sample& sample : example_samples(structure, 40)) {
      CHECK(fault_of(sample).empty());
      const Sample other = relabelled(sample, random);
      CHECK(fault_of(other).empty());
      CHECK(node_count(other) == node_count(sample));
    }
  }
  Sample broken;
  broken.structure = Graph{2, {{0, 2}}};
  CHECK_THAT(fault_of(broken), ContainsSubstring("leaves its 2 nodes"));
}
