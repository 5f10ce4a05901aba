// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "catch.h"
#include "crystal/golden_crystals.h"
#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/crystal/fingerprints/composition_fingerprint.h"
#include "equigen/crystal/fingerprints/crystal_neighbours.h"
#include "equigen/crystal/fingerprints/order_parameters.h"
#include "equigen/crystal/fingerprints/site_fingerprint.h"
#include "equigen/crystal/fingerprints/voronoi_facets.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

using NeighbourKey = std::tuple<std::size_t, std::size_t, int, int, int>;  // site, atom, cell

GoldenTensors golden() {
  return read_golden_tensors(golden_folder("crystal_metrics") / "fingerprints.safetensors");
}

/// Rows of "voronoi" or "neighbours" by site, neighbour and cell.
std::map<NeighbourKey, std::vector<double>> rows_by_neighbour(const GoldenTensor& table) {
  std::map<NeighbourKey, std::vector<double>> rows;
  const auto width = static_cast<std::size_t>(table.shape.at(1));
  for (std::size_t at = 0; at + width <= table.values.size(); at += width) {
    const std::vector<double> row(table.values.begin() + static_cast<std::ptrdiff_t>(at),
                                  table.values.begin() + static_cast<std::ptrdiff_t>(at + width));
    rows[{static_cast<std::size_t>(row[0]), static_cast<std::size_t>(row[1]),
          static_cast<int>(row[2]), static_cast<int>(row[3]), static_cast<int>(row[4])}] = row;
  }
  return rows;
}

template <typename Neighbour>
NeighbourKey key_of(std::size_t site, const Neighbour& n) {
  return {site, n.atom, n.cell[0], n.cell[1], n.cell[2]};
}

double distance_to_rounding_edge(const SiteNeighbours& site) {
  double nearest = 1;
  for (const CrystalNeighbour& neighbour : site.neighbours) {
    const double thousandths = neighbour.exact_weight * 1000;
    nearest = std::min(nearest, std::abs(thousandths - std::floor(thousandths) - 0.5) / 1000);
  }
  return nearest;
}

/// True when two neighbours of the first eight have the same weight but for the last bits.
bool has_tied_weights(const SiteNeighbours& site) {
  for (std::size_t i = 1; i < site.neighbours.size(); ++i)
    if (std::abs(site.neighbours[i].exact_weight - site.neighbours[i - 1].exact_weight) < 1e-9)
      return true;
  return false;
}

/// What of one site differs from the stored fingerprint.
struct SiteDeviation {
  double beside_bcc = 0;
  double bcc = 0;
};

SiteDeviation deviation(const SiteFingerprint& found, const GoldenTensor& stored,
                        std::size_t site) {
  static const std::size_t bcc = static_cast<std::size_t>(
      std::ranges::find(site_fingerprint_labels(), "body-centered cubic CN_8") -
      site_fingerprint_labels().begin());
  SiteDeviation result;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double gap = std::abs(found[i] - stored.values.at(site * found.size() + i));
    double& worst = i == bcc ? result.bcc : result.beside_bcc;
    worst = std::max(worst, gap);
  }
  return result;
}

Crystal rock_salt() {
  return {
      .lattice = Lattice({Vector3{0, 2.82, 2.82}, Vector3{2.82, 0, 2.82}, Vector3{2.82, 2.82, 0}}),
      .fractional_coordinates = {{0, 0, 0}, {.5, .5, .5}},
      .atomic_numbers = {11, 17},
      .name = {}};
}

std::size_t label(const std::string& name) {
  return static_cast<std::size_t>(std::ranges::find(site_fingerprint_labels(), name) -
                                  site_fingerprint_labels().begin());
}

}  // namespace

