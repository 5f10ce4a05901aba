// SPDX-License-Identifier: MIT
#include "equigen/metrics/crystal/crystal_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "equigen/metrics/crystal/crystal_match.h"
#include "equigen/metrics/crystal/crystal_set.h"
#include "equigen/metrics/share_figure.h"
#include "equigen/plugin/registry.h"

namespace equigen {
namespace {

/// "14 × no charge-neutral …" would name each formula; what is counted is the kind of fault.
std::string kind_of_fault(const CrystalVerdict& verdict) {
  if (verdict.structure_fault) {
    const std::string& fault = *verdict.structure_fault;
    if (fault.ends_with("apart")) return "atoms too close";
    return fault.starts_with("its volume") ? "volume too small" : fault;
  }
  return verdict.composition_fault ? "composition out of balance" : "";
}

constexpr const char* kOwnImage = "atom too close to its own image";

/// One fault of a crystal as it is counted, and all of them for a reader; both empty for a valid
/// one.
struct Fault {
  std::string kind;
  std::string text;
};

Fault fault_of(const Sample& sample, const DescribedCrystal& crystal, ComparedImages images,
               const std::optional<std::string>& composition_fault) {
  if (!sample.fault.empty()) return {"could not be read", sample.fault};
  const CrystalVerdict verdict{crystal.verdict.structure_fault, composition_fault};
  Fault fault{kind_of_fault(verdict), verdict.structure_fault.value_or("")};
  if (!verdict.structure_fault && !crystal.has_valid_structure(images)) {
    fault.kind = kOwnImage;
    fault.text = "an atom is nearer than 0.5 Å to its own image";
  }
  if (composition_fault) fault.text += (fault.text.empty() ? "" : "; ") + *composition_fault;
  if (fault.text.empty() && !crystal.fingerprints)
    fault = {"no fingerprint", "no fingerprint: " + crystal.fingerprint_fault};
  return fault;
}

/// "atoms too close 12, composition out of balance 3, no fingerprint 1".
std::string counted(const std::vector<Fault>& faults) {
  std::map<std::string, std::int64_t> counts;
  for (const Fault& fault : faults)
    if (!fault.kind.empty()) ++counts[fault.kind];
  std::string text;
  for (const auto& [kind, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", kind, count);
  return text;
}

MetricValue distance_figure(std::string name, std::string label, double value, std::string protocol,
                            std::int64_t count) {
  return {std::move(name),
          std::move(label),
          value,
          Direction::lower,
          "",
          std::move(protocol),
          count,
          {}};
}

CoverageCutoffs cutoffs_of(const CrystalCoverage::Config& config, std::string_view dataset) {
  CoverageCutoffs cutoffs = published_cutoffs(dataset);
  if (config.structure_cutoff > 0) cutoffs.structure = config.structure_cutoff;
  if (config.composition_cutoff > 0) cutoffs.composition = config.composition_cutoff;
  return cutoffs;
}

std::string protocol_of(const CrystalCoverage::Config& config, bool published_cutoffs) {
  const std::string order = config.order_independent ? "order-independent neighbours" : "";
  if (published_cutoffs) return order.empty() ? "CDVAE protocol" : order;
  return order.empty() ? "own cut-offs" : order + ", own cut-offs";
}

std::optional<CrystalFingerprints> fingerprints_in(const DescribedCrystal& crystal,
                                                   bool order_free) {
  std::optional<CrystalFingerprints> fingerprints = crystal.fingerprints;
  if (fingerprints && order_free) fingerprints->structure = *crystal.order_free_structure;
  return fingerprints;
}

void append_coverage(std::vector<MetricValue>& values, const Coverage& coverage,
                     const std::string& protocol, std::int64_t count) {
  const auto share = [&](std::string name, std::string label, double part) {
    values.push_back({std::move(name),
                      std::move(label),
                      100 * part,
                      Direction::higher,
                      "%",
                      protocol,
                      count,
                      {}});
  };
  share("cov_recall", "Coverage recall", coverage.recall.covered);
  share("cov_precision", "Coverage precision", coverage.precision.covered);
  share("cov_recall_structure", "Coverage recall, structure alone",
        coverage.recall.structure_covered);
  share("cov_recall_composition", "Coverage recall, composition alone",
        coverage.recall.composition_covered);
  share("cov_precision_structure", "Coverage precision, structure alone",
        coverage.precision.structure_covered);
  share("cov_precision_composition", "Coverage precision, composition alone",
        coverage.precision.composition_covered);
  const auto distance = [&](std::string name, std::string label, double value) {
    values.push_back(distance_figure(std::move(name), std::move(label), value,
                                     "mean distance to the nearest, of crystals with fingerprints",
                                     count));
  };
  distance("amsd_recall", "AMSD recall", coverage.recall.mean_structure_distance);
  distance("amsd_precision", "AMSD precision", coverage.precision.mean_structure_distance);
  distance("amcd_recall", "AMCD recall", coverage.recall.mean_composition_distance);
  distance("amcd_precision", "AMCD precision", coverage.precision.mean_composition_distance);
}

void append_diversity(std::vector<MetricValue>& values, const DescribedCrystals& drawn,
                      bool order_free) {
  if (drawn.size() < 2) return;
  std::vector<CrystalFingerprints> fingerprints;
  for (const auto& crystal : drawn) fingerprints.push_back(*fingerprints_in(*crystal, order_free));
  const CrystalDiversity diversity = crystal_diversity(fingerprints);
  const auto figure = [&](std::string name, std::string label, double value) {
    values.push_back({std::move(name),
                      std::move(label),
                      value,
                      Direction::higher,
                      "",
                      "mean pairwise distance of valid crystals",
                      std::ssize(drawn),
                      {}});
  };
  figure("structure_diversity", "Diversity of structures", diversity.structure);
  figure("composition_diversity", "Diversity of compositions", diversity.composition);
}

}  // namespace

void CrystalValidity::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Shares of crystals with sensible distances and with balanced charges.");
  keys.field("own_images", &Config::own_images,
             "compare an atom with its own periodic images too, which the published rule forgets");
  keys.field("search_limit", &Config::search_limit,
             "compositions with more combinations of oxidation states are invalid; 0: no limit "
             "(CDVAE, CrysBFN), 10000000: as DiffCSP and FlowMM")
      .at_least(0);
}

std::vector<MetricValue> CrystalValidity::compute(const MetricInput& input) const {
  const auto crystals = generated_crystals(input, CrystalParts::fingerprints);
  const ComparedImages images = compared_images(config_.own_images);
  std::int64_t composition = 0, structure = 0, both = 0;
  std::vector<Fault> faults;
  for (std::size_t i = 0; i < crystals.size(); ++i) {
    const DescribedCrystal& crystal = *crystals[i];
    const auto imbalance =
        config_.search_limit > 0
            ? composition_fault(crystal.elements, {.search_limit = config_.search_limit})
            : crystal.verdict.composition_fault;
    const bool sensible = crystal.has_valid_structure(images);
    composition += !imbalance;
    structure += sensible;
    both += !imbalance && sensible && crystal.fingerprints.has_value();
    faults.push_back(fault_of(input.generated[i], crystal, images, imbalance));
  }
  const std::string limit = config_.search_limit > 0
                                ? fmt::format(", at most {} combinations", config_.search_limit)
                                : "";
  const std::string own_images = config_.own_images ? ", nor an atom to its own images" : "";
  const std::string images_protocol = config_.own_images ? "all periodic images" : "CDVAE protocol";
  const std::string protocol =
      config_.search_limit > 0 && !config_.own_images ? "own search limit" : images_protocol;
  const auto share = [&](std::string name, std::string label, std::int64_t part,
                         const std::string& rule) {
    const std::string how = fmt::format("{}: {}, of all generated",
                                        name == "struct_valid" ? images_protocol : protocol, rule);
    return share_figure(std::move(name), std::move(label), part, std::ssize(crystals), how);
  };
  std::vector<MetricValue> values{
      share("comp_valid", "Valid compositions", composition,
            "charges and electronegativities balance by SMACT 2.2.1's tables" + limit),
      share("struct_valid", "Valid structures", structure,
            "no two atoms nearer than 0.5 Å" + own_images + ", volume of at least 0.1 Å³"),
      share("valid", "Valid", both, "composition and structure valid, with fingerprints")};
  values.back().note = counted(faults);
  std::vector<std::string> texts;
  for (Fault& fault : faults) texts.push_back(std::move(fault.text));
  crystal_cache(input)->note(input.generated, std::move(texts));
  return values;
}

void CrystalCoverage::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Coverage of the reference by fingerprints (COV-R, COV-P, AMSD, AMCD) and diversity.");
  keys.field("structure_cutoff", &Config::structure_cutoff,
             "distance of structures that counts as covered; 0: the published one of the data set "
             "(perov_5, carbon_24: 0.2; others: 0.4)")
      .at_least(0);
  keys.field("composition_cutoff", &Config::composition_cutoff,
             "distance of compositions; 0: the published one (perov_5, carbon_24: 4; others: 10)")
      .at_least(0);
  keys.field("diversity_count", &Config::diversity_count,
             "how many valid crystals the diversity is computed of; 0: all")
      .at_least(0);
  keys.field(
      "order_independent", &Config::order_independent,
      "the body-centred cubic order parameter looks at each pair of neighbours from both, so "
      "that the fingerprint does not depend on their order, as the published one does");
}

std::vector<MetricValue> CrystalCoverage::compute(const MetricInput& input) const {
  const bool order_free = config_.order_independent;
  auto parts = CrystalParts::fingerprints;
  if (order_free) parts = parts | CrystalParts::order_free_structure;
  const auto sets = compared_crystals(input, parts, "crystal_coverage");
  const auto fingerprints_of = [&](const DescribedCrystals& crystals) {
    std::vector<std::optional<CrystalFingerprints>> fingerprints;
    for (const auto& crystal : crystals)
      fingerprints.push_back(fingerprints_in(*crystal, order_free));
    return fingerprints;
  };
  const CoverageCutoffs cutoffs = cutoffs_of(config_, input.dataset);
  const std::string protocol =
      fmt::format("{}: fingerprint distances up to {:g} and {:g}",
                  protocol_of(config_, cutoffs == published_cutoffs(input.dataset)),
                  cutoffs.structure, cutoffs.composition);
  Coverage coverage =
      crystal_coverage(fingerprints_of(sets.generated), fingerprints_of(sets.reference), cutoffs);
  std::vector<MetricValue> values;
  append_coverage(values, coverage, protocol, std::ssize(sets.generated));
  crystal_cache(input)->note(input.generated, std::move(coverage.precision.nearest));
  append_diversity(values,
                   drawn_valid(sets.generated, static_cast<std::size_t>(config_.diversity_count)),
                   order_free);
  return values;
}

void CrystalUniquenessNovelty::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Distinct crystals, and those that are not in the training set, by structure matching.");
  keys.field("ltol", &Config::ltol, "tolerance of lattice lengths, relative").above(0);
  keys.field("stol", &Config::stol, "tolerance of positions, in (V/n)^(1/3)").above(0);
  keys.field("angle_tol", &Config::angle_tol, "tolerance of lattice angles, degrees").above(0);
  keys.field("own_images", &Config::own_images,
             "valid crystals: compare an atom with its own periodic images too, which the "
             "published rule forgets");
}

