// SPDX-License-Identifier: MIT
#include "crystal_stability/relaxation.h"

#include "catch.h"
#include "crystal_stability/interatomic_potential.h"
#include "lennard_jones.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::crystal_stability;

namespace {

Crystal strained_argon() {
  return {.lattice = Lattice::from_parameters({{4.3, 3.9, 4.1}, {88, 93, 91}}),
          .fractional_coordinates = {{0.02, 0, 0}, {0, .52, .5}, {.5, 0, .47}, {.5, .5, 0}},
          .atomic_numbers = {18, 18, 18, 18},
          .name = "argon"};
}

}  // namespace

TEST_CASE("a strained crystal relaxes to the cubic one, atoms and cell") {
  const testing::TemporaryFolder folder;
  save_lennard_jones(folder / "lj.pt");
  const InteratomicPotential potential(folder / "lj.pt");
  const auto energy = [&](const Crystal& crystal) { return potential.evaluate(crystal); };
  const Relaxation relaxed = relax(strained_argon(), energy, {.largest_force = 0.005});
  CHECK(relaxed.converged);
  CHECK(relaxed.energy_after < relaxed.energy_before);
  const LatticeParameters cell = relaxed.crystal.lattice.parameters();
  for (const double angle : cell.angles) CHECK(angle == Approx(90).margin(0.3));
  for (const double length : cell.lengths) CHECK(length == Approx(cell.lengths[0]).epsilon(0.005));
  // 2^(1/6) times 2.5 Å, less a little for the far neighbours, times the square root of 2.
  CHECK(cell.lengths[0] == Approx(3.85).margin(0.05));
}

TEST_CASE("without its cell only the atoms of a crystal move") {
  const testing::TemporaryFolder folder;
  save_lennard_jones(folder / "lj.pt");
  const InteratomicPotential potential(folder / "lj.pt");
  const auto energy = [&](const Crystal& crystal) { return potential.evaluate(crystal); };
  const Relaxation relaxed = relax(strained_argon(), energy, {.relax_cell = false});
  CHECK(relaxed.converged);
  CHECK(relaxed.crystal.lattice == strained_argon().lattice);
  CHECK(relaxed.energy_after < relaxed.energy_before);
}

TEST_CASE("a relaxation that does not end says so") {
  const testing::TemporaryFolder folder;
  save_lennard_jones(folder / "lj.pt");
  const InteratomicPotential potential(folder / "lj.pt");
  const Relaxation relaxed =
      relax(strained_argon(), [&](const Crystal& c) { return potential.evaluate(c); },
            {.largest_force = 1e-9, .most_steps = 3});
  CHECK_FALSE(relaxed.converged);
  CHECK(relaxed.steps == 3);
}