TEST_CASE("the fingerprint of eight neighbours can be had in any order of theirs", "[crystal]") {
  RandomStream random(3, "order of neighbours");
  std::vector<Vector3> corners;
  for (int corner = 0; corner < 8; ++corner)
    corners.push_back({(corner & 1 ? 1 : -1) + 0.2 * random.normal(),
                       (corner & 2 ? 1 : -1) + 0.2 * random.normal(),
                       (corner & 4 ? 1 : -1) + 0.2 * random.normal()});
  const OrderParameter cubic{.kind = OrderParameterKind::body_centred_cubic,
                             .south = 2.5261129449194057,
                             .south_width = 15,
                             .weight = 6};
  const auto value = [&](NeighbourOrder order) {
    return NeighbourDirections(corners).value(cubic, order);
  };
  const double published = value(NeighbourOrder::as_published);
  const double independent = value(NeighbourOrder::independent);
  std::ranges::reverse(corners);
  const double reversed = value(NeighbourOrder::as_published);
  CHECK(reversed != Approx(published).margin(1e-6));
  CHECK(independent == Approx((published + reversed) / 2));
  std::ranges::rotate(corners, corners.begin() + 3);
  CHECK(value(NeighbourOrder::independent) == Approx(independent).epsilon(1e-12));
}

TEST_CASE("golden.crystal_metrics.voronoi_facets", "[crystal]") {
  const auto tensors = golden();
  for (const std::string& prefix : golden_cases(tensors, "voronoi")) {
    const Crystal crystal = golden_crystal(tensors, prefix);
    auto stored = rows_by_neighbour(tensors.at(prefix + "voronoi"));
    const VoronoiCells cells(crystal);
    for (std::size_t site = 0; site < crystal.size(); ++site)
      for (const VoronoiFacet& facet : cells.facets(site)) {
        INFO("crystal " << prefix << " site " << site << " atom " << facet.atom);
        const auto row = stored.find(key_of(site, facet));
        if (row == stored.end()) {
          CHECK(facet.solid_angle < 1e-7);
          continue;
        }
        CHECK(facet.solid_angle == Approx(row->second[6]).margin(1e-7));
        CHECK(facet.area == Approx(row->second[7]).margin(1e-6));
        CHECK(facet.distance == Approx(row->second[8]).margin(1e-9));
        stored.erase(row);
      }
    for (const auto& [key, row] : stored) CHECK(row[6] < 1e-7);
  }
}

TEST_CASE("golden.crystal_metrics.site_fingerprints", "[crystal]") {
  const auto tensors = golden();
  const auto cases = golden_cases(tensors, "site_fp");
  REQUIRE_FALSE(cases.empty());
  std::size_t sites = 0, at_rounding_edge = 0, tied_bcc = 0;
  for (const std::string& prefix : cases) {
    const Crystal crystal = golden_crystal(tensors, prefix);
    const VoronoiCells cells(crystal);
    const auto stored = rows_by_neighbour(tensors.at(prefix + "neighbours"));
    for (std::size_t site = 0; site < crystal.size(); ++site, ++sites) {
      INFO("crystal " << prefix << " site " << site);
      const auto neighbours =
          site_neighbours(crystal, site, cells.facets(site), kFingerprintNeighbours);
      if (distance_to_rounding_edge(neighbours) < 1e-9) {
        ++at_rounding_edge;
        continue;
      }
      for (const CrystalNeighbour& neighbour : neighbours.neighbours) {
        const auto row = stored.find(key_of(site, neighbour));
        REQUIRE(row != stored.end());
        CHECK(neighbour.weight == Approx(row->second[5]).margin(1e-12));
      }
      std::vector<double> weights(25, 0);
      for (const Coordination& coordination : neighbours.coordinations)
        if (coordination.count < 25) weights[coordination.count] = coordination.weight;
      for (std::size_t count = 0; count < 25; ++count)
        CHECK(weights[count] ==
              Approx(tensors.at(prefix + "cn_weights").values.at(site * 25 + count)).margin(1e-9));
      const SiteDeviation gap =
          deviation(site_fingerprint(neighbours), tensors.at(prefix + "site_fp"), site);
      CHECK(gap.beside_bcc < 1e-6);
      if (gap.bcc >= 1e-6) {
        ++tied_bcc;
        CHECK(has_tied_weights(neighbours));
        CHECK(gap.bcc < 0.1);
      }
    }
  }
  INFO(sites << " sites, " << at_rounding_edge << " at a rounding edge, " << tied_bcc
             << " bcc entries with ties");
  CHECK(at_rounding_edge * 50 <= sites);
  CHECK(tied_bcc * 10 <= sites);
}

