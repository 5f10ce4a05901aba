// SPDX-License-Identifier: MIT
#include "equigen/crystal/symmetry/symmetry.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "catch.h"
#include "equigen/crystal/files/cif.h"
#include "paths.h"
#include "safetensors_file.h"

using namespace equigen;
namespace fs = std::filesystem;

namespace {

Crystal perovskite() {
  return {.lattice = Lattice::from_parameters({{3.905, 3.905, 3.905}, {90, 90, 90}}),
          .fractional_coordinates = {{.5, .5, .5}, {0, 0, 0}, {.5, 0, 0}, {0, .5, 0}, {0, 0, .5}},
          .atomic_numbers = {38, 22, 8, 8, 8},
          .name = "SrTiO3"};
}

Crystal diamond() {
  Crystal crystal{.lattice = Lattice({Vector3{0, 1.78, 1.78}, {1.78, 0, 1.78}, {1.78, 1.78, 0}}),
                  .fractional_coordinates = {{0, 0, 0}, {.25, .25, .25}},
                  .atomic_numbers = {6, 6},
                  .name = "diamond"};
  return crystal;
}

std::vector<Crystal> golden_crystals(
    const std::map<std::string, equigen::testing::GoldenTensor>& tensors) {
  std::vector<Crystal> crystals;
  std::size_t site = 0;
  const auto& counts = tensors.at("c.num_atoms");
  for (std::size_t i = 0; i < counts.values.size(); ++i) {
    LatticeParameters cell;
    for (std::size_t k = 0; k < 3; ++k) {
      cell.lengths[k] = tensors.at("c.lengths").values[3 * i + k];
      cell.angles[k] = tensors.at("c.angles").values[3 * i + k];
    }
    Crystal crystal;
    crystal.lattice = Lattice::from_parameters(cell);
    for (std::int64_t n = 0; n < counts.integer(i); ++n, ++site) {
      const double* at = &tensors.at("c.frac").values[3 * site];
      crystal.fractional_coordinates.push_back({at[0], at[1], at[2]});
      crystal.atomic_numbers.push_back(static_cast<std::uint8_t>(tensors.at("c.z").integer(site)));
    }
    crystals.push_back(std::move(crystal));
  }
  return crystals;
}

}  // namespace

TEST_CASE("golden.crystal_metrics.space_groups", "[crystal]") {
  const auto tensors = equigen::testing::read_golden_tensors(
      equigen::testing::golden_folder("crystal_metrics") / "space_groups.safetensors");
  const auto crystals = golden_crystals(tensors);
  REQUIRE(!crystals.empty());
  for (const auto& [name, tolerance] :
       {std::pair<std::string, SymmetryTolerance>{"spg_symprec0.01", {0.01, {}}},
        {"spg_symprec0.01_angle5", {0.01, 5.0}},
        {"spg_symprec0.1", {0.1, {}}},
        {"spg_symprec0.1_angle5", {0.1, 5.0}}}) {
    const auto& expected = tensors.at(name);
    for (std::size_t i = 0; i < crystals.size(); ++i) {
      INFO(name << " of crystal " << i);
      CHECK(space_group_number(crystals[i], tolerance) == expected.integer(i));
    }
  }
}

TEST_CASE("symmetry of a perovskite: letters, site symmetries, equivalent sites", "[crystal]") {
  const auto found = find_symmetry(perovskite());
  REQUIRE(found);
  CHECK(found->number == 221);
  CHECK(found->symbol == "Pm-3m");
  CHECK(found->point_group == "m-3m");
  CHECK(found->operations.size() == 48);
  CHECK(found->letters == std::vector<char>{'b', 'a', 'd', 'd', 'd'});
  CHECK(found->site_symmetries[2] == "4/mm.m");
  CHECK(found->equivalent_sites == std::vector<std::size_t>{0, 1, 2, 2, 2});
  CHECK(found->conventional.size() == 5);
}

TEST_CASE("standard cells of diamond", "[crystal]") {
  CHECK(space_group_number(diamond()) == 227);
  const auto conventional = standardised(diamond(), StandardCell::conventional, true);
  REQUIRE(conventional);
  CHECK(conventional->size() == 8);
  CHECK(conventional->lattice.parameters().lengths[0] == Approx(3.56));
  const auto primitive = standardised(*conventional, StandardCell::primitive, false);
  REQUIRE(primitive);
  CHECK(primitive->size() == 2);
  const auto choice_1 = find_symmetry(*conventional);
  const auto choice_2 = find_symmetry(*conventional, {}, SymmetrySetting::reference);
  REQUIRE(choice_2);
  CHECK(choice_1->hall_number != choice_2->hall_number);
  // Sites a and b of origin choice 2 are at 1/8 and 3/8; either may be the origin's neighbour.
  const char letter = choice_2->conventional_letters.at(0);
  CHECK((letter == 'a' || letter == 'b'));
  CHECK(choice_2->conventional_letters == std::vector<char>(8, letter));
  const double first = choice_2->conventional.fractional_coordinates[0][0] * 8;
  CHECK(std::abs(first - std::round(first)) < 1e-6);
  CHECK(static_cast<long>(std::round(first)) % 2 != 0);
}

TEST_CASE("crystals without a symmetry that can be found are told", "[crystal]") {
  CHECK(space_group_number({}) == 0);
  Crystal flat = perovskite();
  flat.lattice = Lattice({Vector3{1, 0, 0}, {0, 1, 0}, {1, 1, 0}});
  CHECK(space_group_number(flat) == 0);
  Crystal broken = perovskite();
  broken.fractional_coordinates[0][1] = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(find_symmetry(broken));
  CHECK_FALSE(standardised(broken, StandardCell::primitive, true));
  Crystal crowded = perovskite();
  crowded.fractional_coordinates[0] = crowded.fractional_coordinates[1];
  crowded.atomic_numbers[0] = crowded.atomic_numbers[1];
  CHECK(space_group_number(crowded) == 0);
}

TEST_CASE("a CIF with symmetry holds one site an orbit and reads back whole", "[crystal]") {
  for (const Crystal& crystal : {perovskite(), diamond()}) {
    const auto text = symmetric_cif_text({crystal, {{"gap", 2}}});
    INFO(text);
    const auto again = read_cif_block(text);
    CHECK(again.properties.size() == 1);
    CHECK(again.crystal.name == crystal.name);
    CHECK(density(again.crystal) == Approx(density(crystal)));
    CHECK(reduced(composition(again.crystal)) == reduced(composition(crystal)));
    CHECK(space_group_number(again.crystal) == space_group_number(crystal));
  }
  CHECK_THAT(symmetric_cif_text({perovskite(), {}}), ContainsSubstring("\nO O3 3 d ") ||
                                                         ContainsSubstring("\nO O2 3 d ") ||
                                                         ContainsSubstring("\nO O1 3 d "));
}
