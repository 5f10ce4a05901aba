// SPDX-License-Identifier: MIT
#include "crystal_stability/energy_above_hull.h"

#include <algorithm>

#include "catch.h"
#include "crystal_stability/linear_program.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/random.h"
#include "equigen/crystal/formula.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::crystal_stability;

namespace {

std::vector<Phase> phases(std::vector<std::pair<const char*, double>> list) {
  std::vector<Phase> result;
  for (const auto& [text, energy] : list) result.push_back({parse_formula(text), energy});
  return result;
}

/// Lower hull of points (x, energy) at one x, pair by pair.
double hull_by_pairs(const std::vector<std::pair<double, double>>& points, double x) {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [x1, e1] : points)
    for (const auto& [x2, e2] : points) {
      if (x1 == x) least = std::min(least, e1);
      if (x1 < x && x < x2) least = std::min(least, e1 + (e2 - e1) * (x - x1) / (x2 - x1));
    }
  return least;
}

}  // namespace

TEST_CASE("the hull of two elements is the straight line below the phases") {
  const auto table = phases({{"Na", -1.0}, {"Cl", -2.0}, {"NaCl", -3.5}, {"NaCl3", -2.0}});
  CHECK(*hull_energy(table, parse_formula("NaCl")) == Approx(-3.5));
  CHECK(*hull_energy(table, parse_formula("Na2Cl2")) == Approx(-3.5));
  CHECK(*hull_energy(table, parse_formula("NaCl3")) == Approx(-0.5 * 3.5 - 0.5 * 2.0));
  CHECK(*hull_energy(table, parse_formula("Na3Cl")) == Approx(-0.5 * 1.0 - 0.5 * 3.5));
}

TEST_CASE("the hull of random binary phases is that of all pairs") {
  RandomStream random(3, "hull");
  std::vector<Phase> table;
  std::vector<std::pair<double, double>> points;
  for (int i = 0; i < 200; ++i) {
    const auto a = 1 + static_cast<int>(9 * random.uniform());
    const auto b = 1 + static_cast<int>(9 * random.uniform());
    const double energy = -random.uniform();
    table.push_back({{{8, a}, {12, b}}, energy});
    points.emplace_back(static_cast<double>(a) / (a + b), energy);
  }
  table.push_back({{{8, 1}}, 0.0});
  table.push_back({{{12, 1}}, 0.0});
  points.emplace_back(1.0, 0.0);
  points.emplace_back(0.0, 0.0);
  for (int a = 1; a < 12; ++a) {
    const Composition whole{{8, a}, {12, 12 - a}};
    CHECK(*hull_energy(table, whole) == Approx(hull_by_pairs(points, a / 12.0)).margin(1e-9));
  }
}

TEST_CASE("without one of the elements there is no hull energy") {
  const auto table = phases({{"Na", -1.0}, {"NaCl", -3.5}});
  CHECK_FALSE(hull_energy(table, parse_formula("NaCl3")));
  CHECK_FALSE(hull_energy(table, parse_formula("KCl")));
  CHECK_FALSE(hull_energy({}, parse_formula("KCl")));
  CHECK(*hull_energy(table, parse_formula("Na5Cl")) == Approx((4 * -1.0 + 2 * -3.5) / 6));
}

TEST_CASE("equations that say the same twice do not disturb the least cost") {
  CHECK(*least_cost({.costs = {1.0, 3.0}, .rows = {{1, 1}, {2, 2}}, .right_sides = {1, 2}}) ==
        Approx(1.0));
  CHECK_FALSE(least_cost({.costs = {1.0}, .rows = {{1}, {1}}, .right_sides = {1, 2}}));
  CHECK_THROWS_AS(least_cost({.costs = {-1.0, 0.0}, .rows = {{1, -1}}, .right_sides = {0}}),
                  NumericalError);
}

TEST_CASE("a table of phases is read, and refused with file and line") {
  const testing::TemporaryFolder folder;
  const auto path = folder / "phases.csv";
  write_file_atomically(path, "id,formula,energy_per_atom\n1,Na2Cl2,-3.5\n2,\"Ca3(PO4)2\",-7\n");
  const auto table = read_phases(path);
  REQUIRE(table.size() == 2);
  CHECK(table[0].composition == Composition{{11, 1}, {17, 1}});
  CHECK(table[1].energy_per_atom == -7.0);
  write_file_atomically(path, "formula,energy_per_atom\nNaCl,-1\nXy,-1\n");
  CHECK_THROWS_WITH(read_phases(path),
                    ContainsSubstring("phases.csv:3") && ContainsSubstring("Xy"));
  write_file_atomically(path, "formula,energy_per_atom\nNaCl,low\n");
  CHECK_THROWS_WITH(read_phases(path), ContainsSubstring("'low'"));
  write_file_atomically(path, "formula,energy\nNaCl,-1\n");
  CHECK_THROWS_WITH(read_phases(path), ContainsSubstring("energy_per_atom"));
}
