// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/crystal/elements.h"
#include "equigen/crystal/matching/structure_groups.h"
#include "equigen/crystal/symmetry/symmetry.h"
#include "equigen/crystal/symmetry/wyckoff_positions.h"
#include "equigen/report/shares.h"
#include "equigen/report/structure_distributions.h"

namespace equigen::report {

namespace {

using namespace shares;

constexpr double kSymmetryTolerance = 0.1;      // Å, as crystal_statistics
constexpr std::size_t kMostSpaceGroups = 1000;  // of each set

/// The range that holds most values of either set, so that one broken cell does not squeeze all.
std::pair<double, double> usual_range(const Values& generated, const Values& reference) {
  Values all;
  for (const Values* values : {&generated, &reference})
    for (const double value : *values)
      if (std::isfinite(value)) all.push_back(value);
  if (all.empty()) return {0, 1};
  std::ranges::sort(all);
  const auto cut = all.size() / 200;
  const double low = all[cut], high = all[all.size() - 1 - cut];
  return high > low ? std::pair(low, high) : std::pair(low - 0.5, low + 0.5);
}

/// What is plotted of a crystal beside its elements.
struct Measured {
  bool is_whole = false;  ///< it has atoms and a volume
  double density = 0;     ///< g/cm³
  double element_count = 0;
  std::optional<PreparedCrystal> reduced;  ///< the cell that crystal_statistics compares
  int space_group = 0;                     ///< 0: none was found, or not looked for
};

Measured measured(const Crystal& crystal, bool with_space_group) {
  Measured result;
  const double volume = crystal.lattice.volume();
  result.is_whole = crystal.size() > 0 && std::isfinite(volume) && volume > 0;
  if (!result.is_whole) return result;
  try {
    result.density = density(crystal);
  } catch (const DataError&) {
    result.density = std::nan("");  // an element without data; the plot leaves it out
  }
  result.element_count = static_cast<double>(composition(crystal).size());
  result.reduced = prepared_crystal(crystal);
  if (with_space_group)
    result.space_group = space_group_number(crystal, {.distance = kSymmetryTolerance, .angle = {}});
  return result;
}

/// Space groups are found of evenly chosen ones: they take longer than all else.
std::vector<Measured> measured(std::span<const Sample> samples) {
  std::vector<Measured> all(samples.size());
  const std::size_t step = samples.size() / kMostSpaceGroups + 1;
  parallel_for(std::ssize(samples), [&](std::int64_t i) {
    const auto place = static_cast<std::size_t>(i);
    if (const auto* crystal = std::get_if<Crystal>(&samples[place].structure))
      all[place] = measured(*crystal, place % step == 0);
  });
  return all;
}

template <typename Add>
Values values_of(const std::vector<Measured>& crystals, const Add& add) {
  Values values;
  for (const Measured& crystal : crystals)
    if (crystal.is_whole) add(crystal, values);
  return values;
}

NameCounts space_groups_of(const std::vector<Measured>& crystals) {
  NameCounts names;
  for (const Measured& crystal : crystals)
    if (crystal.space_group > 0)
      names[fmt::format("{} ({})", space_group(crystal.space_group).symbol, crystal.space_group)] +=
          1;
  return names;
}

NameCounts elements_of(std::span<const Sample> samples) {
  NameCounts names;
  for (const Sample& sample : samples)
    if (const auto* crystal = std::get_if<Crystal>(&sample.structure))
      for (const auto number : crystal->atomic_numbers) names[element(number).symbol] += 1;
  return names;
}

void add_cell(const Measured& crystal, Values& values, Vector3 LatticeParameters::*part) {
  if (!crystal.reduced) return;
  const Vector3& three = crystal.reduced->parameters().*part;
  values.insert(values.end(), three.begin(), three.end());
}

}  // namespace

std::vector<Distribution> compare_crystals(std::span<const Sample> generated,
                                           std::span<const Sample> reference) {
  const std::vector<Measured> ours = measured(generated), theirs = measured(reference);
  const auto counts = [&](const Names& names, const auto& add) {
    return of_counts(names, values_of(ours, add), values_of(theirs, add));
  };
  const auto reals = [&](const Names& names, const auto& add) {
    const Values left = values_of(ours, add), right = values_of(theirs, add);
    const auto [low, high] = usual_range(left, right);
    return of_reals(names, left, right, low, high);
  };
  std::vector<Distribution> result;
  result.push_back(counts({"atoms", "Size", "atoms of the reduced primitive cell"},
                          [](const Measured& c, Values& v) {
                            if (c.reduced)
                              v.push_back(static_cast<double>(c.reduced->positions().size()));
                          }));
  result.push_back(counts({"element_count", "Number of elements", "elements of a crystal"},
                          [](const Measured& c, Values& v) { v.push_back(c.element_count); }));
  result.push_back(of_names({"elements", "Elements", "element of an atom"}, elements_of(generated),
                            elements_of(reference)));
  result.push_back(of_names({"space_groups", "Space groups", "space group, found at 0.1 Å"},
                            space_groups_of(ours), space_groups_of(theirs)));
  result.push_back(
      reals({"density", "Density", "density, g/cm³"}, [](const Measured& c, Values& v) {
        if (std::isfinite(c.density)) v.push_back(c.density);
      }));
  result.push_back(
      reals({"lengths", "Lattice lengths", "length of the reduced cell, Å"},
            [](const Measured& c, Values& v) { add_cell(c, v, &LatticeParameters::lengths); }));
  result.push_back(
      reals({"angles", "Lattice angles", "angle of the reduced cell, degrees"},
            [](const Measured& c, Values& v) { add_cell(c, v, &LatticeParameters::angles); }));
  return result;
}

}  // namespace equigen::report
