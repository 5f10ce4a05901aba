// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "equigen/crystal/fingerprints/voronoi_facets.h"

namespace equigen {

/// How the solid angles of Voronoi facets become weights of neighbours (Pan et al., Inorg. Chem. 60
/// (2021) 1590, "CrystalNN").
struct NeighbourRule {
  bool porous_adjustment = true;        ///< weight × solid angle / area
  double electronegativity_weight = 3;  ///< weight × (1 + this·√(|ΔX|/3.3)); 0: not used
  bool distance_cutoff = true;  ///< fades out from 0.5 to 1 Å beyond the sum of covalent radii

  bool operator==(const NeighbourRule&) const = default;
};

/// What structure fingerprints use.
inline constexpr NeighbourRule kFingerprintNeighbours{};
/// What the graphs of CDVAE's encoder use.
inline constexpr NeighbourRule kGraphNeighbours{
    .porous_adjustment = false, .electronegativity_weight = 0, .distance_cutoff = false};

struct CrystalNeighbour {
  std::size_t atom = 0;
  std::array<int, 3> cell{};  ///< of the neighbour, as in VoronoiFacet
  Vector3 vector{};           ///< Å, from the site
  double distance = 0;        ///< Å
  double weight = 0;          ///< in (0, 1], rounded to three decimals
  double exact_weight = 0;    ///< before rounding
};

/// The first `count` neighbours are the site's coordination shell with this weight.
struct Coordination {
  std::size_t count = 0;
  double weight = 0;
};

struct SiteNeighbours {
  std::vector<CrystalNeighbour> neighbours;  ///< by descending exact weight
  std::vector<Coordination> coordinations;   ///< by ascending count; 0 only where it has a weight

  /// The shell of the largest weight (the first on ties).
  [[nodiscard]] std::span<const CrystalNeighbour> shell() const;
};

/// Neighbours of a site, of its Voronoi facets. Throws DataError where an element of the crystal
/// has no radius and the rule needs one.
SiteNeighbours site_neighbours(const Crystal& crystal, std::size_t site,
                               std::span<const VoronoiFacet> facets, const NeighbourRule& rule);

}  // namespace equigen
