// SPDX-License-Identifier: MIT
#include "equigen/data/sample.h"

namespace equigen {

std::string structure_kind(const Sample& sample) {
  return std::holds_alternative<Graph>(sample.structure) ? "graph" : "molecule";
}

double property_or(const Sample& sample, const std::string& name, double otherwise) {
  for (const auto& [key, value] : sample.properties) {
    if (key == name) return value;
  }
  return otherwise;
}

std::int64_t node_count(const Sample& sample) {
  if (const auto* graph = std::get_if<Graph>(&sample.structure)) return graph->node_count;
  return static_cast<std::int64_t>(std::get<Molecule>(sample.structure).atoms.size());
}

}  // namespace equigen
