// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/molecule_moses.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "equigen/base/error.h"
#include "equigen/metrics/distances/distribution_distances.h"
#include "equigen/metrics/distances/wasserstein.h"
#include "equigen/metrics/molecule/molecule_set.h"
#include "equigen/metrics/molecule/similarity.h"
#include "equigen/plugin/registry.h"

namespace equigen {
namespace {

using Molecules = DescribedMolecules;

constexpr std::size_t kFingerprintLength = 1024;
constexpr int kScaffoldRings = 2;

/// One property of a molecule, and how it is spoken of.
struct Property {
  std::string name;
  std::string label;
  std::string unit;
  double MoleculeDescriptors::*value;
};

std::vector<double> values_of(const Molecules& molecules, const Property& property) {
  std::vector<double> values;
  values.reserve(molecules.size());
  for (const auto& molecule : molecules) values.push_back((*molecule).*property.value);
  return values;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void add_property(const Property& property, const ComparedMolecules& sets,
                  std::vector<MetricValue>& values) {
  const auto own = values_of(sets.generated, property);
  const auto others = values_of(sets.reference, property);
  const auto count = std::ssize(own);
  values.push_back({property.name + "_distance",
                    property.label + ", distance to the reference",
                    wasserstein_distance(own, others),
                    Direction::lower,
                    property.unit,
                    "MOSES: Wasserstein-1 distance to the reference",
                    count,
                    {}});
  values.push_back({"mean_" + property.name,
                    fmt::format("mean {} (reference {:.4g})", property.label, mean_of(others)),
                    mean_of(own),
                    Direction::neither,
                    property.unit,
                    "of the valid molecules",
                    count,
                    {}});
}

std::vector<MetricValue> compared_properties(const MetricInput& input, MoleculeParts parts,
                                             const std::string& metric,
                                             const std::vector<Property>& properties) {
  const ComparedMolecules sets = compared_molecules(input, parts, metric);
  std::vector<MetricValue> values;
  for (const Property& property : properties) add_property(property, sets, values);
  return values;
}

distance::Counts fragments_of(const Molecules& molecules) {
  distance::Counts counts;
  for (const auto& molecule : molecules)
    for (const std::string& fragment : molecule->fragments) ++counts[fragment];
  return counts;
}

distance::Counts scaffolds_of(const Molecules& molecules) {
  distance::Counts counts;
  for (const auto& molecule : molecules)
    if (!molecule->scaffold.empty() && molecule->scaffold_rings >= kScaffoldRings)
      ++counts[molecule->scaffold];
  return counts;
}

MetricValue cosine(std::string name, std::string label, const distance::Counts& own,
                   const distance::Counts& others, std::string protocol, std::int64_t count) {
  MetricValue value{std::move(name),
                    std::move(label),
                    distance::cosine_similarity(own, others),
                    Direction::higher,
                    "",
                    std::move(protocol),
                    count,
                    {}};
  if (own.empty() || others.empty())
    value.note = fmt::format("not defined: {} molecule has any",
                             own.empty() ? "no generated" : "no reference");
  return value;
}

/// "12 % charged, 3.1 % MCF4 ..." of what does not pass, the commonest first.
std::string reasons(const Molecules& molecules) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& molecule : molecules) {
    switch (molecule->filter) {
      case FilterOutcome::passed:
        break;
      case FilterOutcome::charged:
        ++counts["charged"];
        break;
      case FilterOutcome::element:
        ++counts["another element"];
        break;
      case FilterOutcome::large_ring:
        ++counts["large ring"];
        break;
      case FilterOutcome::pattern:
        ++counts[molecule->filter_pattern];
        break;
    }
  }
  std::vector<std::pair<std::int64_t, std::string>> order;
  for (const auto& [reason, count] : counts) order.emplace_back(-count, reason);
  std::sort(order.begin(), order.end());
  constexpr std::size_t kNamed = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(order.size(), kNamed); ++i) {
    text += fmt::format(
        "{}{:.3g} % {}", i == 0 ? "did not pass: " : ", ",
        -100.0 * static_cast<double>(order[i].first) / static_cast<double>(molecules.size()),
        order[i].second);
  }
  return text + (order.size() > kNamed ? ", and others" : "");
}

}  // namespace

void MoleculeProperties::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Weight, logP and drug-likeness (QED): distances to the reference and means.");
}

std::vector<MetricValue> MoleculeProperties::compute(const MetricInput& input) const {
  return compared_properties(input, molecule_parts(), "molecule_properties",
                             {{"weight", "weight", "g/mol", &MoleculeDescriptors::weight},
                              {"logp", "logP", "", &MoleculeDescriptors::logp},
                              {"qed", "QED", "", &MoleculeDescriptors::qed}});
}

