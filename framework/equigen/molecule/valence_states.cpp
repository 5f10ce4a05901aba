// SPDX-License-Identifier: MIT
#include "equigen/molecule/valence_states.h"

#include <array>
#include <map>
#include <vector>

namespace equigen {
namespace {

using States = std::vector<ValenceState>;

/// Charges cost about 1 where chemistry has them often, carbon's more, so that neutral structures
/// win wherever there is one; valences above the octet cost less than the charges that replace
/// them.
const std::map<int, States>& table() {
  static const States alkali{{1, 0, 0.5}};
  static const States alkaline_earth{{2, 0, 1.0}};
  static const States four{{0, 4, 0}};
  static const States pnictogen{{0, 3, 0}, {0, 5, 0.5}, {1, 4, 1.2}};
  static const States chalcogen{{0, 2, 0}, {0, 4, 0.5}, {0, 6, 0.7}, {1, 3, 1.5}, {-1, 1, 1.0}};
  static const States heavy_halogen{{0, 1, 0},   {0, 3, 2.0}, {0, 5, 2.0},
                                    {0, 7, 2.0}, {1, 2, 2.5}, {-1, 0, 0.8}};
  static const std::map<int, States> states{
      {1, {{0, 1, 0}}},
      {3, alkali},
      {5, {{0, 3, 0}, {-1, 4, 1.0}}},
      {6, {{0, 4, 0}, {-1, 3, 2.5}, {1, 3, 2.6}}},
      {7, {{0, 3, 0}, {1, 4, 1.0}, {-1, 2, 1.2}}},
      {8, {{0, 2, 0}, {-1, 1, 0.8}, {1, 3, 2.0}}},
      {9, {{0, 1, 0}, {-1, 0, 0.8}}},
      {11, alkali},
      {12, alkaline_earth},
      {13, {{0, 3, 0}, {-1, 4, 1.0}}},
      {14, four},
      {15, pnictogen},
      {16, chalcogen},
      {17, heavy_halogen},
      {19, alkali},
      {20, alkaline_earth},
      {32, four},
      {33, pnictogen},
      {34, chalcogen},
      {35, heavy_halogen},
      {50, four},
      {51, pnictogen},
      {52, chalcogen},
      {53, heavy_halogen},
  };
  return states;
}

}  // namespace

std::span<const ValenceState> valence_states(int atomic_number) {
  const auto found = table().find(atomic_number);
  return found == table().end() ? std::span<const ValenceState>() : found->second;
}

double covalent_radius(int atomic_number) {
  static constexpr std::array<double, 97> radii{
      0,    0.31, 0.28, 1.28, 0.96, 0.84, 0.76, 0.71, 0.66, 0.57, 0.58, 1.66, 1.41, 1.21,
      1.11, 1.07, 1.05, 1.02, 1.06, 2.03, 1.76, 1.70, 1.60, 1.53, 1.39, 1.39, 1.32, 1.26,
      1.24, 1.32, 1.22, 1.22, 1.20, 1.19, 1.20, 1.20, 1.16, 2.20, 1.95, 1.90, 1.75, 1.64,
      1.54, 1.47, 1.46, 1.42, 1.39, 1.45, 1.44, 1.42, 1.39, 1.39, 1.38, 1.39, 1.40, 2.44,
      2.15, 2.07, 2.04, 2.03, 2.01, 1.99, 1.98, 1.98, 1.96, 1.94, 1.92, 1.92, 1.89, 1.90,
      1.87, 1.87, 1.75, 1.70, 1.62, 1.51, 1.44, 1.41, 1.36, 1.36, 1.32, 1.45, 1.46, 1.48,
      1.40, 1.50, 1.50, 2.60, 2.21, 2.15, 2.06, 2.00, 1.96, 1.90, 1.87, 1.80, 1.69};
  const auto index = static_cast<std::size_t>(atomic_number);
  return index < radii.size() ? radii[index] : 1.7;
}

double bond_radius(int atomic_number, int order) {
  using Radii = std::array<double, 3>;
  static const std::map<int, Radii> radii{
      {1, {0.32, 0, 0}},        {5, {0.85, 0.78, 0.73}},  {6, {0.75, 0.67, 0.60}},
      {7, {0.71, 0.60, 0.54}},  {8, {0.63, 0.57, 0.53}},  {9, {0.64, 0.59, 0.53}},
      {13, {1.26, 1.13, 1.11}}, {14, {1.16, 1.07, 1.02}}, {15, {1.11, 1.02, 0.94}},
      {16, {1.03, 0.94, 0.95}}, {17, {0.99, 0.95, 0.93}}, {32, {1.21, 1.11, 1.14}},
      {33, {1.21, 1.14, 1.06}}, {34, {1.16, 1.07, 1.07}}, {35, {1.14, 1.09, 1.10}},
      {50, {1.40, 1.30, 1.32}}, {51, {1.40, 1.33, 1.27}}, {52, {1.36, 1.28, 1.21}},
      {53, {1.33, 1.29, 1.25}},
  };
  const auto found = radii.find(atomic_number);
  return found == radii.end() || order < 1 || order > 3
             ? 0
             : found->second[static_cast<std::size_t>(order - 1)];
}

}  // namespace equigen
