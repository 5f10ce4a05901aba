// SPDX-License-Identifier: MIT
#include "equigen/crystal/neighbours.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/crystal/minimum_image.h"

using namespace equigen;

namespace {

/// Every image in a box of cells that is large enough by the distances of the lattice planes.
std::vector<PeriodicNeighbour> by_brute_force(const Crystal& crystal, double cutoff) {
  std::vector<PeriodicNeighbour> rows;
  const Vector3 planes = crystal.lattice.reciprocal_lengths();
  std::array<int, 3> range{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    double spread = 0;
    for (const Vector3& a : crystal.fractional_coordinates)
      for (const Vector3& b : crystal.fractional_coordinates)
        spread = std::max(spread, std::abs(a[axis] - b[axis]));
    range[axis] = static_cast<int>(std::ceil(cutoff * planes[axis] + spread)) + 1;
  }
  for (std::size_t from = 0; from < crystal.size(); ++from)
    for (std::size_t to = 0; to < crystal.size(); ++to)
      for (int i = -range[0]; i <= range[0]; ++i)
        for (int j = -range[1]; j <= range[1]; ++j)
          for (int k = -range[2]; k <= range[2]; ++k) {
            if (from == to && i == 0 && j == 0 && k == 0) continue;
            const Vector3& a = crystal.fractional_coordinates[from];
            const Vector3& b = crystal.fractional_coordinates[to];
            const double distance = norm(
                crystal.lattice.to_cartesian({b[0] - a[0] + i, b[1] - a[1] + j, b[2] - a[2] + k}));
            if (distance <= cutoff)
              rows.push_back({static_cast<std::int64_t>(from),
                              static_cast<std::int64_t>(to),
                              {i, j, k},
                              distance});
          }
  return rows;
}

Crystal random_crystal(std::uint64_t seed) {
  RandomStream random(seed, "neighbours");
  const auto between = [&](double low, double high) {
    return low + (high - low) * random.uniform();
  };
  Crystal crystal;
  do {
    crystal.lattice =
        Lattice::from_parameters({{between(1.5, 12), between(1.5, 12), between(1.5, 12)},
                                  {between(25, 155), between(25, 155), between(25, 155)}});
  } while (crystal.lattice.volume() < 4);
  const auto atoms = 1 + random.below(12);
  for (std::uint64_t i = 0; i < atoms; ++i) {
    crystal.fractional_coordinates.push_back(
        {between(-1.5, 2.5), between(-1.5, 2.5), between(-1.5, 2.5)});
    crystal.atomic_numbers.push_back(6);
  }
  return crystal;
}

std::set<std::tuple<std::int64_t, std::int64_t, std::array<int, 3>>> pairs_of(
    const std::vector<PeriodicNeighbour>& rows) {
  std::set<std::tuple<std::int64_t, std::int64_t, std::array<int, 3>>> pairs;
  for (const auto& row : rows) pairs.emplace(row.from, row.to, row.cell);
  return pairs;
}

Crystal simple_cubic() {
  return {Lattice::from_parameters({{3, 3, 3}, {90, 90, 90}}), {{0, 0, 0}}, {84}, ""};
}

}  // namespace

TEST_CASE("neighbours are those of brute force, in small, large and skewed cells", "[crystal]") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Crystal crystal = random_crystal(seed);
    const double cutoff = 2.0 + 0.1 * static_cast<double>(seed % 30);
    INFO("seed " << seed);
    const auto expected = by_brute_force(crystal, cutoff);
    const auto rows = periodic_neighbours(crystal, {.cutoff = cutoff});
    CHECK(rows.size() == expected.size());
    CHECK(pairs_of(rows) == pairs_of(expected));
    for (const auto& row : rows) {
      Vector3 apart{};
      for (std::size_t axis = 0; axis < 3; ++axis)
        apart[axis] = crystal.fractional_coordinates[static_cast<std::size_t>(row.to)][axis] +
                      row.cell[axis] -
                      crystal.fractional_coordinates[static_cast<std::size_t>(row.from)][axis];
      CHECK(norm(crystal.lattice.to_cartesian(apart)) == Approx(row.distance).margin(1e-10));
    }
    CHECK(std::ranges::is_sorted(rows, {}, &PeriodicNeighbour::from));
  }
}

