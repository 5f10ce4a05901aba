// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "equigen/metrics/metric.h"
#include "equigen/testing/contract.h"

namespace equigen::testing {

struct MetricContract {
  std::string options = "{}";  ///< the component's keys as YAML, where its defaults do not do
  double tolerance = 1e-9;     ///< relative, between figures that must be equal
};

/// The rules, on random graphs or small molecules as the metric asks for: documented keys, valid
/// defaults, unknown keys; structure; figures (each name one word and once, with a label, finite);
/// deterministic (also on one thread); order (of the samples does not matter); relabelling (of
/// nodes or atoms does not matter); single node; empty sets (a DataError or finite figures, never a
/// crash).
ContractReport check_metric(const Subject<Metric>& subject, const MetricContract& contract);

template <typename Component>
ContractReport metric_contract(const MetricContract& contract = {}) {
  return check_metric(subject_of<Metric, Component>(), contract);
}

/// Throws ContractViolation that lists every broken rule.
template <typename Component>
void require_metric_contract(const MetricContract& contract = {}) {
  metric_contract<Component>(contract).require();
}

}  // namespace equigen::testing
