// SPDX-License-Identifier: MIT
#include "equigen/crystal/symmetry/wyckoff_positions.h"

#include <algorithm>
#include <cmath>
#include <gemmi/symmetry.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/crystal/symmetry/space_groups.h"
#include "equigen/crystal/symmetry/symmetry.h"
#include "paths.h"

using namespace equigen;

namespace {

constexpr Vector3 kGeneric{0.1372, 0.2719, 0.4183};

bool are_same(const Vector3& a, const Vector3& b) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double apart = a[axis] - b[axis];
    if (std::abs(apart - std::round(apart)) > 1e-6) return false;
  }
  return true;
}

/// Operations that leave a point where it is, modulo lattice translations.
std::vector<SymmetryOperation> stabiliser(const SpaceGroup& group, const Vector3& point) {
  std::vector<SymmetryOperation> fixing;
  for (const SymmetryOperation& operation : space_group_operations(group.number))
    if (are_same(operation(point), point)) fixing.push_back(operation);
  return fixing;
}

int rank_of(const std::array<std::array<int, 3>, 3>& matrix) {
  std::array<std::array<double, 3>, 3> rows{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) rows[i][j] = matrix[i][j];
  int rank = 0;
  for (std::size_t column = 0; column < 3; ++column) {
    auto row = static_cast<std::size_t>(rank);
    while (row < 3 && rows[row][column] == 0) ++row;
    if (row == 3) continue;
    std::swap(rows[row], rows[static_cast<std::size_t>(rank)]);
    for (std::size_t other = static_cast<std::size_t>(rank) + 1; other < 3; ++other) {
      const double factor = rows[other][column] / rows[static_cast<std::size_t>(rank)][column];
      for (std::size_t k = 0; k < 3; ++k)
        rows[other][k] -= factor * rows[static_cast<std::size_t>(rank)][k];
    }
    ++rank;
  }
  return rank;
}

std::set<std::string> texts_of(const std::vector<SymmetryOperation>& operations) {
  std::set<std::string> texts;
  for (SymmetryOperation operation : operations) {
    operation.translation = wrapped(operation.translation);
    texts.insert(to_text(operation));
  }
  return texts;
}

/// Order of the point group that an oriented symbol such as "4m.m" stands for.
int point_group_order(const std::string& oriented) {
  std::string symbol;
  for (const char c : oriented)
    if (c != '.') symbol += c;
  static const std::map<std::string, int> orders{
      {"1", 1},      {"-1", 2},   {"2", 2},    {"m", 2},     {"2/m", 4},   {"222", 4},
      {"mm2", 4},    {"m2m", 4},  {"2mm", 4},  {"mmm", 8},   {"4", 4},     {"-4", 4},
      {"4/m", 8},    {"422", 8},  {"4mm", 8},  {"-42m", 8},  {"-4m2", 8},  {"4/mmm", 16},
      {"3", 3},      {"-3", 6},   {"32", 6},   {"3m", 6},    {"-3m", 12},  {"6", 6},
      {"-6", 6},     {"6/m", 12}, {"622", 12}, {"6mm", 12},  {"-6m2", 12}, {"-62m", 12},
      {"6/mmm", 24}, {"23", 12},  {"m-3", 24}, {"432", 24},  {"-43m", 24}, {"m-3m", 48},
      {"22", 4},     {"222.", 4}, {"mmm.", 8}, {"4mm.", 8},  {"mm", 4},    {"2m", 4},
      {"m2", 4},     {"4m", 8},   {"42", 8},   {"4/mm", 16}, {"-42", 8},   {"-4m", 8}};
  const auto found = orders.find(symbol);
  return found == orders.end() ? 0 : found->second;
}

Lattice lattice_for(int number) {
  if (number == 2) return Lattice::from_parameters({{9.1, 10.3, 12.7}, {83, 97, 71}});
  if (number <= 15) return Lattice::from_parameters({{9.1, 10.3, 12.7}, {90, 104, 90}});
  if (number <= 74) return Lattice::from_parameters({{9.1, 10.3, 12.7}, {90, 90, 90}});
  if (number <= 142) return Lattice::from_parameters({{10, 10, 12.7}, {90, 90, 90}});
  if (number <= 194) return Lattice::from_parameters({{11, 11, 13.9}, {90, 90, 120}});
  return Lattice::from_parameters({{12, 12, 12}, {90, 90, 90}});
}

