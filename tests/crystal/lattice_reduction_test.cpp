// SPDX-License-Identifier: MIT
#include "equigen/crystal/lattice_reduction.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "catch.h"
#include "crystal/golden_crystals.h"
#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/crystal/matching/primitive_cell.h"
#include "equigen/crystal/minimum_image.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

GoldenTensors golden(const std::string& file) {
  return read_golden_tensors(golden_folder("crystal_metrics") / file);
}

/// Largest difference of lengths (relative) and of angles (degrees); an angle may be stored as 180°
/// minus itself where it is within a degree of 90, and then `variants` counts one.
double parameter_gap(const LatticeParameters& a, const std::vector<double>& stored,
                     int* variants = nullptr) {
  double gap = 0;
  bool variant = false;
  for (std::size_t i = 0; i < 3; ++i) {
    gap = std::max(gap, std::abs(a.lengths[i] / stored[i] - 1));
    double angle_gap = std::abs(a.angles[i] - stored[3 + i]);
    const double mirrored = std::abs(180 - a.angles[i] - stored[3 + i]);
    if (variants && angle_gap > 1e-4 && std::abs(a.angles[i] - 90) < 1 && mirrored < angle_gap) {
      variant = true;
      angle_gap = mirrored;
    }
    gap = std::max(gap, angle_gap);
  }
  if (variant) ++*variants;
  return gap;
}

double largest_gap(const Matrix3& a, const Matrix3& b) {
  double gap = 0;
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t axis = 0; axis < 3; ++axis)
      gap = std::max(gap, std::abs(a[row][axis] - b[row][axis]));
  return gap;
}

Lattice random_lattice(RandomStream& random) {
  Matrix3 vectors{};
  for (auto& row : vectors)
    for (double& entry : row) entry = 8 * random.uniform() - 4;
  return Lattice(vectors);
}

/// Tries all images within `reach` cells of the given lattice.
double searched_distance(const Lattice& lattice, const Vector3& from, const Vector3& to,
                         int reach) {
  double best = std::numeric_limits<double>::infinity();
  for (int i = -reach; i <= reach; ++i)
    for (int j = -reach; j <= reach; ++j)
      for (int k = -reach; k <= reach; ++k)
        best = std::min(best, norm(lattice.to_cartesian({to[0] - from[0] + i, to[1] - from[1] + j,
                                                         to[2] - from[2] + k})));
  return best;
}

}  // namespace

TEST_CASE("golden.crystal_metrics.lll_lattices", "[crystal]") {
  const auto tensors = golden("niggli_primitive.safetensors");
  const auto cases = golden_cases(tensors, "lll_matrix");
  REQUIRE_FALSE(cases.empty());
  std::size_t ties = 0;
  for (const std::string& prefix : cases) {
    const Matrix3 stored = golden_matrix(tensors.at(prefix + "lll_matrix"));
    const Matrix3 found = lll_reduced(golden_crystal(tensors, prefix).lattice).lattice.vectors();
    INFO("case " << prefix);
    if (largest_gap(found, stored) < 1e-8) continue;
    // A coefficient of one half met on the way is rounded by the last bit; either way is reduced.
    for (std::size_t row = 0; row < 3; ++row) CHECK(norm(found[row]) == Approx(norm(stored[row])));
    ++ties;
  }
  INFO(ties << " of " << cases.size() << " lattices reduce in two ways");
  CHECK(ties * 10 <= cases.size());
}

TEST_CASE("golden.crystal_metrics.niggli_cells", "[crystal]") {
  const auto tensors = golden("niggli_primitive.safetensors");
  const auto cases = golden_cases(tensors, "niggli_params");
  REQUIRE_FALSE(cases.empty());
  int variants = 0;
  for (const std::string& prefix : cases) {
    const Lattice given = golden_crystal(tensors, prefix).lattice;
    const ReducedLattice found = niggli_reduced(given);
    INFO("case " << prefix);
    CHECK(std::abs(determinant(found.transformation)) == 1);
    CHECK(found.lattice.determinant() == Approx(given.volume()));
    CHECK(parameter_gap(found.lattice.parameters(), tensors.at(prefix + "niggli_params").values,
                        &variants) < 1e-4);
  }
  INFO(variants << " of " << cases.size()
                << " stored cells hold the other variant of an angle near 90°");
  CHECK(variants * 5 <= static_cast<int>(cases.size()));
}

TEST_CASE("golden.crystal_metrics.primitive_cells", "[crystal]") {
  const auto tensors = golden("niggli_primitive.safetensors");
  const auto cases = golden_cases(tensors, "prim_nsites");
  REQUIRE_FALSE(cases.empty());
  int variants = 0;
  for (const std::string& prefix : cases) {
    const Crystal given = golden_crystal(tensors, prefix);
    const Crystal direct = primitive_cell(given);
    const Crystal after_niggli = primitive_cell(niggli_reduced(given));
    INFO("case " << prefix);
    CHECK(direct.size() == static_cast<std::size_t>(tensors.at(prefix + "prim_nsites").integer(0)));
    CHECK(after_niggli.size() ==
          static_cast<std::size_t>(tensors.at(prefix + "niggli_prim_nsites").integer(0)));
    CHECK(parameter_gap(direct.lattice.parameters(), tensors.at(prefix + "prim_params").values,
                        &variants) < 1e-3);
    CHECK(parameter_gap(after_niggli.lattice.parameters(),
                        tensors.at(prefix + "niggli_prim_params").values, &variants) < 1e-3);
  }
  INFO(variants << " of " << 2 * cases.size() << " stored cells hold the other variant");
  CHECK(variants * 5 <= static_cast<int>(2 * cases.size()));
}

