// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "equigen/crystal/fingerprints/composition_fingerprint.h"
#include "equigen/crystal/fingerprints/site_fingerprint.h"
#include "equigen/metrics/distances/nearest_points.h"

namespace equigen {

struct CrystalFingerprints {
  SiteFingerprint structure{};           ///< mean over the sites
  CompositionFingerprint composition{};  ///< scaled
};

/// Throws as structure_fingerprint() and composition_fingerprint() do.
CrystalFingerprints crystal_fingerprints(const Crystal& crystal);

/// Distances up to which a crystal counts as covered.
struct CoverageCutoffs {
  double structure = 0.4;
  double composition = 10;

  bool operator==(const CoverageCutoffs&) const = default;
};

/// The published cut-offs: 0.2 and 4 for perov_5 and carbon_24, 0.4 and 10 for all others (mp_20).
CoverageCutoffs published_cutoffs(std::string_view dataset);

/// How near a set comes to one crystal, in each space by itself.
struct NearestCrystals {
  std::size_t structure_index = 0;    ///< in the other set
  std::size_t composition_index = 0;  ///< in the other set
  double structure_distance = 0;
  double composition_distance = 0;
};

/// One direction of the coverage: from each crystal of one set to the other set.
struct Reach {
  /// One a crystal; nothing where it has no fingerprints.
  std::vector<std::optional<NearestCrystals>> nearest;
  double covered = 0;              ///< both distances within the cut-offs, of all crystals
  double structure_covered = 0;    ///< the structure distance alone
  double composition_covered = 0;  ///< the composition distance alone
  double mean_structure_distance = 0;
  double mean_composition_distance = 0;
};

/// Coverage as CDVAE defines it (Xie et al. 2022). `precision` goes from the generated crystals to
/// the reference and counts those without fingerprints as not covered; `recall` the other way.
struct Coverage {
  Reach recall;
  Reach precision;
};

/// Throws DataError when either set has no crystal with fingerprints.
Coverage crystal_coverage(std::span<const std::optional<CrystalFingerprints>> generated,
                          std::span<const std::optional<CrystalFingerprints>> reference,
                          const CoverageCutoffs& cutoffs);

/// Mean pairwise distances.
struct CrystalDiversity {
  double structure = 0;
  double composition = 0;
};

CrystalDiversity crystal_diversity(std::span<const CrystalFingerprints> crystals);

}  // namespace equigen
