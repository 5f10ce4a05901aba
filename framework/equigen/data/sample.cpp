// SPDX-License-Identifier: MIT
#include "equigen/data/sample.h"

#include <fmt/format.h>

#include <array>

#include "equigen/base/error.h"

namespace equigen {
namespace {

template <typename T>
const T& structure_of(const Sample& sample, const char* wanted) {
  if (const T* structure = std::get_if<T>(&sample.structure)) return *structure;
  throw DataError(
      "sample-structure",
      fmt::format("a {} is needed, and the sample is a {}", wanted, structure_kind(sample)),
      "give samples of the kind that the model, metric or format is made for");
}

}  // namespace

std::string structure_kind(const Sample& sample) {
  static constexpr std::array kNames{"graph", "molecule", "crystal"};
  static_assert(kNames.size() == std::variant_size_v<Structure>);
  return kNames.at(sample.structure.index());
}

const Graph& graph_in(const Sample& sample) {
  return structure_of<Graph>(sample, "graph");
}

const Molecule& molecule_in(const Sample& sample) {
  return structure_of<Molecule>(sample, "molecule");
}

const Crystal& crystal_in(const Sample& sample) {
  return structure_of<Crystal>(sample, "crystal");
}

double property_or(const Sample& sample, const std::string& name, double otherwise) {
  for (const auto& [key, value] : sample.properties) {
    if (key == name) return value;
  }
  return otherwise;
}

std::int64_t node_count(const Sample& sample) {
  if (const auto* graph = std::get_if<Graph>(&sample.structure)) return graph->node_count;
  if (const auto* crystal = std::get_if<Crystal>(&sample.structure))
    return static_cast<std::int64_t>(crystal->size());
  return static_cast<std::int64_t>(molecule_in(sample).atoms.size());
}

}  // namespace equigen
