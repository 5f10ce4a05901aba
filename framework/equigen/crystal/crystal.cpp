// SPDX-License-Identifier: MIT
#include "equigen/crystal/crystal.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "equigen/base/error.h"
#include "equigen/crystal/elements.h"

namespace equigen {
namespace {

// Unknown ones last, as in the formulas of noble-gas compounds.
double electronegativity_for_order(int atomic_number) {
  return element(atomic_number).pauling_electronegativity.value_or(10.0);
}

}  // namespace

Composition composition(const Crystal& crystal) {
  std::map<int, int> counts;
  for (const auto atomic_number : crystal.atomic_numbers) ++counts[atomic_number];
  return {counts.begin(), counts.end()};
}

Composition reduced(const Composition& composition) {
  int divisor = 0;
  for (const auto& [element, count] : composition) divisor = std::gcd(divisor, count);
  Composition smallest = composition;
  for (auto& [element, count] : smallest) count /= std::max(divisor, 1);
  return smallest;
}

std::string formula(const Composition& composition) {
  Composition ordered = composition;
  std::ranges::stable_sort(
      ordered, {}, [](const auto& entry) { return electronegativity_for_order(entry.first); });
  std::string text;
  for (const auto& [atomic_number, count] : ordered) {
    text += element(atomic_number).symbol;
    if (count != 1) text += std::to_string(count);
  }
  return text;
}

double density(const Crystal& crystal) {
  constexpr double kGramsPerCubicCentimetre = 1.66053906660;  // of one dalton in one Å³
  double mass = 0;
  for (const auto atomic_number : crystal.atomic_numbers)
    mass += element(atomic_number).atomic_mass;
  return mass * kGramsPerCubicCentimetre / crystal.lattice.volume();
}

Crystal supercell(const Crystal& crystal, const std::array<int, 3>& repeats) {
  if (std::ranges::min(repeats) < 1)
    throw DataError("crystal.supercell", "a supercell repeats each vector at least once");
  Matrix3 vectors = crystal.lattice.vectors();
  for (std::size_t row = 0; row < 3; ++row)
    for (double& component : vectors[row]) component *= repeats[row];
  Crystal larger{.lattice = Lattice(vectors),
                 .fractional_coordinates = {},
                 .atomic_numbers = {},
                 .name = crystal.name};
  for (std::size_t site = 0; site < crystal.size(); ++site) {
    const Vector3& at = crystal.fractional_coordinates[site];
    for (int i = 0; i < repeats[0]; ++i)
      for (int j = 0; j < repeats[1]; ++j)
        for (int k = 0; k < repeats[2]; ++k) {
          larger.fractional_coordinates.push_back(
              {(at[0] + i) / repeats[0], (at[1] + j) / repeats[1], (at[2] + k) / repeats[2]});
          larger.atomic_numbers.push_back(crystal.atomic_numbers[site]);
        }
  }
  return larger;
}

}  // namespace equigen
