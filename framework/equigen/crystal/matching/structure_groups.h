// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "equigen/crystal/matching/structure_matching.h"

namespace equigen {

inline constexpr std::size_t kNoStructure = std::numeric_limits<std::size_t>::max();

/// The crystal reduced, or nothing where it cannot be (no sites, flat lattice).
std::optional<PreparedCrystal> prepared_crystal(const Crystal& crystal);

/// Groups equal crystals greedily: the first one that is in no group yet represents a new group,
/// and every later one that fits it joins. Returns the index of each crystal's representative (its
/// own index where it is one), kNoStructure for a null pointer. Only crystals of the same reduced
/// composition, and of the same space group where `space_groups` (one a crystal) is given, are
/// compared. The published uniqueness gives none: crystals that fit may differ in space group.
/// Uses all cores.
std::vector<std::size_t> group_structures(std::span<const PreparedCrystal* const> crystals,
                                          const MatchTolerances& tolerances,
                                          std::span<const int> space_groups = {});

/// A set of crystals in which equal ones are looked for: the training data. They are reduced when
/// their composition is first asked for. Safe to be asked by several threads.
class KnownStructures {
 public:
  /// The crystals must outlive the object.
  explicit KnownStructures(std::vector<const Crystal*> crystals);
  ~KnownStructures();

  /// Index of the first crystal that fits, kNoStructure where there is none.
  [[nodiscard]] std::size_t first_fit(const PreparedCrystal& crystal,
                                      const MatchTolerances& tolerances) const;

  /// first_fit() of each crystal, kNoStructure for a null pointer, on all cores.
  [[nodiscard]] std::vector<std::size_t> first_fits(
      std::span<const PreparedCrystal* const> crystals, const MatchTolerances& tolerances) const;

 private:
  struct Bucket;

  std::vector<const Crystal*> crystals_;
  std::map<Composition, std::unique_ptr<Bucket>> buckets_;
};

}  // namespace equigen
