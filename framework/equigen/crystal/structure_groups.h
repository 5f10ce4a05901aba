// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "equigen/crystal/structure_matching.h"

namespace equigen {

inline constexpr std::size_t kNoStructure = std::numeric_limits<std::size_t>::max();

/// Reduces all crystals on all cores; nothing for those that cannot be (no sites, flat lattice).
std::vector<std::optional<PreparedCrystal>> prepare_crystals(std::span<const Crystal> crystals);

/// Groups equal crystals greedily: the first one that is in no group yet represents a new group,
/// and every later one that fits it joins. Returns the index of each crystal's representative (its
/// own index where it is one), kNoStructure for an absent crystal. Only crystals of the same
/// reduced composition, and of the same space group where `space_groups` (one a crystal) is given,
/// are compared. Uses all cores.
std::vector<std::size_t> group_structures(std::span<const std::optional<PreparedCrystal>> crystals,
                                          const MatchTolerances& tolerances,
                                          std::span<const int> space_groups = {});

/// For each crystal the index of the first training crystal that it fits, kNoStructure where there
/// is none or the crystal is absent. Training crystals are reduced only where their composition is
/// asked for. Uses all cores.
std::vector<std::size_t> first_training_match(
    std::span<const std::optional<PreparedCrystal>> crystals, std::span<const Crystal> training,
    const MatchTolerances& tolerances);

}  // namespace equigen