void MoleculeSaScore::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Synthetic accessibility (SA score): distance to the reference and mean.");
}

MoleculeParts MoleculeSaScore::molecule_parts() const {
  // The other metrics shall not fail for a missing table.
  return sa_table_problem().empty() ? MoleculeParts::sa_score : MoleculeParts::none;
}

std::vector<MetricValue> MoleculeSaScore::compute(const MetricInput& input) const {
  if (const std::string problem = sa_table_problem(); !problem.empty())
    throw DataError("sa-table", problem);
  return compared_properties(input, MoleculeParts::sa_score, "molecule_sa_score",
                             {{"sa", "SA score", "", &MoleculeDescriptors::sa_score}});
}

void MoleculeSimilarity::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Similarity to the nearest reference molecule (SNN) and internal diversity.");
}

std::vector<MetricValue> MoleculeSimilarity::compute(const MetricInput& input) const {
  const ComparedMolecules sets = compared_molecules(input, molecule_parts(), "molecule_similarity");
  const auto own = similarity::fingerprints(sets.generated, kFingerprintLength);
  const auto others = similarity::fingerprints(sets.reference, kFingerprintLength);
  double mean = 0;
  double mean_of_roots = 0;
  for (const similarity::MeanSimilarity& item : similarity::mean_within(own)) {
    mean += item.mean;
    mean_of_roots += std::sqrt(item.mean_of_squares);
  }
  const auto count = static_cast<double>(own.size());
  const std::string fingerprint = "Tanimoto, Morgan radius 2, 1024 bits";
  return {{"snn",
           "similarity to the nearest reference molecule (SNN)",
           mean_of(similarity::nearest(own, others)),
           Direction::higher,
           "",
           "MOSES: " + fingerprint,
           std::ssize(own.set_bits),
           {}},
          {"internal_diversity",
           "internal diversity (p = 1)",
           1 - mean / count,
           Direction::higher,
           "",
           "MOSES: " + fingerprint,
           std::ssize(own.set_bits),
           {}},
          {"internal_diversity_2",
           "internal diversity (p = 2)",
           1 - mean_of_roots / count,
           Direction::higher,
           "",
           "MOSES: " + fingerprint,
           std::ssize(own.set_bits),
           {}}};
}

void MoleculeFragments::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Similarity of the counts of BRICS fragments and of Bemis-Murcko scaffolds.");
}

std::vector<MetricValue> MoleculeFragments::compute(const MetricInput& input) const {
  const ComparedMolecules sets = compared_molecules(input, molecule_parts(), "molecule_fragments");
  const auto count = std::ssize(sets.generated);
  return {cosine("frag", "fragment similarity (Frag)", fragments_of(sets.generated),
                 fragments_of(sets.reference), "MOSES: cosine of BRICS fragment counts", count),
          cosine("scaf", "scaffold similarity (Scaf)", scaffolds_of(sets.generated),
                 scaffolds_of(sets.reference),
                 "MOSES: cosine of counts of Bemis-Murcko scaffolds of two rings or more", count)};
}

void MoleculeFilters::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Share that passes the medicinal chemistry filters of MOSES.");
}

std::vector<MetricValue> MoleculeFilters::compute(const MetricInput& input) const {
  const Molecules molecules = generated_molecules(input, MoleculeParts::filters);
  const auto passed = std::count_if(molecules.begin(), molecules.end(), [](const auto& item) {
    return item->filter == FilterOutcome::passed;
  });
  return {{"filters", "pass the filters of MOSES",
           100.0 * static_cast<double>(passed) / static_cast<double>(molecules.size()),
           Direction::higher, "%", "MOSES: MCF and PAINS patterns, charges, elements, rings",
           std::ssize(molecules), reasons(molecules)}};
}

void register_moses_metrics(RegistryBuilder& registry) {
  registry.add<Metric, MoleculeProperties>("molecule_properties",
                                           "weight, logP and QED against the reference (MOSES)");
  registry.add<Metric, MoleculeSaScore>("molecule_sa_score",
                                        "synthetic accessibility against the reference (MOSES)");
  registry.add<Metric, MoleculeSimilarity>("molecule_similarity",
                                           "nearest neighbours and internal diversity (MOSES)");
  registry.add<Metric, MoleculeFragments>("molecule_fragments",
                                          "BRICS fragments and scaffolds (MOSES)");
  registry.add<Metric, MoleculeFilters>("molecule_filters", "medicinal chemistry filters (MOSES)");
}

}  // namespace equigen