TEST_CASE("golden.crystal_metrics.structure_fingerprints", "[crystal]") {
  const auto tensors = golden();
  const auto cases = golden_cases(tensors, "struct_fp");
  std::size_t exact = 0;
  const std::size_t bcc = label("body-centered cubic CN_8");
  for (const std::string& prefix : cases) {
    INFO("crystal " << prefix);
    const auto found = structure_fingerprint(golden_crystal(tensors, prefix));
    const auto& stored = tensors.at(prefix + "struct_fp").values;
    double gap = 0;
    for (std::size_t i = 0; i < found.size(); ++i)
      if (i != bcc) gap = std::max(gap, std::abs(found[i] - stored.at(i)));
    exact += gap < 1e-6;
  }
  INFO(exact << " of " << cases.size());
  CHECK((cases.size() - exact) * 10 <= cases.size());
}

TEST_CASE("golden.crystal_metrics.composition_fingerprints", "[crystal]") {
  const auto tensors = golden();
  for (const std::string& prefix : golden_cases(tensors, "comp_fp")) {
    const Crystal crystal = golden_crystal(tensors, prefix);
    const auto found = composition_fingerprint(reduced(composition(crystal)));
    const auto scaled = scaled_composition_fingerprint(found);
    INFO("crystal " << prefix);
    for (std::size_t i = 0; i < found.size(); ++i) {
      CHECK(found[i] == Approx(tensors.at(prefix + "comp_fp").values.at(i)).margin(1e-9));
      CHECK(scaled[i] == Approx(tensors.at(prefix + "comp_fp_scaled").values.at(i)).margin(1e-9));
    }
    CHECK(density(crystal) == Approx(tensors.at(prefix + "density").values.at(0)).epsilon(1e-6));
  }
}

TEST_CASE("every entry of the fingerprint has a name", "[crystal]") {
  CHECK(site_fingerprint_labels().front() == "wt CN_1");
  CHECK(site_fingerprint_labels().back() == "wt CN_24");
  CHECK(std::ranges::none_of(site_fingerprint_labels(), &std::string::empty));
}

TEST_CASE("the ions of rock salt are octahedral", "[crystal]") {
  const auto fingerprint = structure_fingerprint(rock_salt());
  CHECK(fingerprint[label("wt CN_6")] > 0.9);
  CHECK(fingerprint[label("octahedral CN_6")] ==
        Approx(fingerprint[label("wt CN_6")]).epsilon(1e-6));
}

TEST_CASE("Voronoi facets cover the sphere and the cell's volume", "[crystal]") {
  const Crystal crystal = supercell(rock_salt(), {1, 2, 1});
  const VoronoiCells cells(crystal);
  double volume = 0;
  for (std::size_t site = 0; site < crystal.size(); ++site) {
    double angle = 0;
    for (const VoronoiFacet& facet : cells.facets(site)) {
      angle += facet.solid_angle;
      volume += facet.area * facet.distance / 6;
    }
    CHECK(angle == Approx(4 * std::acos(-1.0)).epsilon(1e-9));
  }
  CHECK(volume == Approx(crystal.lattice.volume()).epsilon(1e-9));
}

TEST_CASE("crystals without a fingerprint say why", "[crystal]") {
  CHECK_THROWS_AS(structure_fingerprint(Crystal{}), DataError);
  Crystal twice = rock_salt();
  twice.fractional_coordinates[1] = twice.fractional_coordinates[0];
  CHECK_THROWS_AS(structure_fingerprint(twice), DataError);
  Crystal nowhere = rock_salt();
  nowhere.fractional_coordinates[1][0] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(structure_fingerprint(nowhere), DataError);
  Crystal needle = rock_salt();
  needle.lattice = Lattice::from_parameters({{0.02, 0.02, 5000}, {90, 90, 90}});
  CHECK_THROWS_AS(structure_fingerprint(needle), DataError);
  CHECK_THROWS_AS(composition_fingerprint({}), DataError);
}
