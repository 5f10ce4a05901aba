// SPDX-License-Identifier: MIT
#include "equigen/metrics/crystal/crystal_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/crystal/minimum_image.h"
#include "equigen/crystal/symmetry/symmetry.h"

namespace equigen {
namespace {

constexpr double kSymmetryTolerance = 0.1;  // Å: generated crystals are symmetric but for noise

/// FNV-1a, mixed by the finaliser of splitmix64.
std::uint64_t number_of(std::string_view key) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : key) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
  return hash ^ (hash >> 31);
}

DescribedCrystal described(const Crystal& crystal, const std::string& key) {
  DescribedCrystal result;
  result.verdict = crystal_verdict(crystal);
  if (!result.verdict.structure_fault)
    result.near_own_images =
        MinimumImages(crystal.lattice).shortest_lattice_vector() < StructureRule{}.least_distance;
  result.atom_count = crystal.size();
  result.elements = composition(crystal);
  result.volume = crystal.lattice.volume();
  try {
    result.density = density(crystal);
  } catch (const DataError&) {
    result.density = 0;  // an element without data, which the verdict names
  }
  result.draw = number_of(key);
  return result;
}

void add_fingerprints(const Crystal& crystal, DescribedCrystal& result) {
  if (result.volume < StructureRule{}.least_volume) {
    result.fingerprint_fault = result.verdict.structure_fault.value_or("");
    return;
  }
  try {
    result.fingerprints = crystal_fingerprints(crystal);
  } catch (const DataError& error) {
    result.fingerprint_fault = error.message();
  }
}

std::shared_ptr<const DescribedCrystal> extended(const Crystal& crystal, const std::string& key,
                                                 CrystalParts has, CrystalParts wanted,
                                                 const DescribedCrystal* old) {
  auto result = std::make_shared<DescribedCrystal>(old ? *old : described(crystal, key));
  const auto lacks = [&](CrystalParts part) {
    return contains(wanted, part) && !contains(has, part);
  };
  if (lacks(CrystalParts::fingerprints)) add_fingerprints(crystal, *result);
  if (lacks(CrystalParts::order_free_structure) && result->fingerprints)
    result->order_free_structure = structure_fingerprint(crystal, NeighbourOrder::independent);
  if (lacks(CrystalParts::reduced)) result->reduced = prepared_crystal(crystal);
  if (lacks(CrystalParts::space_group))
    result->space_group =
        space_group_number(crystal, {.distance = kSymmetryTolerance, .angle = {}});
  return result;
}

/// Finds equals of the crystals that the matcher does not take among themselves and in `train`.
void match_as_written(std::span<const Sample> samples, std::span<const Sample> train,
                      CrystalMatches& matches) {
  std::unordered_map<std::string, std::size_t> seen, known;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (matches.groups[i] != kNoStructure) continue;
    const Crystal& crystal = crystal_in(samples[i]);
    const std::string identity = crystal.size() == 0 ? "" : written_identity(crystal);
    if (identity.empty()) continue;
    if (matches.as_written++ == 0)
      for (std::size_t k = 0; k < train.size(); ++k)
        known.try_emplace(written_identity(crystal_in(train[k])), k);
    matches.groups[i] = seen.try_emplace(identity, i).first->second;
    if (const auto found = known.find(identity); found != known.end())
      matches.known[i] = found->second;
  }
}

}  // namespace

std::string bytes_of(const Crystal& crystal) {
  const std::size_t lattice = sizeof(Matrix3);
  const std::size_t sites = crystal.fractional_coordinates.size() * sizeof(Vector3);
  std::string key(lattice + sites + crystal.size(), '\0');
  std::memcpy(key.data(), crystal.lattice.vectors().data(), lattice);
  if (sites > 0) std::memcpy(key.data() + lattice, crystal.fractional_coordinates.data(), sites);
  if (crystal.size() > 0)
    std::memcpy(key.data() + lattice + sites, crystal.atomic_numbers.data(), crystal.size());
  return key;
}

std::vector<const Crystal*> crystals_of(std::span<const Sample> samples) {
  std::vector<const Crystal*> crystals;
  crystals.reserve(samples.size());
  for (const Sample& sample : samples) crystals.push_back(&crystal_in(sample));
  return crystals;
}

