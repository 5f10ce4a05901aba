// SPDX-License-Identifier: MIT
#include "equigen/crystal/matching/structure_matching.h"

#include <chrono>

#include "catch.h"
#include "crystal/golden_crystals.h"
#include "equigen/base/error.h"
#include "equigen/crystal/matching/lattice_mappings.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

constexpr MatchTolerances kDefault;

void check_distance(const std::optional<MatchDistance>& found, const GoldenTensor& stored) {
  if (stored.values.at(0) < 0) {
    CHECK_FALSE(found.has_value());
    return;
  }
  REQUIRE(found.has_value());
  CHECK(found->rms == Approx(stored.values.at(0)).margin(1e-6));
  CHECK(found->largest == Approx(stored.values.at(1)).margin(1e-6));
}

Crystal perovskite() {
  return {
      .lattice = Lattice::from_parameters({{3.9, 3.9, 3.9}, {90, 90, 90}}),
      .fractional_coordinates = {{0, 0, 0}, {.5, .5, .5}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}},
      .atomic_numbers = {38, 22, 8, 8, 8},
      .name = {}};
}

}  // namespace

TEST_CASE("golden.crystal_metrics.structure_matches", "[crystal]") {
  const auto tensors =
      read_golden_tensors(golden_folder("crystal_metrics") / "structure_matcher.safetensors");
  const auto cases = golden_cases(tensors, "rms");
  REQUIRE_FALSE(cases.empty());
  for (const std::string& prefix : cases) {
    INFO("pair " << prefix);
    const PreparedCrystal a(golden_crystal(tensors, prefix + "A."));
    const PreparedCrystal b(golden_crystal(tensors, prefix + "B."));
    CHECK(static_cast<std::int64_t>(a.positions().size()) ==
          tensors.at(prefix + "A.reduced_nsites").integer(0));
    CHECK(static_cast<std::int64_t>(b.positions().size()) ==
          tensors.at(prefix + "B.reduced_nsites").integer(0));
    check_distance(rms_distance(a, b, kReconstructionTolerances), tensors.at(prefix + "rms"));
    check_distance(rms_distance(b, a, kReconstructionTolerances),
                   tensors.at(prefix + "rms_swapped"));
    check_distance(rms_distance(a, b, kDefault), tensors.at(prefix + "rms_default_tol"));
    const auto& fits = tensors.at(prefix + "fit");
    CHECK(fit(a, b, kReconstructionTolerances) == (fits.integer(0) == 1));
    CHECK(fit(a, b, kDefault) == (fits.integer(1) == 1));
  }
}

TEST_CASE("a cube is written in 48 ways", "[crystal]") {
  const LatticeParameters cube{{4, 4, 4}, {90, 90, 90}};
  const auto mappings = lattice_mappings(Lattice::from_parameters(cube).vectors(), cube, 0.2, 5);
  CHECK(mappings.size() == 48);
}

TEST_CASE("a crystal matches its copies in other cells, places and sizes", "[crystal]") {
  const PreparedCrystal original(perovskite());
  Crystal moved = supercell(perovskite(), {2, 1, 1});
  for (Vector3& position : moved.fractional_coordinates) position[1] += 0.3;
  moved.lattice = Lattice(scaled(moved.lattice.vectors(), 1.1));
  const PreparedCrystal copy(moved);
  CHECK(fit(original, copy, kDefault));
  const auto distance = rms_distance(original, copy, kDefault);
  REQUIRE(distance.has_value());
  CHECK(distance->rms == Approx(0).margin(1e-5));
}

TEST_CASE("crystals of other elements do not match", "[crystal]") {
  Crystal other = perovskite();
  other.atomic_numbers[0] = 56;
  const PreparedCrystal a(perovskite()), b(other);
  CHECK_FALSE(fit(a, b, kDefault));
  CHECK_FALSE(rms_distance(a, b, kDefault).has_value());
}

TEST_CASE("what cannot be matched is refused", "[crystal]") {
  CHECK_THROWS_AS(PreparedCrystal(Crystal{}), DataError);
  Crystal flat = perovskite();
  flat.lattice = Lattice({Vector3{1, 0, 0}, Vector3{2, 0, 0}, Vector3{0, 0, 1}});
  CHECK_THROWS_AS(PreparedCrystal(flat), DataError);
}

TEST_CASE("needles and sheets are refused rather than searched for hours", "[crystal]") {
  Crystal needle = perovskite();
  needle.lattice = Lattice::from_parameters({{0.05, 0.05, 5000}, {90, 90, 90}});
  CHECK_THROWS_AS(PreparedCrystal(needle), DataError);
  needle.lattice = Lattice::from_parameters({{5000, 5000, 0.01}, {90, 90, 90}});
  CHECK_THROWS_AS(PreparedCrystal(needle), DataError);
}

TEST_CASE("large supercells reduce to their primitive cells in time", "[crystal]") {
  const Crystal copper{.lattice = Lattice::from_parameters({{3.6, 3.6, 3.6}, {90, 90, 90}}),
                       .fractional_coordinates = {{0, 0, 0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}},
                       .atomic_numbers = {29, 29, 29, 29},
                       .name = {}};
  const auto start = std::chrono::steady_clock::now();
  const PreparedCrystal large(supercell(copper, {8, 8, 8}));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(4));
  CHECK(large.positions().size() == 1);
  CHECK(fit(large, PreparedCrystal(copper), kDefault));
  Crystal shifted = supercell(perovskite(), {3, 2, 2});
  shifted.fractional_coordinates[4][0] += 0.1;
  CHECK(PreparedCrystal(shifted).positions().size() == 60);
  CHECK_THROWS_AS(PreparedCrystal(supercell(copper, {14, 14, 14})), DataError);
}
