// SPDX-License-Identifier: MIT
#include "equigen/crystal/matching/structure_groups.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"

namespace equigen {
namespace {

constexpr std::int64_t kWorthSharing = 32;  // fewer comparisons are not spread over the cores

/// Sets the representatives of the members of one bucket, which are in ascending order.
void group_bucket(std::span<const PreparedCrystal* const> crystals, std::vector<std::size_t> open,
                  const MatchTolerances& tolerances, std::vector<std::size_t>& representatives) {
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

struct KnownStructures::Bucket {
  std::vector<std::size_t> members;
  std::once_flag once;
  std::vector<std::optional<PreparedCrystal>> prepared;  // one a member, after `once`
};

std::optional<PreparedCrystal> prepared_crystal(const Crystal& crystal) {
  try {
    return PreparedCrystal(crystal);
  } catch (const DataError&) {
    return std::nullopt;
  }
}

std::vector<std::size_t> group_structures(std::span<const PreparedCrystal* const> crystals,
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

KnownStructures::~KnownStructures() = default;

KnownStructures::KnownStructures(std::vector<const Crystal*> crystals)
    : crystals_(std::move(crystals)) {
  std::vector<Composition> compositions(crystals_.size());
  parallel_for(std::ssize(crystals_), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    compositions[index] = reduced(composition(*crystals_[index]));
  });
  for (std::size_t i = 0; i < crystals_.size(); ++i) {
    auto& bucket = buckets_[compositions[i]];
    if (!bucket) bucket = std::make_unique<Bucket>();
    bucket->members.push_back(i);
  }
}

std::size_t KnownStructures::first_fit(const PreparedCrystal& crystal,
                                       const MatchTolerances& tolerances) const {
  const auto found = buckets_.find(crystal.reduced_composition());
  if (found == buckets_.end()) return kNoStructure;
  Bucket& bucket = *found->second;
  std::call_once(bucket.once, [&] {
    for (const std::size_t member : bucket.members)
      bucket.prepared.push_back(prepared_crystal(*crystals_[member]));
  });
  for (std::size_t i = 0; i < bucket.members.size(); ++i)
    if (bucket.prepared[i] && fit(crystal, *bucket.prepared[i], tolerances))
      return bucket.members[i];
  return kNoStructure;
}

std::vector<std::size_t> KnownStructures::first_fits(
    std::span<const PreparedCrystal* const> crystals, const MatchTolerances& tolerances) const {
  std::vector<std::size_t> fits(crystals.size(), kNoStructure);
  parallel_for(std::ssize(crystals), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    if (crystals[index]) fits[index] = first_fit(*crystals[index], tolerances);
  });
  return fits;
}

}  // namespace equigen
