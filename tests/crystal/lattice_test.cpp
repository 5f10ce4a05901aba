// SPDX-License-Identifier: MIT
#include "equigen/crystal/lattice.h"

#include <cmath>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/random.h"

using namespace equigen;

namespace {

LatticeParameters random_parameters(RandomStream& random) {
  LatticeParameters parameters;
  for (double& length : parameters.lengths) length = 2.0 + 8.0 * random.uniform();
  for (double& angle : parameters.angles) angle = 70.0 + 40.0 * random.uniform();
  return parameters;
}

}  // namespace

TEST_CASE("lattice parameters survive the way through the matrix", "[crystal]") {
  RandomStream random(7, "lattice");
  for (int round = 0; round < 100; ++round) {
    const LatticeParameters given = random_parameters(random);
    const LatticeParameters back = Lattice::from_parameters(given).parameters();
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(back.lengths[i] == Approx(given.lengths[i]).epsilon(1e-12));
      CHECK(back.angles[i] == Approx(given.angles[i]).epsilon(1e-10));
    }
  }
}

TEST_CASE("the third vector lies along z and the first in the xz plane", "[crystal]") {
  const Lattice lattice = Lattice::from_parameters({{3, 4, 5}, {80, 95, 110}});
  CHECK(lattice.vectors()[0][1] == 0.0);
  CHECK(lattice.vectors()[2] == Vector3{0, 0, 5});
  CHECK(lattice.determinant() > 0.0);
}

TEST_CASE("fractional coordinates survive the way through space", "[crystal]") {
  RandomStream random(8, "lattice");
  const Lattice lattice = Lattice::from_parameters({{3, 14, 5}, {60, 95, 120}});
  for (int round = 0; round < 100; ++round) {
    const Vector3 given{4 * random.uniform() - 2, random.uniform(), -random.uniform()};
    const Vector3 back = lattice.to_fractional(lattice.to_cartesian(given));
    for (std::size_t i = 0; i < 3; ++i) CHECK(back[i] == Approx(given[i]).margin(1e-12));
  }
}

TEST_CASE("reciprocal lengths are inverse distances of lattice planes", "[crystal]") {
  const Vector3 lengths = Lattice::from_parameters({{2, 4, 5}, {90, 90, 90}}).reciprocal_lengths();
  CHECK(lengths[0] == Approx(0.5));
  CHECK(lengths[1] == Approx(0.25));
  CHECK(lengths[2] == Approx(0.2));
}

TEST_CASE("a flat lattice has no volume and no fractional coordinates", "[crystal]") {
  const Lattice flat = Lattice::from_parameters({{3, 3, 3}, {30, 30, 170}});
  CHECK(flat.volume() == Approx(0.0).margin(1e-9));
  CHECK_THROWS_AS(
      Lattice({Vector3{1, 0, 0}, Vector3{2, 0, 0}, Vector3{0, 0, 1}}).to_fractional({0, 0, 0}),
      DataError);
}

TEST_CASE("wrapping brings every component into the cell", "[crystal]") {
  const Vector3 inside = wrapped({-0.25, 1.0, -1e-18});
  CHECK(inside[0] == 0.75);
  CHECK(inside[1] == 0.0);
  CHECK(inside[2] == 0.0);
}
