// SPDX-License-Identifier: MIT
#include "equigen/crystal/symmetry/wyckoff_positions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "equigen/base/error.h"
#include "equigen/crystal/symmetry/space_groups.h"

namespace equigen {
namespace embedded {
std::string_view wyckoff_positions_json();
}
namespace {

using nlohmann::json;

constexpr int kGroups = 230;
constexpr double kSamePoint = 1e-5;

WyckoffPosition read_position(const json& row) {
  return {.letter = row.at(0).get_ref<const std::string&>().at(0),
          .multiplicity = row.at(1).get<int>(),
          .site_symmetry = row.at(2).get<std::string>(),
          .enumeration = row.at(3).get<int>(),
          .degrees_of_freedom = row.at(4).get<int>(),
          .representative = parse_symmetry_operation(row.at(5).get_ref<const std::string&>())};
}

SpaceGroup read_group(int number, const json& entry) {
  SpaceGroup group{.number = number,
                   .symbol = entry.at("hm").get<std::string>(),
                   .full_symbol = entry.at("xhm").get<std::string>(),
                   .hall_symbol = entry.at("hall").get<std::string>(),
                   .hall_number = entry.at("spglib_hall_number").get<int>(),
                   .order = entry.at("order").get<int>(),
                   .positions = {},
                   .alternatives = entry.at("alternatives").get<std::vector<std::string>>()};
  for (const json& row : entry.at("positions")) group.positions.push_back(read_position(row));
  return group;
}

const std::vector<SpaceGroup>& groups() {
  static const std::vector<SpaceGroup> table = [] {
    const json root = json::parse(embedded::wyckoff_positions_json());
    std::vector<SpaceGroup> rows;
    for (int number = 1; number <= kGroups; ++number)
      rows.push_back(read_group(number, root.at("groups").at(std::to_string(number))));
    return rows;
  }();
  return table;
}

bool are_same(const Vector3& a, const Vector3& b) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double difference = a[axis] - b[axis];
    if (std::abs(difference - std::round(difference)) > kSamePoint) return false;
  }
  return true;
}

}  // namespace

const WyckoffPosition& SpaceGroup::position(char letter) const {
  const auto found = std::ranges::find(positions, letter, &WyckoffPosition::letter);
  if (found != positions.end()) return *found;
  throw DataError("wyckoff-letter",
                  fmt::format("space group {} ({}) has no Wyckoff position '{}'; its last is '{}'",
                              number, symbol, letter, positions.back().letter));
}

const SpaceGroup& space_group(int number) {
  if (number < 1 || number > kGroups)
    throw DataError("space-group", fmt::format("there is no space group {}", number),
                    "numbers are 1 to 230");
  return groups()[static_cast<std::size_t>(number - 1)];
}

std::vector<Vector3> wyckoff_orbit(const SpaceGroup& group, const WyckoffPosition& position,
                                   const Vector3& parameters) {
  const Vector3 first = position.representative(parameters);
  std::vector<Vector3> orbit;
  for (const SymmetryOperation& operation : space_group_operations(group.number)) {
    const Vector3 point = wrapped(operation(first));
    const auto is_point = [&](const Vector3& known) { return are_same(known, point); };
    if (std::ranges::none_of(orbit, is_point)) orbit.push_back(point);
  }
  return orbit;
}

}  // namespace equigen
