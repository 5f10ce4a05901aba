// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/molecule_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/molecule/smiles.h"

namespace equigen {
namespace {

/// Smaller sets are described as fast as they are read.
constexpr std::size_t kFewestKept = 500;

const Molecule& molecule_of(const Sample& sample) {
  const auto* molecule = std::get_if<Molecule>(&sample.structure);
  if (!molecule)
    throw DataError("metric-structure",
                    fmt::format("a metric of molecules was given a {}", structure_kind(sample)),
                    "choose metrics for that kind of structure");
  return *molecule;
}

/// The SMILES by which a molecule is known; empty for what is none.
std::string key_of(const Molecule& molecule) {
  if (molecule.atoms.empty() || !molecule.smiles.empty()) return molecule.smiles;
  try {
    return canonical_smiles(molecule);
  } catch (const DataError&) {
    return {};  // impossible valences: counted as invalid
  }
}

std::vector<std::string> keys_of(std::span<const Sample> samples) {
  std::vector<std::string> keys(samples.size());
  parallel_for(static_cast<std::int64_t>(keys.size()), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    keys[index] = key_of(molecule_of(samples[index]));
  });
  return keys;
}

/// The keys of molecules, each once, in their order.
std::vector<std::string> distinct_keys(std::span<const Sample> samples) {
  std::unordered_set<std::string> seen;
  std::vector<std::string> keys = keys_of(samples);
  std::erase_if(keys,
                [&](const std::string& key) { return key.empty() || !seen.insert(key).second; });
  return keys;
}

std::shared_ptr<const MoleculeDescriptors> described(const std::string& smiles,
                                                     const std::string& plain_smiles,
                                                     MoleculeParts parts) {
  Molecule molecule;
  molecule.atoms.resize(1);
  molecule.smiles = smiles;
  molecule.plain_smiles = plain_smiles;
  return std::make_shared<const MoleculeDescriptors>(describe(molecule, parts));
}

DescribedMolecules valid_molecules(const MetricInput& input, std::span<const Sample> samples,
                                   MoleculeParts parts, MoleculeCache::Side side) {
  if (input.molecules) return input.molecules->valid(samples, parts, side);
  return MoleculeCache().valid(samples, parts, side);
}

}  // namespace

std::vector<const Molecule*> molecules_of(std::span<const Sample> samples) {
  std::vector<const Molecule*> molecules;
  molecules.reserve(samples.size());
  for (const Sample& sample : samples) molecules.push_back(&molecule_of(sample));
  return molecules;
}

void MoleculeCache::expect(MoleculeParts of_all, MoleculeParts of_generated) {
  const std::lock_guard lock(mutex_);
  of_all_ = of_all_ | of_all;
  of_generated_ = of_generated_ | of_generated;
}

MoleculeParts MoleculeCache::expected(Side side) const {
  return side == Side::generated ? of_all_ | of_generated_ : of_all_;
}

void MoleculeCache::keep_in(std::filesystem::path folder) {
  const std::lock_guard lock(mutex_);
  folder_ = std::move(folder);
}

void MoleculeCache::prepare(std::span<const Sample> samples, Side side) {
  const std::lock_guard lock(mutex_);
  const MoleculeParts parts = expected(side);
  const bool is_worth_it = samples.size() >= kFewestKept && parts != MoleculeParts::none &&
                           std::ranges::all_of(samples, [](const Sample& sample) {
                             return std::holds_alternative<Molecule>(sample.structure);
                           });
  if (folder_.empty() || !is_worth_it) return;
  const std::vector<std::string> keys = distinct_keys(samples);
  const DescribedMolecules kept = kept_described(folder_, keys, parts, [&] {
    found(samples, parts, parts);
    DescribedMolecules all;
    for (const std::string& key : keys) all.push_back(entries_.at(key).found);
    return all;
  });
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Entry& entry = entries_[keys[i]];
    if (!contains(entry.parts, parts)) entry = {parts, kept[i]};
  }
}

DescribedMolecules MoleculeCache::valid(std::span<const Sample> samples, MoleculeParts parts,
                                        Side side) {
  const std::lock_guard lock(mutex_);
  const bool is_known = side == Side::reference && described_parts_ != MoleculeParts::none &&
                        is_reference(samples) && contains(described_parts_, parts);
  if (is_known) return described_;
  const MoleculeParts wanted = parts | expected(side);
  DescribedMolecules result = found(samples, parts, wanted);
  if (side == Side::reference && is_reference(samples)) {
    described_ = result;
    described_parts_ = wanted;
  }
  return result;
}

DescribedMolecules MoleculeCache::found(std::span<const Sample> samples, MoleculeParts parts,
                                        MoleculeParts wanted) {
  const std::vector<std::string> keys = keys_of(samples);
  struct Missing {
    Entry* entry;
    const std::string* smiles;
    const Molecule* source;
  };
  std::vector<Missing> missing;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].empty()) continue;
    auto& [smiles, entry] = *entries_.try_emplace(keys[i]).first;
    if (contains(entry.parts, parts)) continue;
    // Marked at once, so that a repeated molecule is computed once.
    entry.parts = entry.parts | wanted;
    missing.push_back({&entry, &smiles, &molecule_of(samples[i])});
  }
  try {
    parallel_for(static_cast<std::int64_t>(missing.size()), [&](std::int64_t i) {
      const Missing& item = missing[static_cast<std::size_t>(i)];
      item.entry->found = described(*item.smiles, item.source->plain_smiles, item.entry->parts);
    });
  } catch (...) {
    entries_.clear();
    throw;
  }
  DescribedMolecules result;
  for (const std::string& key : keys) {
    if (key.empty()) continue;
    const auto& entry = entries_.at(key);
    if (entry.found->valid) result.push_back(entry.found);
  }
  return result;
}

std::shared_ptr<const nspdk::Features> MoleculeCache::reference_features(
    std::span<const Sample> reference) {
  const auto molecules = valid(reference, MoleculeParts::skeleton, Side::reference);
  const std::lock_guard lock(mutex_);
  if (features_ && is_reference(reference)) return features_;
  auto features =
      std::make_shared<const nspdk::Features>(nspdk::mean_described_features(molecules));
  if (is_reference(reference)) features_ = features;
  return features;
}

MoleculeCache::Numbers MoleculeCache::reference_numbers(
    std::span<const Sample> reference, const std::string& what,
    const std::function<std::vector<double>()>& make) {
  const std::lock_guard lock(mutex_);
  if (!is_reference(reference)) return std::make_shared<const std::vector<double>>(make());
  Numbers& numbers = numbers_[what];
  if (!numbers) numbers = std::make_shared<const std::vector<double>>(make());
  return numbers;
}

DescribedMolecules generated_molecules(const MetricInput& input, MoleculeParts parts) {
  if (input.generated.empty())
    throw DataError("metric-empty", "there are no generated samples to evaluate");
  auto found = valid_molecules(input, input.generated, parts, MoleculeCache::Side::generated);
  if (found.empty()) throw DataError("metric-empty", "no generated sample is a molecule");
  return found;
}

ComparedMolecules compared_molecules(const MetricInput& input, MoleculeParts parts,
                                     const std::string& metric) {
  if (input.reference.empty())
    throw DataError("metric-empty", fmt::format("{} needs reference molecules", metric),
                    "name a data set to compare with");
  ComparedMolecules sets{
      generated_molecules(input, parts),
      valid_molecules(input, input.reference, parts, MoleculeCache::Side::reference)};
  if (sets.reference.empty())
    throw DataError("metric-empty", "no sample of the reference is a molecule");
  return sets;
}

}  // namespace equigen
