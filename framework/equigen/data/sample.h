// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "equigen/crystal/crystal.h"
#include "equigen/graph/graph.h"
#include "equigen/molecule/molecule.h"

namespace equigen {

using Structure = std::variant<Graph, Molecule, Crystal>;

/// One item of a data set or of a generated file: the structure and named numbers that belong to it
/// (a property of the data, or what a sampler notes: "valid_without_correction").
struct Sample {
  Structure structure;
  std::vector<std::pair<std::string, double>> properties;
  /// Of a structure without atoms in place of a row of a file that is none: why it could not be
  /// read.
  std::string fault = {};

  bool operator==(const Sample&) const = default;
};

/// "graph", "molecule" or "crystal".
std::string structure_kind(const Sample& sample);

/// The structure of a sample that must be of this kind. Throws DataError ("sample-structure") that
/// names both kinds.
const Graph& graph_in(const Sample& sample);
const Molecule& molecule_in(const Sample& sample);
const Crystal& crystal_in(const Sample& sample);

/// Value of a property, or `otherwise`.
double property_or(const Sample& sample, const std::string& name, double otherwise);

/// Nodes of a graph, listed atoms of a molecule (implicit hydrogens do not count), or atoms in the
/// cell of a crystal.
std::int64_t node_count(const Sample& sample);

}  // namespace equigen