std::vector<MetricValue> CrystalUniquenessNovelty::compute(const MetricInput& input) const {
  const auto crystals =
      generated_crystals(input, CrystalParts::reduced | CrystalParts::fingerprints);
  const auto matches = crystal_cache(input)->matches(input.generated, input.train, tolerances_);
  std::int64_t unique = 0, novel = 0, both = 0, valid = 0;
  for (std::size_t i = 0; i < crystals.size(); ++i) {
    const bool is_unique = matches->groups[i] == i;
    const bool is_novel = matches->groups[i] != kNoStructure && matches->known[i] == kNoStructure;
    unique += is_unique;
    novel += is_novel;
    both += is_unique && is_novel;
    valid += is_unique && is_novel && crystals[i]->valid_with_fingerprints(images_);
  }
  const std::string matcher =
      fmt::format("structure matching, ltol {:g}, stol {:g}, angle_tol {:g}°", tolerances_.ltol,
                  tolerances_.stol, tolerances_.angle_tol);
  const auto share = [&](std::string name, std::string label, std::int64_t part,
                         const std::string& what) {
    return share_figure(std::move(name), std::move(label), part, std::ssize(crystals),
                        fmt::format("{}, of all generated; {}", what, matcher));
  };
  std::vector<MetricValue> values{share("uniqueness", "Unique", unique, "fit no earlier crystal")};
  if (matches->as_written > 0)
    values.front().note = fmt::format(
        "{} cells are too large, or too long and thin, to be matched: compared as they "
        "are written",
        matches->as_written);
  if (input.train.empty()) return values;
  values.push_back(share("novelty", "Novel", novel, "fit no training crystal"));
  values.push_back(share("unique_and_novel", "Unique and novel", both,
                         "fit no earlier and no training crystal"));
  values.push_back(
      share("valid_unique_novel", "Valid, unique and novel", valid,
            images_ == ComparedImages::all
                ? "valid in all periodic images, fit no earlier and no training crystal"
                : "valid, fit no earlier and no training crystal"));
  return values;
}

void register_crystal_metrics(RegistryBuilder& registry) {
  registry.add<Metric, CrystalValidity>("crystal_validity",
                                        "sensible distances and balanced charges of crystals");
  registry.add<Metric, CrystalCoverage>(
      "crystal_coverage", "coverage of the reference by fingerprints (COV-R, COV-P), diversity");
  registry.add<Metric, CrystalStatistics>(
      "crystal_statistics", "density, elements, sizes and cells of crystals against the reference");
  registry.add<Metric, CrystalUniquenessNovelty>(
      "crystal_uniqueness_novelty", "distinct and new crystals, by structure matching");
  registry.add<Metric, CrystalMatch>(
      "crystal_match", "match rate and RMSE of predicted against given crystals, pair by pair");
}

}  // namespace equigen
