// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "equigen/crystal/crystal.h"

/// Ionic crystals made by decorating textbook structure types with elements. How is told in
/// data/CRYSTAL_PROTOTYPES.md.
namespace equigen {

struct PrototypeRules {
  std::vector<std::string> prototypes;   ///< names of prototype_names(); empty: all
  std::vector<int> elements;             ///< only crystals of these; empty: any
  std::int64_t max_per_prototype = 400;  ///< chosen at random where there are more; 0: all
  std::uint64_t seed = 0;                ///< of that choice
};

/// "rock_salt", "perovskite", ...
std::vector<std::string> prototype_names();

/// All crystals that the rules allow, primitive cells, named "perovskite/SrTiO3", in the order of
/// prototype_names(), then of atomic numbers. Throws DataError for an unknown name.
std::vector<Crystal> decorated_prototypes(const PrototypeRules& rules);

}  // namespace equigen
