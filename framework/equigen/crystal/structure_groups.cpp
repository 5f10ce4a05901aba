// SPDX-License-Identifier: MIT
#include "equigen/crystal/structure_groups.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"

namespace equigen {
namespace {

constexpr std::int64_t kWorthSharing = 32;  // fewer comparisons are not spread over the cores

std::optional<PreparedCrystal> prepared(const Crystal& crystal) {
  try {
    return PreparedCrystal(crystal);
  } catch (const DataError&) {
    return std::nullopt;
  }
}

/// Sets the representatives of the members of one bucket, which are in ascending order.
void group_bucket(std::span<const std::optional<PreparedCrystal>> crystals,
                  std::vector<std::size_t> open, const MatchTolerances& tolerances,
                  std::vector<std::size_t>& representatives) {
  while (!open.empty()) {
    const std::size_t first = open.front();
    std::vector<char> joins(open.size(), 0);
    joins[0] = 1;
    const auto compare = [&](std::int64_t i) {
      const auto other = static_cast<std::size_t>(i) + 1;
      joins[other] = fit(*crystals[first], *crystals[open[other]], tolerances);
    };
    const auto comparisons = static_cast<std::int64_t>(open.size()) - 1;
    if (comparisons >= kWorthSharing)
      parallel_for(comparisons, compare);
    else
      for (std::int64_t i = 0; i < comparisons; ++i) compare(i);
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (joins[i])
        representatives[open[i]] = first;
      else
        left.push_back(open[i]);
    }
    open = std::move(left);
  }
}

}  // namespace

std::vector<std::optional<PreparedCrystal>> prepare_crystals(std::span<const Crystal> crystals) {
  std::vector<std::optional<PreparedCrystal>> result(crystals.size());
  parallel_for(static_cast<std::int64_t>(crystals.size()), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    result[index] = prepared(crystals[index]);
  });
  return result;
}

std::vector<std::size_t> group_structures(std::span<const std::optional<PreparedCrystal>> crystals,
                                          const MatchTolerances& tolerances,
                                          std::span<const int> space_groups) {
  // Crystals fit only if their reduced cells hold equal numbers of sites of each element.
  using Key = std::tuple<Composition, std::size_t, int>;
  std::map<Key, std::vector<std::size_t>> by_key;
  for (std::size_t i = 0; i < crystals.size(); ++i)
    if (crystals[i])
      by_key[{crystals[i]->reduced_composition(), crystals[i]->positions().size(),
              space_groups.empty() ? 0 : space_groups[i]}]
          .push_back(i);
  std::vector<std::vector<std::size_t>> buckets;
  for (auto& [key, members] : by_key) buckets.push_back(std::move(members));
  std::vector<std::size_t> representatives(crystals.size(), kNoStructure);
  parallel_for(static_cast<std::int64_t>(buckets.size()), [&](std::int64_t i) {
    group_bucket(crystals, std::move(buckets[static_cast<std::size_t>(i)]), tolerances,
                 representatives);
  });
  return representatives;
}

std::vector<std::size_t> first_training_match(
    std::span<const std::optional<PreparedCrystal>> crystals, std::span<const Crystal> training,
    const MatchTolerances& tolerances) {
  std::map<Composition, std::vector<std::size_t>> by_composition;
  for (const auto& crystal : crystals)
    if (crystal) by_composition[crystal->reduced_composition()];
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < training.size(); ++i) {
    const auto bucket = by_composition.find(reduced(composition(training[i])));
    if (bucket == by_composition.end()) continue;
    bucket->second.push_back(asked.size());
    asked.push_back(i);
  }
  std::vector<std::optional<PreparedCrystal>> references(asked.size());
  parallel_for(static_cast<std::int64_t>(asked.size()), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    references[index] = prepared(training[asked[index]]);
  });
  std::vector<std::size_t> matches(crystals.size(), kNoStructure);
  parallel_for(static_cast<std::int64_t>(crystals.size()), [&](std::int64_t i) {
    const auto& crystal = crystals[static_cast<std::size_t>(i)];
    if (!crystal) return;
    for (const std::size_t reference : by_composition.at(crystal->reduced_composition())) {
      if (!references[reference] || !fit(*crystal, *references[reference], tolerances)) continue;
      matches[static_cast<std::size_t>(i)] = asked[reference];
      break;
    }
  });
  return matches;
}

}  // namespace equigen
