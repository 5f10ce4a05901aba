// SPDX-License-Identifier: MIT
#include "equigen/crystal/crystal.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "equigen/base/error.h"
#include "equigen/crystal/elements.h"

namespace equigen {
namespace {

constexpr double kLargestVolume = 1e15;  // Å³

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

std::string written_identity(const Crystal& crystal) {
  constexpr double kStepsPerUnit = 1000;
  const auto steps = [](double value) { return std::llround(value * kStepsPerUnit); };
  if (!(crystal.lattice.volume() > 0) || !(crystal.lattice.volume() < kLargestVolume)) return {};
  std::vector<std::array<long long, 4>> sites;
  for (std::size_t i = 0; i < crystal.size(); ++i) {
    const Vector3 site = wrapped(crystal.fractional_coordinates[i]);
    if (!std::ranges::all_of(site, [](double x) { return std::isfinite(x); })) return {};
    const auto turn = static_cast<long long>(kStepsPerUnit);
    sites.push_back({crystal.atomic_numbers[i], steps(site[0]) % turn, steps(site[1]) % turn,
                     steps(site[2]) % turn});
  }
  std::ranges::sort(sites);
  const auto [lengths, angles] = crystal.lattice.parameters();
  std::string identity;
  for (const auto& numbers : {lengths, angles})
    for (const double number : numbers) identity += std::to_string(steps(number)) + ' ';
  for (const auto& site : sites)
    for (const auto number : site) identity += std::to_string(number) + ' ';
  return identity;
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
