// SPDX-License-Identifier: MIT
#include "equigen/crystal/fingerprints/site_fingerprint.h"

#include "equigen/base/error.h"

namespace equigen {
namespace {

constexpr std::size_t kLargestCoordination = 24;
constexpr double kThreeQuartersOfPi = 2.356194490192345;

struct Motif {
  const char* name;
  OrderParameter parameter;
};

using Kind = OrderParameterKind;

OrderParameter around(Kind kind, double target_angle, double inverse_width, double fold = 1) {
  return {.kind = kind, .target_angle = target_angle, .inverse_width = inverse_width, .fold = fold};
}

OrderParameter with_poles(Kind kind, double south_width, double equator_width, double fold) {
  return {.kind = kind,
          .fold = fold,
          .south = kThreeQuartersOfPi,
          .south_width = south_width,
          .equator_width = equator_width};
}

OrderParameter steinhardt(Kind kind) {
  return {.kind = kind};
}

std::vector<Motif> motifs_of_few(std::size_t coordination) {
  switch (coordination) {
    case 1:
      return {{"sgl_bd", {}}};
    case 2:
      return {{"L-shaped", around(Kind::bent, 0.5, 15.15)},
              {"water-like", around(Kind::bent, 0.5802777777777778, 13.95)},
              {"bent 120 degrees", around(Kind::bent, 0.666666666667, 13.25)},
              {"bent 150 degrees", around(Kind::bent, 0.833333333333333, 12.45)},
              {"linear", around(Kind::bent, 1, 8.667)}};
    case 3:
      return {{"trigonal planar", around(Kind::tetrahedral, 0.66666666667, 17.5)},
              {"trigonal non-coplanar", around(Kind::tetrahedral, 0.6081734479693927, 18.33, 1.5)},
              {"T-shaped", around(Kind::pyramid, 0.5, 15.5)}};
    case 4:
      return {{"square co-planar", with_poles(Kind::bipyramid, 13.5, 17.7, 1)},
              {"tetrahedral", around(Kind::tetrahedral, 0.6081734479693927, 18.5, 1.5)},
              {"rectangular see-saw-like", with_poles(Kind::see_saw, 11.5, 27, 2)},
              {"see-saw-like", with_poles(Kind::bipyramid, 12.75, 15.75, 1.5)},
              {"trigonal pyramidal", around(Kind::pyramid, 0.5, 15.5, 1.5)}};
    case 5:
      return {{"pentagonal planar", around(Kind::pentagonal_planar, 0.6, 19.333)},
              {"square pyramidal", around(Kind::pyramid, 0.5, 14.9, 2)},
              {"trigonal bipyramidal", with_poles(Kind::bipyramid, 12, 16.6, 1.5)}};
    default:
      return {};
  }
}

std::vector<Motif> motifs_of_many(std::size_t coordination) {
  const Motif q2{"q2", steinhardt(Kind::q2)}, q4{"q4", steinhardt(Kind::q4)},
      q6{"q6", steinhardt(Kind::q6)};
  switch (coordination) {
    case 6:
      return {{"hexagonal planar",
               {.kind = Kind::hexagonal_planar,
                .target_angle = 0.16666667,
                .inverse_width = 25,
                .fold = 1,
                .south = 2.6179938779914944,
                .south_width = 7.5}},
              {"octahedral", with_poles(Kind::bipyramid, 15, 18, 2)},
              {"pentagonal pyramidal", around(Kind::pyramid, 0.5, 13.8, 2.5)}};
    case 7:
      return {{"hexagonal pyramidal", around(Kind::pyramid, 0.5, 12.5, 3)},
              {"pentagonal bipyramidal", with_poles(Kind::bipyramid, 12.5, 14.75, 2.5)}};
    case 8:
      return {{"body-centered cubic",
               {.kind = Kind::body_centred_cubic,
                .south = 2.5261129449194057,
                .south_width = 15,
                .weight = 6}},
              {"hexagonal bipyramidal", with_poles(Kind::bipyramid, 14.1, 13.6, 3)}};
    case 9:
    case 10:
    case 11:
      return {q2, q4, q6};
    case 12:
      return {{"cuboctahedral",
               {.kind = Kind::cuboctahedral,
                .south = 2.792526803190927,
                .south_width = 28.75,
                .weight = 1.8}},
              q2,
              q4,
              q6};
    default:
      return {};
  }
}

/// Index: the coordination number.
const std::array<std::vector<Motif>, kLargestCoordination + 1>& motifs() {
  static const auto table = [] {
    std::array<std::vector<Motif>, kLargestCoordination + 1> all;
    for (std::size_t count = 1; count <= kLargestCoordination; ++count)
      all[count] = count <= 5 ? motifs_of_few(count) : motifs_of_many(count);
    return all;
  }();
  return table;
}

}  // namespace

const std::array<std::string, kSiteFingerprintSize>& site_fingerprint_labels() {
  static const auto labels = [] {
    std::array<std::string, kSiteFingerprintSize> names;
    std::size_t at = 0;
    for (std::size_t count = 1; count <= kLargestCoordination; ++count) {
      const std::string suffix = " CN_" + std::to_string(count);
      names[at++] = "wt" + suffix;
      for (const Motif& motif : motifs()[count]) names[at++] = motif.name + suffix;
    }
    return names;
  }();
  return labels;
}

SiteFingerprint site_fingerprint(const SiteNeighbours& neighbours, NeighbourOrder order) {
  std::array<double, kLargestCoordination + 1> weights{};
  for (const Coordination& coordination : neighbours.coordinations)
    if (coordination.count <= kLargestCoordination)
      weights[coordination.count] = coordination.weight;
  std::vector<Vector3> vectors;
  for (const CrystalNeighbour& neighbour : neighbours.neighbours)
    vectors.push_back(neighbour.vector);
  SiteFingerprint fingerprint{};
  std::size_t at = 0;
  for (std::size_t count = 1; count <= kLargestCoordination; ++count) {
    const auto& listed = motifs()[count];
    fingerprint[at++] = weights[count];
    if (weights[count] != 0 && !listed.empty()) {
      const NeighbourDirections directions(std::span<const Vector3>(vectors).first(count));
      for (std::size_t i = 0; i < listed.size(); ++i)
        fingerprint[at + i] = weights[count] * directions.value(listed[i].parameter, order);
    }
    at += listed.size();
  }
  return fingerprint;
}

std::vector<SiteFingerprint> site_fingerprints(const Crystal& crystal, NeighbourOrder order) {
  if (crystal.size() == 0)
    throw DataError("crystal.no-sites", "a crystal without sites has no fingerprint");
  const VoronoiCells cells(crystal);
  std::vector<SiteFingerprint> fingerprints;
  for (std::size_t site = 0; site < crystal.size(); ++site)
    fingerprints.push_back(site_fingerprint(
        site_neighbours(crystal, site, cells.facets(site), kFingerprintNeighbours), order));
  return fingerprints;
}

SiteFingerprint structure_fingerprint(const Crystal& crystal, NeighbourOrder order) {
  const auto sites = site_fingerprints(crystal, order);
  SiteFingerprint mean{};
  for (const SiteFingerprint& site : sites)
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += site[i];
  for (double& value : mean) value /= static_cast<double>(sites.size());
  return mean;
}

}  // namespace equigen
