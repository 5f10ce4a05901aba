// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "equigen/data/sample.h"

namespace equigen::report {

/// Shares of one quantity over the same classes in two sets of samples.
struct Distribution {
  std::string name;                  ///< "degree", stable
  std::string title;                 ///< "Degree of nodes"
  std::string x_label;               ///< "degree"
  std::vector<std::string> classes;  ///< names of the classes; empty where `edges` bound them
  std::vector<double> edges;         ///< one more than there are classes
  std::vector<double> generated;     ///< shares, sum 1 (or empty: no samples)
  std::vector<double> reference;
  double generated_mean = 0;  ///< of the quantity; NaN for names
  double reference_mean = 0;

  /// Sum over the classes of the smaller share: 1 for equal distributions, 0 for disjoint ones;
  /// NaN when one of the sets is empty.
  double overlap() const;
};

/// Graphs: nodes, edges, degree, clustering, connected components. Molecules: heavy atoms,
/// elements, bond orders, independent rings, neighbours of an atom. Samples without atoms or nodes
/// are left out. Both sets must hold the same kind of structure.
std::vector<Distribution> compare_distributions(std::span<const Sample> generated,
                                                std::span<const Sample> reference);

nlohmann::json to_json(const Distribution& distribution);

}  // namespace equigen::report