TEST_CASE("golden.crystal_metrics.shortest_distances", "[crystal]") {
  const auto tensors = golden("structure_validity.safetensors");
  const auto crystals = golden_crystals(tensors);
  for (std::size_t i = 0; i < crystals.size(); ++i) {
    if (crystals[i].size() < 2 || crystals[i].lattice.volume() < 1e-6) continue;
    const MinimumImages images(crystals[i].lattice);
    double shortest = std::numeric_limits<double>::infinity();
    for (std::size_t a = 0; a < crystals[i].size(); ++a)
      for (std::size_t b = 0; b < a; ++b)
        shortest = std::min(shortest, images.distance(crystals[i].fractional_coordinates[a],
                                                      crystals[i].fractional_coordinates[b]));
    INFO("case " << i);
    CHECK(shortest == Approx(tensors.at("min_distance_excl_self").values.at(i)).margin(1e-6));
  }
}

TEST_CASE("minimum images are those of an exhaustive search", "[crystal]") {
  RandomStream random(3, "minimum image");
  for (int round = 0; round < 200; ++round) {
    const Lattice lattice = random_lattice(random);
    if (lattice.volume() < 5) continue;
    const Vector3 from{random.uniform(), random.uniform(), random.uniform()};
    const Vector3 to{3 * random.uniform(), random.uniform(), -random.uniform()};
    CHECK(periodic_distance(lattice, from, to) ==
          Approx(searched_distance(lattice, from, to, 9)).margin(1e-9));
  }
}

TEST_CASE("the textbook Niggli cell has angles all acute or none", "[crystal]") {
  RandomStream random(4, "niggli");
  for (int round = 0; round < 500; ++round) {
    const Lattice lattice = random_lattice(random);
    if (lattice.volume() < 1) continue;
    const Lattice found = niggli_reduced(lattice, NiggliRule::textbook).lattice;
    const LatticeParameters parameters = found.parameters();
    CHECK(found.volume() == Approx(lattice.volume()));
    CHECK(parameters.lengths[0] <= parameters.lengths[1] * (1 + 1e-4));
    CHECK(parameters.lengths[1] <= parameters.lengths[2] * (1 + 1e-4));
    const auto acute = std::ranges::count_if(parameters.angles, [](double a) { return a < 89.99; });
    const auto obtuse =
        std::ranges::count_if(parameters.angles, [](double a) { return a > 90.01; });
    CHECK((acute == 0 || obtuse == 0));
  }
}

TEST_CASE("reduction keeps the distances between sites", "[crystal]") {
  RandomStream random(5, "niggli sites");
  for (int round = 0; round < 50; ++round) {
    Crystal crystal{.lattice = random_lattice(random),
                    .fractional_coordinates = {},
                    .atomic_numbers = {8, 22, 38},
                    .name = {}};
    if (crystal.lattice.volume() < 5) continue;
    for (int site = 0; site < 3; ++site)
      crystal.fractional_coordinates.push_back(
          {random.uniform(), random.uniform(), random.uniform()});
    const Crystal reduced = niggli_reduced(crystal);
    for (std::size_t a = 0; a < 3; ++a)
      for (std::size_t b = 0; b < a; ++b)
        CHECK(periodic_distance(crystal.lattice, crystal.fractional_coordinates[a],
                                crystal.fractional_coordinates[b]) ==
              Approx(periodic_distance(reduced.lattice, reduced.fractional_coordinates[a],
                                       reduced.fractional_coordinates[b])));
  }
}

TEST_CASE("a supercell reduces to the cell it was made of", "[crystal]") {
  const Crystal perovskite{
      .lattice = Lattice::from_parameters({{3.9, 3.9, 3.9}, {90, 90, 90}}),
      .fractional_coordinates = {{0, 0, 0}, {.5, .5, .5}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}},
      .atomic_numbers = {38, 22, 8, 8, 8},
      .name = "SrTiO3"};
  for (const auto& repeats : {std::array{1, 1, 1}, std::array{1, 2, 1}, std::array{2, 2, 3}}) {
    const Crystal smaller = primitive_cell(supercell(perovskite, repeats));
    CHECK(smaller.size() == 5);
    CHECK(smaller.lattice.volume() == Approx(perovskite.lattice.volume()));
  }
}

TEST_CASE("flat and infinite lattices are refused", "[crystal]") {
  const Lattice flat({Vector3{1, 0, 0}, Vector3{2, 0, 0}, Vector3{0, 0, 1}});
  CHECK_THROWS_AS(lll_reduced(flat), DataError);
  CHECK_THROWS_AS(niggli_reduced(flat), DataError);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(lll_reduced(Lattice({Vector3{nan, 0, 0}, Vector3{0, 1, 0}, Vector3{0, 0, 1}})),
                  DataError);
  CHECK_THROWS_AS(
      lll_reduced(Lattice({Vector3{1e-8, 0, 0}, Vector3{1e7, 1e-8, 0}, Vector3{0, 1e7, 1}})),
      DataError);
}
