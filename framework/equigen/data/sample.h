// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "equigen/graph/graph.h"
#include "equigen/molecule/molecule.h"

namespace equigen {

using Structure = std::variant<Graph, Molecule>;

/// One item of a data set or of a generated file: the structure and named numbers that belong to it
/// (a property of the data, or what a sampler notes: "valid_without_correction").
struct Sample {
  Structure structure;
  std::vector<std::pair<std::string, double>> properties;

  bool operator==(const Sample&) const = default;
};

/// "graph" or "molecule".
std::string structure_kind(const Sample& sample);

/// Value of a property, or `otherwise`.
double property_or(const Sample& sample, const std::string& name, double otherwise);

/// Nodes of a graph, or listed atoms of a molecule (implicit hydrogens do not count).
std::int64_t node_count(const Sample& sample);

}  // namespace equigen
