// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "equigen/data/sample.h"

namespace equigen {

/// How often each class of a quantity occurs.
struct ClassCounts {
  std::string name;                  ///< "elements", stable
  std::string title;                 ///< "Elements"
  std::string unit;                  ///< what is counted: "atoms"
  std::vector<std::string> classes;  ///< names or ranges, in order
  std::vector<std::int64_t> counts;  ///< beside `classes`
  bool ordered = false;              ///< classes are numbers or ranges
  double mean = 0;                   ///< of numbers; NaN for names
};

/// A named number of the samples, over those that have it with a finite value.
struct PropertySummary {
  std::string name;
  std::int64_t count = 0;
  double minimum = 0;
  double mean = 0;
  double maximum = 0;
  std::vector<double> edges;         ///< of 20 classes of equal width; empty when all are equal
  std::vector<std::int64_t> counts;  ///< one less than edges
};

/// Some samples that are the same graph, molecule or crystal.
struct RepeatedSample {
  std::string text;  ///< SMILES, "12 nodes, 20 edges", or "SrTiO3, 5 atoms"
  std::int64_t count = 0;
};

/// What a set of samples is made of.
struct SampleStatistics {
  std::int64_t count = 0;
  std::int64_t graphs = 0;
  std::int64_t molecules = 0;
  std::int64_t crystals = 0;
  std::int64_t empty = 0;     ///< samples without nodes or atoms
  std::int64_t distinct = 0;  ///< up to isomorphism; molecules by canonical SMILES, crystals by
                              ///< written_identity()
  std::int64_t with_positions = 0;
  std::int64_t without_smiles = 0;       ///< molecules whose valences make no sense, flat crystals
  std::vector<RepeatedSample> repeated;  ///< the ten most frequent ones that occur twice or more
  std::vector<ClassCounts> classes;
  std::vector<PropertySummary> properties;
};

/// Graphs: nodes, edges, degrees. Molecules: listed atoms, bonds, elements, bond types, charges.
/// Crystals: atoms a cell, elements; density (g/cm³), volume an atom (Å³) and lattice parameters
/// (Å, degrees) among the properties. Wide ranges of numbers are put into at most 20 classes.
SampleStatistics describe_samples(std::span<const Sample> samples);

}  // namespace equigen
