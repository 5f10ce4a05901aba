// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "equigen/crystal/elements.h"
#include "equigen/report/shares.h"
#include "equigen/report/structure_distributions.h"

namespace equigen::report {

namespace {

using namespace shares;

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

}  // namespace

std::vector<Distribution> compare_crystals(std::span<const Sample> generated,
                                           std::span<const Sample> reference) {
  using Add = std::function<void(const Crystal&, Values&)>;
  const auto of_whole = [](const Add& add) {
    return [add](const Crystal& crystal, Values& values) {
      const bool has_cell = std::isfinite(crystal.lattice.volume()) && crystal.lattice.volume() > 0;
      if (crystal.size() > 0 && has_cell) add(crystal, values);
    };
  };
  const auto counts = [&](const Names& names, const Add& add) {
    return of_counts(names, gather<Crystal>(generated, of_whole(add)),
                     gather<Crystal>(reference, of_whole(add)));
  };
  const auto reals = [&](const Names& names, const Add& add) {
    const Values left = gather<Crystal>(generated, of_whole(add));
    const Values right = gather<Crystal>(reference, of_whole(add));
    const auto [low, high] = usual_range(left, right);
    return of_reals(names, left, right, low, high);
  };
  const auto elements = [](std::span<const Sample> samples) {
    NameCounts names;
    for (const Sample& sample : samples)
      if (const auto* crystal = std::get_if<Crystal>(&sample.structure))
        for (const auto number : crystal->atomic_numbers) names[element(number).symbol] += 1;
    return names;
  };
  std::vector<Distribution> result;
  result.push_back(counts({"atoms", "Size", "atoms of a cell"}, [](const Crystal& c, Values& v) {
    v.push_back(static_cast<double>(c.size()));
  }));
  result.push_back(counts({"element_count", "Number of elements", "elements of a crystal"},
                          [](const Crystal& c, Values& v) {
                            v.push_back(static_cast<double>(composition(c).size()));
                          }));
  result.push_back(of_names({"elements", "Elements", "element of an atom"}, elements(generated),
                            elements(reference)));
  result.push_back(reals({"density", "Density", "density, g/cm³"},
                         [](const Crystal& c, Values& v) { v.push_back(density(c)); }));
  result.push_back(reals({"lengths", "Lattice lengths", "length of a lattice vector, Å"},
                         [](const Crystal& c, Values& v) {
                           const auto lengths = c.lattice.parameters().lengths;
                           v.insert(v.end(), lengths.begin(), lengths.end());
                         }));
  result.push_back(reals({"angles", "Lattice angles", "angle between lattice vectors, degrees"},
                         [](const Crystal& c, Values& v) {
                           const auto angles = c.lattice.parameters().angles;
                           v.insert(v.end(), angles.begin(), angles.end());
                         }));
  return result;
}

}  // namespace equigen::report
