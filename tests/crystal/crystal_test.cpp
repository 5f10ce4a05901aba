// SPDX-License-Identifier: MIT
#include "equigen/crystal/crystal.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/crystal/elements.h"

using namespace equigen;

namespace {

Crystal rock_salt() {
  return {.lattice = Lattice::from_parameters({{5.64, 5.64, 5.64}, {90, 90, 90}}),
          .fractional_coordinates = {{0, 0, 0},
                                     {0, .5, .5},
                                     {.5, 0, .5},
                                     {.5, .5, 0},
                                     {.5, 0, 0},
                                     {0, .5, 0},
                                     {0, 0, .5},
                                     {.5, .5, .5}},
          .atomic_numbers = {11, 11, 11, 11, 17, 17, 17, 17},
          .name = "halite"};
}

}  // namespace

TEST_CASE("density of rock salt", "[crystal]") {
  CHECK(density(rock_salt()) == Approx(2.163).epsilon(1e-3));
}

TEST_CASE("a composition is counted, reduced and written", "[crystal]") {
  CHECK(composition(rock_salt()) == Composition{{11, 4}, {17, 4}});
  CHECK(reduced(composition(rock_salt())) == Composition{{11, 1}, {17, 1}});
  CHECK(formula({{8, 3}, {22, 1}, {38, 1}}) == "SrTiO3");
  CHECK(formula(composition(rock_salt())) == "Na4Cl4");
}

TEST_CASE("a supercell keeps density and composition", "[crystal]") {
  const Crystal larger = supercell(rock_salt(), {1, 2, 3});
  CHECK(larger.size() == 48);
  CHECK(density(larger) == Approx(density(rock_salt())));
  CHECK(reduced(composition(larger)) == reduced(composition(rock_salt())));
  CHECK_THROWS_AS(supercell(rock_salt(), {0, 1, 1}), DataError);
}

TEST_CASE("elements are found by number and by symbol", "[crystal]") {
  for (int number = 1; number <= kLargestAtomicNumber; ++number)
    CHECK(atomic_number_of_element(element(number).symbol) == number);
  CHECK(atomic_number_of_element("Xx") == 0);
  CHECK(element(40).smact_electronegativity == 0.33);  // the published table's slip, kept
  CHECK_FALSE(element(2).pauling_electronegativity.has_value());
  CHECK_THROWS_AS(element(0), DataError);
  CHECK_THROWS_AS(element(104), DataError);
}
