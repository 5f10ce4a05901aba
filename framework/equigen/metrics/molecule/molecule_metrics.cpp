// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/molecule_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/metrics/molecule/molecule_fcd.h"
#include "equigen/metrics/molecule/molecule_guacamol.h"
#include "equigen/metrics/molecule/molecule_moses.h"
#include "equigen/metrics/molecule/molecule_set.h"
#include "equigen/metrics/molecule/molecule_statistics.h"
#include "equigen/metrics/molecule/nspdk.h"
#include "equigen/metrics/share_figure.h"
#include "equigen/molecule/smiles.h"
#include "equigen/plugin/registry.h"

namespace equigen {
namespace {

constexpr const char* kNoted = "valid_without_correction";

std::vector<const Molecule*> generated_of(const MetricInput& input) {
  if (input.generated.empty())
    throw DataError("metric-empty", "there are no generated samples to evaluate");
  return molecules_of(input.generated);
}

/// The canonical SMILES of a molecule as it is, empty when it is none.
std::string text_of(const Molecule& molecule) {
  if (molecule.atoms.empty() || !molecule.smiles.empty()) return molecule.smiles;
  try {
    return canonical_smiles(molecule);
  } catch (const DataError&) {
    return {};  // impossible valences: counted as invalid
  }
}

/// The same without stereochemistry.
std::string plain_text_of(const Molecule& molecule) {
  try {
    return plain_smiles(molecule);
  } catch (const DataError&) {
    return {};
  }
}

std::vector<std::string> on_all_cores(const std::vector<const Molecule*>& molecules,
                                      std::string (*text)(const Molecule&)) {
  std::vector<std::string> result(molecules.size());
  parallel_for(static_cast<std::int64_t>(molecules.size()), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    result[index] = text(*molecules[index]);
  });
  return result;
}

/// Canonical SMILES of each molecule; empty ones are invalid.
std::vector<std::string> texts_of(const std::vector<const Molecule*>& molecules) {
  return on_all_cores(molecules, text_of);
}

std::vector<std::string> distinct(std::vector<std::string> texts) {
  std::erase(texts, std::string());
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

MetricValue percentage(std::string name, std::string label, double value, std::string protocol,
                       std::int64_t count) {
  return {std::move(name),
          std::move(label),
          value,
          Direction::higher,
          "%",
          std::move(protocol),
          count,
          {}};
}

/// How many samples carry the sampler's note, and how many of those passed.
struct Noted {
  std::int64_t samples = 0;
  std::int64_t passed = 0;
  std::int64_t kept = 0;
};

Noted noted_among(std::span<const Sample> samples, const std::vector<std::string>& texts) {
  Noted noted;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double value = property_or(samples[i], kNoted, -1);
    if (value < 0) continue;
    ++noted.samples;
    noted.passed += value > 0.5;
    noted.kept += !texts[i].empty();
  }
  return noted;
}

/// Sizes that MOSES names.
constexpr std::int64_t kUniqueAmong[] = {1000, 10000};

/// MOSES' unique@k: of the first k valid molecules.
MetricValue unique_among_first(std::vector<std::string> texts, std::int64_t count) {
  std::erase(texts, std::string());
  texts.resize(static_cast<std::size_t>(count));
  return percentage(fmt::format("unique_at_{}", count), fmt::format("unique@{}", count),
                    percent(std::ssize(distinct(std::move(texts))), count),
                    fmt::format("MOSES: distinct among the first {} valid molecules", count),
                    count);
}

/// `generated` are the distinct canonical SMILES.
std::vector<MetricValue> novelty(const std::vector<std::string>& generated,
                                 const MetricInput& input) {
  const auto training_molecules = molecules_of(input.train);
  const auto train = distinct(texts_of(training_molecules));
  const auto share_outside = [](const std::vector<std::string>& own,
                                const std::vector<std::string>& known) {
    std::vector<std::string> outside;
    std::set_difference(own.begin(), own.end(), known.begin(), known.end(),
                        std::back_inserter(outside));
    return percent(std::ssize(outside), std::ssize(own));
  };
  const auto plain_generated = distinct(on_all_cores(molecules_of(input.generated), plain_text_of));
  const auto plain_train = distinct(on_all_cores(training_molecules, plain_text_of));
  MetricValue with_stereo = percentage(
      "novelty_stereo", "novelty (stereochemistry compared)", share_outside(generated, train),
      "distinct canonical SMILES not in training, stereochemistry as given (published way)",
      std::ssize(generated));
  const auto has_stereo = [](const std::vector<std::string>& texts) {
    return std::any_of(texts.begin(), texts.end(), may_have_stereochemistry);
  };
  if (has_stereo(train) && !has_stereo(generated))
    with_stereo.note =
        "overstated: the training molecules have stereochemistry, the generated ones have none";
  return {percentage("novelty", "novelty", share_outside(plain_generated, plain_train),
                     "distinct canonical SMILES not in training, without stereochemistry",
                     std::ssize(plain_generated)),
          std::move(with_stereo)};
}

}  // namespace