/// Another element on every point and general position; two general orbits, so that no more
/// symmetry comes about. `letters`: of the positions that are filled.
Crystal filled_crystal(const SpaceGroup& group, std::string& letters) {
  Crystal crystal;
  crystal.lattice = lattice_for(group.number);
  std::uint8_t element = 3;
  const auto fill = [&](const WyckoffPosition& position, const Vector3& parameters) {
    for (const Vector3& point : wyckoff_orbit(group, position, parameters)) {
      crystal.fractional_coordinates.push_back(point);
      crystal.atomic_numbers.push_back(element);
    }
    ++element;
  };
  for (const WyckoffPosition& position : group.positions) {
    if (position.degrees_of_freedom != 0 && position.degrees_of_freedom != 3) continue;
    fill(position, kGeneric);
    letters += position.letter;
  }
  fill(group.positions.back(), {0.3391, 0.0617, 0.2113});
  return crystal;
}

}  // namespace

TEST_CASE("operations of all 230 groups are those of gemmi's tables", "[crystal]") {
  for (int number = 1; number <= 230; ++number) {
    INFO(number);
    const auto& reference = gemmi::get_spacegroup_reference_setting(number);
    std::set<std::string> expected;
    for (const gemmi::Op& op : reference.operations().all_ops_sorted())
      expected.insert(to_text(parse_symmetry_operation(gemmi::Op(op).wrap().triplet())));
    const auto operations = space_group_operations(number);
    CHECK(texts_of(operations) == expected);
    CHECK(operations.front() == SymmetryOperation{});
    CHECK(static_cast<int>(operations.size()) == space_group(number).order);
  }
}

TEST_CASE("every Wyckoff position agrees with the operations of its group", "[crystal]") {
  int count = 0;
  for (int number = 1; number <= 230; ++number) {
    const SpaceGroup& group = space_group(number);
    for (const WyckoffPosition& position : group.positions) {
      INFO(group.symbol << " " << position.letter << " " << position.site_symmetry);
      ++count;
      const Vector3 point = position.representative(kGeneric);
      const auto fixing = stabiliser(group, point);
      CHECK(static_cast<int>(wyckoff_orbit(group, position, kGeneric).size()) ==
            position.multiplicity);
      CHECK(static_cast<int>(fixing.size()) * position.multiplicity == group.order);
      CHECK(point_group_order(position.site_symmetry) == static_cast<int>(fixing.size()));
      CHECK(rank_of(position.representative.rotation) == position.degrees_of_freedom);
    }
    CHECK(group.positions.back().degrees_of_freedom == 3);
    CHECK(group.positions.back().multiplicity == group.order);
    for (const std::string& letters : group.alternatives)
      CHECK(letters.size() == group.positions.size());
  }
  CHECK(count == 1731);
}

TEST_CASE("spglib gives crystals on Wyckoff positions the same letters", "[crystal]") {
  for (const int number : {2,   14,  62,  63,  70,  88,  123, 141, 148, 160,
                           166, 186, 194, 205, 216, 221, 225, 227, 229, 230}) {
    const SpaceGroup& group = space_group(number);
    std::string own;
    const Crystal crystal = filled_crystal(group, own);
    INFO(group.symbol);
    const auto found = find_symmetry(crystal, {0.001, {}}, SymmetrySetting::reference);
    REQUIRE(found);
    CHECK(found->number == number);
    CHECK(found->site_symmetries.back() == "1");
    std::string letters;
    for (const char letter : found->letters)
      if (letters.find(letter) == std::string::npos) letters += letter;
    // spglib may choose another of the equivalent origins: letters agree up to the normaliser.
    const bool is_known = std::ranges::any_of(group.alternatives, [&](const std::string& other) {
      std::string image;
      for (const char letter : own)
        for (std::size_t k = 0; k < group.positions.size(); ++k)
          if (group.positions[k].letter == letter) image += other[k];
      return image == letters;
    });
    CHECK(is_known);
  }
}

TEST_CASE("unknown groups and letters are refused", "[crystal]") {
  CHECK_THROWS_AS(space_group(0), DataError);
  CHECK_THROWS_AS(space_group(231), DataError);
  CHECK_THROWS_AS(space_group(1).position('b'), DataError);
  CHECK(space_group(225).position('a').site_symmetry == "m-3m");
}

TEST_CASE("golden.wyformer.orbits", "[crystal]") {
  const auto path = equigen::testing::golden_folder("wyformer") / "orbits.json";
  const auto rows = nlohmann::json::parse(read_file(path));
  REQUIRE(!rows.empty());
  for (const auto& row : rows) {
    const SpaceGroup& group = space_group(row.at("group").get<int>());
    const auto& position = group.position(row.at("letter").get<std::string>().at(0));
    const auto expected = row.at("orbit").get<std::vector<Vector3>>();
    const auto orbit = wyckoff_orbit(group, position, row.at("parameters").get<Vector3>());
    INFO(group.symbol << " " << position.letter);
    REQUIRE(orbit.size() == expected.size());
    for (const Vector3& point : expected)
      CHECK(std::ranges::any_of(orbit, [&](const Vector3& own) { return are_same(own, point); }));
  }
}