DescribedCrystals CrystalCache::describe(std::span<const Sample> samples, CrystalParts parts) {
  struct Missing {
    const Crystal* crystal;
    const std::string* key;
    Entry* entry;
    CrystalParts has;
  };
  const std::lock_guard lock(mutex_);
  std::vector<Entry*> entries;
  std::vector<Missing> missing;
  for (const Crystal* crystal : crystals_of(samples)) {
    auto& [key, entry] = *entries_.try_emplace(bytes_of(*crystal)).first;
    entries.push_back(&entry);
    if (entry.described && contains(entry.parts, parts)) continue;
    missing.push_back({crystal, &key, &entry, entry.parts});
    // Marked at once, so that a repeated crystal is described once.
    entry.described = true;
    entry.parts = entry.parts | parts;
  }
  try {
    parallel_for(std::ssize(missing), [&](std::int64_t i) {
      const Missing& one = missing[static_cast<std::size_t>(i)];
      one.entry->found = extended(*one.crystal, *one.key, one.has, parts, one.entry->found.get());
    });
  } catch (...) {
    entries_.clear();
    throw;
  }
  DescribedCrystals result;
  result.reserve(entries.size());
  for (const Entry* entry : entries) result.push_back(entry->found);
  return result;
}

std::shared_ptr<const KnownStructures> CrystalCache::known(std::span<const Sample> train) {
  if (!known_ || known_of_.data() != train.data() || known_of_.size() != train.size()) {
    known_ = std::make_shared<const KnownStructures>(crystals_of(train));
    known_of_ = train;
  }
  return known_;
}

std::shared_ptr<const CrystalMatches> CrystalCache::matches(std::span<const Sample> samples,
                                                            std::span<const Sample> train,
                                                            const MatchTolerances& tolerances) {
  const DescribedCrystals crystals = describe(samples, CrystalParts::reduced);
  std::vector<const PreparedCrystal*> reduced;
  std::vector<std::uint64_t> numbers;
  for (const auto& crystal : crystals) {
    reduced.push_back(crystal->reduced ? &*crystal->reduced : nullptr);
    numbers.push_back(crystal->draw);
  }
  const std::lock_guard lock(mutex_);
  const bool same_train =
      matched_train_ == !train.empty() &&
      (train.empty() || (known_of_.data() == train.data() && known_of_.size() == train.size()));
  if (matches_ && same_train && matched_with_ == tolerances && matched_ == numbers) return matches_;
  CrystalMatches found;
  found.groups = group_structures(reduced, tolerances);
  found.known = train.empty() ? std::vector<std::size_t>(crystals.size(), kNoStructure)
                              : known(train)->first_fits(reduced, tolerances);
  match_as_written(samples, train, found);
  matches_ = std::make_shared<const CrystalMatches>(std::move(found));
  matched_ = std::move(numbers);
  matched_with_ = tolerances;
  matched_train_ = !train.empty();
  return matches_;
}

void CrystalCache::watch(std::span<const Sample> samples) {
  watched_ = samples;
  findings_ = {};
}

void CrystalCache::note(std::span<const Sample> samples,
                        std::vector<std::optional<NearestCrystals>> nearest) {
  if (is_watched(samples)) findings_.nearest = std::move(nearest);
}

void CrystalCache::note(std::span<const Sample> samples,
                        std::vector<std::optional<TargetMatch>> targets) {
  if (is_watched(samples)) findings_.targets = std::move(targets);
}

void CrystalCache::note(std::span<const Sample> samples, std::vector<std::string> faults) {
  if (is_watched(samples)) findings_.faults = std::move(faults);
}

std::shared_ptr<CrystalCache> crystal_cache(const MetricInput& input) {
  return input.crystals ? input.crystals : std::make_shared<CrystalCache>();
}

DescribedCrystals generated_crystals(const MetricInput& input, CrystalParts parts) {
  if (input.generated.empty())
    throw DataError("metric-empty", "there are no generated samples to evaluate");
  return crystal_cache(input)->describe(input.generated, parts);
}

ComparedCrystals compared_crystals(const MetricInput& input, CrystalParts parts,
                                   std::string_view metric) {
  if (input.reference.empty())
    throw DataError("metric-empty", fmt::format("{} needs reference crystals", metric),
                    "name a data set to compare with");
  return {generated_crystals(input, parts), crystal_cache(input)->describe(input.reference, parts)};
}

DescribedCrystals drawn_valid(const DescribedCrystals& crystals, std::size_t count,
                              ComparedImages images) {
  DescribedCrystals valid;
  for (const auto& crystal : crystals)
    if (crystal->valid_with_fingerprints(images)) valid.push_back(crystal);
  if (count == 0 || valid.size() <= count) return valid;
  std::ranges::stable_sort(valid, {}, [](const auto& crystal) { return crystal->draw; });
  valid.resize(count);
  return valid;
}

}  // namespace equigen
