// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "equigen/crystal/crystal.h"

namespace equigen {

struct StructureRule {
  double least_distance = 0.5;  ///< Å between different atoms of the cell and their images
  double least_volume = 0.1;    ///< Å³
  bool own_images =
      false;  ///< compare an atom with its own images too; the published rule does not
};

struct CompositionRule {
  /// Compositions with more combinations of oxidation states are invalid; 0: no limit. DiffCSP and
  /// FlowMM use kPublishedSearchLimit, CDVAE and CrysBFN none.
  std::int64_t search_limit = 0;
};

inline constexpr std::int64_t kPublishedSearchLimit = 10'000'000;

/// Why the crystal cannot be built ("its volume is 0.02 Å³, below 0.1 Å³") or which two atoms are
/// too close ("atoms 1 and 4 are 0.31 Å apart", counted from 1); nothing for a valid structure.
std::optional<std::string> structure_fault(const Crystal& crystal, const StructureRule& rule = {});

/// Charge neutrality and electronegativity balance as CDVAE computes them with SMACT 2.2.1: all
/// atoms of an element share one oxidation state; a single element and an alloy of metals are
/// always valid; an element of unknown electronegativity makes the first pair it appears in decide.
/// Returns what is wrong ("no charge-neutral oxidation states for OF3"), or nothing. The time is
/// polynomial in the number of elements.
std::optional<std::string> composition_fault(const Composition& composition,
                                             const CompositionRule& rule = {});

struct CrystalVerdict {
  std::optional<std::string> structure_fault;
  std::optional<std::string> composition_fault;

  [[nodiscard]] bool valid() const { return !structure_fault && !composition_fault; }
};

CrystalVerdict crystal_verdict(const Crystal& crystal, const StructureRule& structure = {},
                               const CompositionRule& composition = {});

}  // namespace equigen