TEST_CASE("the nearest image of each pair is the exact minimum image", "[crystal]") {
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    const Crystal crystal = random_crystal(seed);
    const MinimumImages images(crystal.lattice);
    double longest = 0;
    for (const Vector3& a : crystal.fractional_coordinates)
      for (const Vector3& b : crystal.fractional_coordinates)
        longest = std::max(longest, images.distance(a, b));
    if (longest == 0) continue;
    std::map<std::pair<std::int64_t, std::int64_t>, double> nearest;
    for (const auto& row : periodic_neighbours(crystal, {.cutoff = longest + 1e-6}))
      if (row.from != row.to) nearest.try_emplace({row.from, row.to}, row.distance);
    for (const auto& [pair, distance] : nearest)
      CHECK(distance ==
            Approx(images.distance(
                       crystal.fractional_coordinates[static_cast<std::size_t>(pair.first)],
                       crystal.fractional_coordinates[static_cast<std::size_t>(pair.second)]))
                .margin(1e-9));
    CHECK(nearest.size() == crystal.size() * (crystal.size() - 1));
  }
}

TEST_CASE("shells of a cubic cell, its own images, and the cutoff itself", "[crystal]") {
  CHECK(periodic_neighbours(simple_cubic(), {.cutoff = 2.9}).empty());
  CHECK(periodic_neighbours(simple_cubic(), {.cutoff = 3}).size() == 6);
  CHECK(periodic_neighbours(simple_cubic(), {.cutoff = 4.3}).size() == 18);
  CHECK(periodic_neighbours(simple_cubic(), {.cutoff = 30}).size() > 4000);
  CHECK(periodic_neighbours(simple_cubic(), {.cutoff = 9, .with_own_images = false}).empty());
}

TEST_CASE("the nearest are kept, ties by a fixed order or all of them", "[crystal]") {
  const auto four = periodic_neighbours(simple_cubic(), {.cutoff = 9, .max_neighbours = 4});
  REQUIRE(four.size() == 4);
  CHECK(four[0].cell == std::array<int, 3>{-1, 0, 0});
  CHECK(four[1].cell == std::array<int, 3>{0, -1, 0});
  const auto shell = periodic_neighbours(simple_cubic(),
                                         {.cutoff = 9, .max_neighbours = 4, .tie_tolerance = 0.01});
  CHECK(shell.size() == 6);
  CHECK(nearest_neighbours(simple_cubic(), 7).size() == 7);
  CHECK(nearest_neighbours(simple_cubic(), 7, 0.01).size() == 18);
  Crystal lonely = simple_cubic();
  lonely.lattice = Lattice::from_parameters({{2, 2, 60}, {90, 90, 90}});
  CHECK(nearest_neighbours(lonely, 12).size() == 12);
}

TEST_CASE("a large cell takes time in proportion to its atoms", "[crystal]") {
  const Crystal large = supercell(simple_cubic(), {20, 20, 20});
  const auto start = std::chrono::steady_clock::now();
  const auto rows = periodic_neighbours(large, {.cutoff = 6.1});
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  CHECK(rows.size() == 8000 * 32);
  CHECK(seconds < 5);
}

TEST_CASE("searches that cannot be done are refused", "[crystal]") {
  CHECK(periodic_neighbours({}, {}).empty());
  CHECK_THROWS_AS(periodic_neighbours(simple_cubic(), {.cutoff = 0}), DataError);
  CHECK_THROWS_AS(periodic_neighbours(simple_cubic(), {.cutoff = 1e5}), DataError);
  Crystal flat = simple_cubic();
  flat.lattice = Lattice(Matrix3{});
  CHECK_THROWS_AS(periodic_neighbours(flat, {}), DataError);
  Crystal thin = simple_cubic();
  thin.lattice = Lattice::from_parameters({{1e-9, 1e5, 1e5}, {90, 90, 90}});
  CHECK_THROWS_AS(periodic_neighbours(thin, {}), DataError);
  Crystal broken = simple_cubic();
  broken.fractional_coordinates[0][0] = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(periodic_neighbours(broken, {}), DataError);
}

TEST_CASE("chains and slabs take time in proportion to their atoms", "[crystal]") {
  const auto chain = [](int atoms) {
    Crystal crystal{.lattice = Lattice::from_parameters({{8, 8, 3.0 * atoms}, {90, 90, 90}}),
                    .fractional_coordinates = {},
                    .atomic_numbers = {},
                    .name = {}};
    for (int i = 0; i < atoms; ++i) {
      crystal.fractional_coordinates.push_back({0, 0, static_cast<double>(i) / atoms});
      crystal.atomic_numbers.push_back(29);
    }
    return crystal;
  };
  const auto seconds = [&](int atoms) {
    const Crystal crystal = chain(atoms);
    const auto start = std::chrono::steady_clock::now();
    CHECK(periodic_neighbours(crystal, {.cutoff = 4}).size() ==
          2 * static_cast<std::size_t>(atoms));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  // Growing as n^(5/3), 64 times the atoms took 1,024 times the time.
  CHECK(seconds(64 * 500) < 250 * std::max(seconds(500), 1e-4));
}
