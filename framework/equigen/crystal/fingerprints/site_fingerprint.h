// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "equigen/crystal/fingerprints/crystal_neighbours.h"
#include "equigen/crystal/fingerprints/order_parameters.h"

namespace equigen {

inline constexpr std::size_t kSiteFingerprintSize = 61;

/// The weights of the coordination numbers 1 to 24 and, beside each, its motifs' order parameters
/// times that weight: matminer's CrystalNNFingerprint("ops").
using SiteFingerprint = std::array<double, kSiteFingerprintSize>;

/// "wt CN_1", "sgl_bd CN_1", …: matminer's names of the entries.
const std::array<std::string, kSiteFingerprintSize>& site_fingerprint_labels();

SiteFingerprint site_fingerprint(const SiteNeighbours& neighbours,
                                 NeighbourOrder order = NeighbourOrder::as_published);

/// Of every site, with kFingerprintNeighbours. Throws DataError where a Voronoi cell is open, atoms
/// coincide, an element has no radius, or the lattice is flat.
std::vector<SiteFingerprint> site_fingerprints(const Crystal& crystal,
                                               NeighbourOrder order = NeighbourOrder::as_published);

/// The mean over the sites. Throws as site_fingerprints() does.
SiteFingerprint structure_fingerprint(const Crystal& crystal,
                                      NeighbourOrder order = NeighbourOrder::as_published);

}  // namespace equigen
