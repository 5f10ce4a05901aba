// SPDX-License-Identifier: MIT
#include "equigen/metrics/metric_samples.h"

#include <fmt/format.h>

#include "equigen/base/error.h"

namespace equigen {

std::vector<Graph> graphs_of(std::span<const Sample> samples) {
  std::vector<Graph> graphs;
  graphs.reserve(samples.size());
  for (const auto& sample : samples) {
    const auto* graph = std::get_if<Graph>(&sample.structure);
    if (!graph) {
      throw DataError("metric-structure",
                      fmt::format("a metric of graphs was given a {}", structure_kind(sample)),
                      "choose metrics for that kind of structure");
    }
    graphs.push_back(*graph);
  }
  return graphs;
}

void require_samples(std::size_t count, std::string_view set) {
  if (count > 0) return;
  throw DataError("metric-empty-set", fmt::format("there are no {} graphs to compare", set));
}

}  // namespace equigen
