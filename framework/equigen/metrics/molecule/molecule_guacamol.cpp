// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/molecule_guacamol.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <unordered_set>

#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/metrics/distances/distribution_distances.h"
#include "equigen/metrics/molecule/molecule_set.h"
#include "equigen/metrics/molecule/similarity.h"
#include "equigen/plugin/registry.h"

namespace equigen {
namespace {

using Molecules = DescribedMolecules;

constexpr MoleculeParts kParts = MoleculeParts::physchem | MoleculeParts::fingerprint;
constexpr std::size_t kFingerprintLength = 4096;
constexpr std::uint64_t kSubsetSeed = 42;

/// A descriptor that is compared: as a density, or in bins where it is a whole number.
struct Descriptor {
  std::string name;
  std::string label;
  bool is_whole;
  std::function<double(const MoleculeDescriptors&)> value;
};

const std::vector<Descriptor>& descriptors() {
  using M = MoleculeDescriptors;
  static const std::vector<Descriptor> all = {
      {"bertz", "complexity (Bertz)", false, [](const M& m) { return m.bertz; }},
      {"logp", "logP", false, [](const M& m) { return m.logp; }},
      {"weight", "weight", false, [](const M& m) { return m.weight; }},
      {"tpsa", "polar surface", false, [](const M& m) { return m.tpsa; }},
      {"acceptors", "acceptors", true, [](const M& m) { return m.acceptors; }},
      {"donors", "donors", true, [](const M& m) { return m.donors; }},
      {"rotatable_bonds", "rotatable bonds", true, [](const M& m) { return m.rotatable_bonds; }},
      {"aliphatic_rings", "aliphatic rings", true, [](const M& m) { return m.aliphatic_rings; }},
      {"aromatic_rings", "aromatic rings", true, [](const M& m) { return m.aromatic_rings; }}};
  return all;
}

/// The first `count` molecules that differ without regard to stereochemistry.
Molecules distinct(const Molecules& molecules, std::size_t count) {
  std::unordered_set<std::string> seen;
  Molecules result;
  for (const auto& molecule : molecules) {
    if (result.size() == count) break;
    if (seen.insert(molecule->plain_smiles).second) result.push_back(molecule);
  }
  return result;
}

std::vector<double> values_of(const Molecules& molecules, const Descriptor& descriptor) {
  std::vector<double> values;
  for (const auto& molecule : molecules) values.push_back(descriptor.value(*molecule));
  return values;
}

std::vector<double> internal_similarity(const Molecules& molecules) {
  return similarity::nearest_other(similarity::fingerprints(molecules, kFingerprintLength));
}

struct Divergence {
  std::string name;
  std::string label;
  double value = 0;
};

std::vector<Divergence> divergences(const Molecules& reference, const Molecules& sample,
                                    const std::vector<double>& reference_similarity) {
  std::vector<Divergence> result;
  for (const Descriptor& descriptor : descriptors()) {
    auto theirs = values_of(reference, descriptor);
    auto own = values_of(sample, descriptor);
    result.push_back({descriptor.name, descriptor.label,
                      descriptor.is_whole
                          ? distance::kl_of_histograms(theirs, own)
                          : distance::kl_of_densities(std::move(theirs), std::move(own))});
  }
  result.push_back({"internal_similarity", "internal similarity",
                    distance::kl_of_densities(reference_similarity, internal_similarity(sample))});
  return result;
}

MetricValue score_of(const std::vector<Divergence>& parts) {
  double sum = 0;
  int count = 0;
  std::string missing;
  for (const Divergence& part : parts) {
    if (std::isnan(part.value)) {
      missing += (missing.empty() ? "" : ", ") + part.label;
      continue;
    }
    sum += std::exp(-part.value);
    ++count;
  }
  if (count == 0)
    throw DataError("metric-empty", "no descriptor varies enough for a KL divergence");
  MetricValue score{"guacamol_kl",
                    "KL score of descriptors (GuacaMol)",
                    sum / count,
                    Direction::higher,
                    "",
                    {},
                    0,
                    {}};
  if (!missing.empty()) score.note = "without (all values equal): " + missing;
  return score;
}

}  // namespace

std::vector<Sample> guacamol_training_subset(std::span<const Sample> train, std::size_t count) {
  std::vector<std::size_t> order(train.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  RandomStream stream(kSubsetSeed, "guacamol training subset", 0);
  stream.shuffle(std::span(order));
  order.resize(std::min(count, order.size()));
  std::vector<Sample> subset;
  for (const std::size_t i : order) subset.push_back(train[i]);
  return subset;
}

void GuacamolKl::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("GuacaMol's score of the KL divergences of descriptors.");
  keys.field("against", &Config::against,
             "compare with the reference, or with the training set as the benchmark does")
      .choices({"reference", "training"});
  keys.field("sample_count", &Config::sample_count,
             "at most so many distinct molecules of each side (the benchmark: 10000)")
      .at_least(2);
}

MoleculeParts GuacamolKl::molecule_parts() const {
  return config_.against == "reference" ? kParts : MoleculeParts::none;
}

MoleculeParts GuacamolKl::generated_parts() const {
  return kParts;
}

std::vector<MetricValue> GuacamolKl::compute(const MetricInput& input) const {
  const auto count = static_cast<std::size_t>(config_.sample_count);
  MetricInput sides = input;
  std::vector<Sample> subset;
  if (config_.against == "training") {
    if (input.train.empty())
      throw DataError("metric-empty", "guacamol_kl against the training set needs one",
                      "name it with --train, or set against: reference");
    subset = guacamol_training_subset(input.train, count);
    sides.reference = subset;
  }
  const ComparedMolecules sets = compared_molecules(sides, kParts, "guacamol_kl");
  const Molecules sample = distinct(sets.generated, count);
  const Molecules reference = distinct(sets.reference, count);
  const auto shared = input.molecules ? input.molecules : std::make_shared<MoleculeCache>();
  const auto similarity =
      shared->reference_numbers(sides.reference, fmt::format("internal similarity of {}", count),
                                [&] { return internal_similarity(reference); });
  const auto parts = divergences(reference, sample, *similarity);
  const std::string protocol =
      fmt::format("GuacaMol KL divergence, against the {}",
                  config_.against == "training" ? "training set" : "reference");
  std::vector<MetricValue> values = {score_of(parts)};
  for (const Divergence& part : parts)
    values.push_back({"kl_" + part.name,
                      "KL divergence of " + part.label,
                      part.value,
                      Direction::lower,
                      "",
                      {},
                      0,
                      {}});
  for (MetricValue& value : values) {
    value.protocol = protocol;
    value.sample_count = std::ssize(sample);
  }
  return values;
}

void register_guacamol_metrics(RegistryBuilder& registry) {
  registry.add<Metric, GuacamolKl>("guacamol_kl", "KL divergences of descriptors (GuacaMol)");
}

}  // namespace equigen