void MoleculeValidity::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Share of samples that are molecules, with and without valence correction.");
}

std::vector<MetricValue> MoleculeValidity::compute(const MetricInput& input) const {
  const auto texts = texts_of(generated_of(input));
  const auto valid = std::ssize(texts) - std::count(texts.begin(), texts.end(), std::string());
  const Noted noted = noted_among(input.generated, texts);
  // Of files from elsewhere it is not known whether anything was corrected.
  std::vector<MetricValue> values = {
      percentage("validity", noted.samples == 0 ? "validity" : "validity (with correction)",
                 percent(valid, std::ssize(texts)), "samples that are a molecule, of all samples",
                 std::ssize(texts))};
  if (noted.samples == 0) return values;
  values.push_back(percentage(
      "validity_without_correction", "validity without correction",
      percent(noted.passed, noted.kept),
      "valence check before correction, of the molecules kept (as published)", noted.kept));
  values.push_back(percentage("validity_without_correction_over_all",
                              "validity without correction, of all samples",
                              percent(noted.passed, noted.samples),
                              "valence check before correction, of all samples", noted.samples));
  if (noted.samples < std::ssize(texts)) {
    const std::string note = fmt::format("{} of {} samples do not say whether they were valid",
                                         std::ssize(texts) - noted.samples, std::ssize(texts));
    values[1].note = values[2].note = note;
  }
  return values;
}

void MoleculeUniquenessNovelty::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Share of distinct molecules, and of those not in the training set.");
}

std::vector<MetricValue> MoleculeUniquenessNovelty::compute(const MetricInput& input) const {
  const auto texts = texts_of(generated_of(input));
  const auto valid = std::ssize(texts) - std::count(texts.begin(), texts.end(), std::string());
  const auto different = distinct(texts);
  std::vector<MetricValue> values = {
      percentage("uniqueness", "uniqueness", percent(std::ssize(different), valid),
                 "distinct canonical SMILES of the valid ones", valid)};
  for (const std::int64_t first : kUniqueAmong)
    if (valid >= first) values.push_back(unique_among_first(texts, first));
  if (input.train.empty()) return values;
  for (MetricValue& value : novelty(different, input)) values.push_back(std::move(value));
  return values;
}

void NspdkMmd::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Distance of the distributions of atom neighbourhoods (NSPDK kernel, MMD).");
}

std::vector<MetricValue> NspdkMmd::compute(const MetricInput& input) const {
  MetricInput shared = input;
  if (!shared.molecules) shared.molecules = std::make_shared<MoleculeCache>();
  const ComparedMolecules sets = compared_molecules(shared, molecule_parts(), "nspdk_mmd");
  const double value =
      nspdk::squared_distance(*shared.molecules->reference_features(input.reference),
                              nspdk::mean_described_features(sets.generated));
  return {{"nspdk_mmd",
           "NSPDK MMD",
           value,
           Direction::lower,
           "",
           "MMD squared, V-statistic, radius and distance 0..4, features not folded",
           std::ssize(sets.generated),
           {}}};
}

void register_molecule_metrics(RegistryBuilder& registry) {
  registry.add<Metric, MoleculeValidity>("molecule_validity",
                                         "share of valid molecules, with and without correction");
  registry.add<Metric, MoleculeUniquenessNovelty>("molecule_uniqueness_novelty",
                                                  "shares of distinct and of new molecules");
  registry.add<Metric, NspdkMmd>("nspdk_mmd", "NSPDK maximum mean discrepancy of molecules");
  register_molecule_statistics(registry);
  register_moses_metrics(registry);
  register_guacamol_metrics(registry);
  register_fcd_metric(registry);
}

}  // namespace equigen
