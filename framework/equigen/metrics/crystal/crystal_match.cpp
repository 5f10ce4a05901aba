// SPDX-License-Identifier: MIT
#include "equigen/metrics/crystal/crystal_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <unordered_map>

#include "equigen/base/error.h"
#include "equigen/base/log.h"
#include "equigen/base/parallel.h"
#include "equigen/metrics/crystal/crystal_set.h"
#include "equigen/metrics/share_figure.h"

namespace equigen {
namespace {

constexpr double kUnmatched = std::numeric_limits<double>::infinity();

constexpr std::size_t kNoTarget = static_cast<std::size_t>(-1);

/// targets[i]: the reference crystal of generated crystal i, or kNoTarget.
using Targets = std::vector<std::size_t>;

/// Places by name; empty where a name stands twice.
std::unordered_map<std::string, std::size_t> places_of(
    const std::vector<const Crystal*>& reference) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < reference.size(); ++i)
    if (!reference[i]->name.empty() && !places.emplace(reference[i]->name, i).second) return {};
  return places;
}

Targets targets_by_name(const std::vector<const Crystal*>& generated,
                        const std::unordered_map<std::string, std::size_t>& places) {
  Targets targets;
  for (const Crystal* crystal : generated) {
    const auto found = places.find(crystal->name);
    targets.push_back(found == places.end() ? kNoTarget : found->second);
  }
  return targets;
}

Targets targets_by_place(std::size_t generated, std::size_t reference, const std::string& order) {
  if (generated % reference != 0)
    throw DataError("crystal-match-pairs",
                    fmt::format("{} generated crystals cannot be shared out to {} reference ones",
                                generated, reference),
                    "generate as many for each, or give each the name of its reference crystal");
  const std::size_t samples = generated / reference;
  Targets targets;
  for (std::size_t i = 0; i < generated; ++i)
    targets.push_back(order == "by_reference" ? i / samples : i % reference);
  return targets;
}

/// Which reference crystal each generated one was made for.
struct Pairs {
  Targets targets;
  std::int64_t sampled = 0;           ///< reference crystals that have samples
  std::int64_t fewest = 0, most = 0;  ///< samples of one of these
  std::vector<std::string> remarks;   ///< what a reader must know of how they were found
};

void count_samples(Pairs& pairs, std::size_t reference) {
  std::vector<std::int64_t> counts(reference, 0);
  for (const std::size_t target : pairs.targets)
    if (target != kNoTarget) ++counts[target];
  pairs.fewest = std::ssize(pairs.targets);
  for (const std::int64_t count : counts) {
    if (count == 0) continue;
    ++pairs.sampled;
    pairs.fewest = std::min(pairs.fewest, count);
    pairs.most = std::max(pairs.most, count);
  }
}

/// By name as soon as one name is known, since a row that could not be read may have lost its own;
/// else by the order of the files.
Pairs pairs_of(const std::vector<const Crystal*>& generated,
               const std::vector<const Crystal*>& reference, const std::string& order) {
  const auto is_named = [](const Crystal* crystal) { return !crystal->name.empty(); };
  Pairs pairs{targets_by_name(generated, places_of(reference)), 0, 0, 0, {}};
  const auto nameless = std::ranges::count(pairs.targets, kNoTarget);
  if (nameless == std::ssize(generated)) {
    pairs.targets = targets_by_place(generated.size(), reference.size(), order);
    if (std::ranges::any_of(generated, is_named) && std::ranges::any_of(reference, is_named))
      pairs.remarks.emplace_back(
          "no generated crystal bears the name of one reference crystal: paired by their order");
  } else if (nameless > 0) {
    pairs.remarks.push_back(fmt::format(
        "{} generated crystals bear no name of a reference crystal and count nowhere", nameless));
  }
  count_samples(pairs, reference.size());
  if (pairs.sampled < std::ssize(reference))
    pairs.remarks.push_back(fmt::format("{} of {} reference crystals have no sample: unmatched",
                                        std::ssize(reference) - pairs.sampled, reference.size()));
  return pairs;
}

/// Distances of one way to count.
struct Matches {
  std::vector<double> best;  ///< of each reference crystal, or kUnmatched
};

const PreparedCrystal* reduced_of(const std::shared_ptr<const DescribedCrystal>& crystal) {
  return crystal->reduced ? &*crystal->reduced : nullptr;
}

std::vector<double> pair_distances(const ComparedCrystals& sets, const Targets& targets,
                                   const MatchTolerances& tolerances) {
  std::vector<double> distances(targets.size(), kUnmatched);
  parallel_for(std::ssize(targets), [&](std::int64_t i) {
    const auto place = static_cast<std::size_t>(i);
    if (targets[place] == kNoTarget) return;
    const PreparedCrystal* ours = reduced_of(sets.generated[place]);
    const PreparedCrystal* theirs = reduced_of(sets.reference[targets[place]]);
    if (!ours || !theirs) return;
    if (const auto distance = rms_distance(*ours, *theirs, tolerances))
      distances[place] = distance->rms;
  });
  return distances;
}

std::vector<std::optional<TargetMatch>> matched_targets(const Targets& targets,
                                                        const std::vector<double>& distances) {
  std::vector<std::optional<TargetMatch>> matches(targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i)
    if (distances[i] != kUnmatched) matches[i] = TargetMatch{targets[i], distances[i]};
  return matches;
}

/// Counts only pairs for which `counts(generated, reference)` holds.
template <typename Rule>
Matches best_matches(const ComparedCrystals& sets, const Targets& targets,
                     const std::vector<double>& distances, const Rule& counts) {
  Matches matches{std::vector<double>(sets.reference.size(), kUnmatched)};
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i] == kNoTarget) continue;
    double& value = matches.best[targets[i]];
    if (counts(*sets.generated[i], *sets.reference[targets[i]]))
      value = std::min(value, distances[i]);
  }
  return matches;
}

/// Which crystals of a pair must be valid, and by which rule.
struct PairRule {
  bool both = true;
  ComparedImages images = ComparedImages::of_others;

  [[nodiscard]] bool are_valid(const DescribedCrystal& ours, const DescribedCrystal& theirs) const {
    return ours.valid_with_fingerprints(images) &&
           (!both || theirs.valid_with_fingerprints(images));
  }
  [[nodiscard]] bool have_valid_structures(const DescribedCrystal& ours,
                                           const DescribedCrystal& theirs) const {
    return ours.has_valid_structure(images) && (!both || theirs.has_valid_structure(images));
  }
};

/// Share of the reference crystals that any generated one matches, own target or not.
std::int64_t matched_by_any(const ComparedCrystals& sets, const MatchTolerances& tolerances) {
  std::map<Composition, std::vector<const PreparedCrystal*>> by_composition;
  for (const auto& crystal : sets.generated)
    if (const PreparedCrystal* reduced = reduced_of(crystal))
      by_composition[reduced->reduced_composition()].push_back(reduced);
  std::vector<char> matched(sets.reference.size(), 0);
  parallel_for(std::ssize(sets.reference), [&](std::int64_t i) {
    const auto place = static_cast<std::size_t>(i);
    const PreparedCrystal* reference = reduced_of(sets.reference[place]);
    if (!reference) return;
    const auto candidates = by_composition.find(reference->reduced_composition());
    if (candidates == by_composition.end()) return;
    matched[place] = std::ranges::any_of(candidates->second, [&](const PreparedCrystal* crystal) {
      return rms_distance(*crystal, *reference, tolerances).has_value();
    });
  });
  return std::ranges::count(matched, 1);
}

std::string samples_text(const Pairs& pairs) {
  if (pairs.fewest != pairs.most)
    return fmt::format("{} to {} samples a composition", pairs.fewest, pairs.most);
  return fmt::format("{} sample{} a composition", pairs.most, pairs.most == 1 ? "" : "s");
}

std::string protocol_of(const CrystalMatch::Config& config, const Pairs& pairs,
                        std::size_t reference) {
  if (MatchTolerances{config.ltol, config.stol, config.angle_tol} != kReconstructionTolerances)
    return fmt::format("ltol {:g}, stol {:g}, angle_tol {:g}°", config.ltol, config.stol,
                       config.angle_tol) +
           (config.own_images ? ", valid in all periodic images" : "");
  if (config.own_images) return config.task + ", valid in all periodic images";
  // A part of the reference is another task than the published one.
  if (pairs.sampled < static_cast<std::int64_t>(reference))
    return fmt::format("{}, incomplete: samples of {} of {} reference crystals", config.task,
                       pairs.sampled, reference);
  if (config.task == "reconstruction") return "CDVAE reconstruction";
  return "match rate protocol, " + samples_text(pairs);
}

/// match_rate and rmse of one rule of validity.
void append_matches(std::vector<MetricValue>& values, const Matches& matches,
                    const std::string& suffix, const std::string& protocol, double stol,
                    std::int64_t count) {
  double total = 0, corrected = 0;
  std::int64_t matched = 0;
  for (const double distance : matches.best) {
    const bool is_match = distance != kUnmatched;
    matched += is_match;
    total += is_match ? distance : 0;
    corrected += is_match ? distance : stol;
  }
  const auto pairs = std::ssize(matches.best);
  MetricValue rate = share_figure("match_rate" + suffix, "Match rate", matched, pairs, protocol);
  rate.sample_count = count;
  rate.note = fmt::format("{} of {}", matched, pairs);
  values.push_back(std::move(rate));
  const auto distance = [&](std::string name, std::string label, double value,
                            const std::string& how) {
    values.push_back({std::move(name),
                      std::move(label),
                      value,
                      Direction::lower,
                      "",
                      how + protocol,
                      count,
                      {}});
  };
  if (matched > 0)
    distance("rmse" + suffix, "RMSE of matches", total / static_cast<double>(matched), "");
  distance("crmse" + suffix, "RMSE, unmatched as stol", corrected / static_cast<double>(pairs),
           "unmatched pairs count as stol; ");
  if (!suffix.empty())
    for (auto value = values.end() - (matched > 0 ? 3 : 2); value != values.end(); ++value)
      value->label += ", compositions not judged";
}

/// What the samples that there are achieve, where they are of a part of the reference.
void append_sampled_rate(std::vector<MetricValue>& values, const Matches& matches,
                         const Pairs& pairs) {
  if (pairs.sampled == std::ssize(matches.best)) return;
  const auto matched =
      std::ranges::count_if(matches.best, [](double distance) { return distance != kUnmatched; });
  MetricValue rate =
      share_figure("match_rate_sampled", "Match rate of those with samples", matched, pairs.sampled,
                   fmt::format("of {} of {} reference crystals, those that have samples",
                               pairs.sampled, matches.best.size()));
  rate.sample_count = values.front().sample_count;
  values.push_back(std::move(rate));
}

/// The tolerances of the field's match rates are loose: crystals of different space groups match.
void append_strict_rate(std::vector<MetricValue>& values, const ComparedCrystals& sets,
                        const Targets& targets, const PairRule& rule) {
  const MatchTolerances strict;
  const Matches matches =
      best_matches(sets, targets, pair_distances(sets, targets, strict),
                   [&](const DescribedCrystal& ours, const DescribedCrystal& theirs) {
                     return rule.are_valid(ours, theirs);
                   });
  const auto matched =
      std::ranges::count_if(matches.best, [](double distance) { return distance != kUnmatched; });
  MetricValue rate = share_figure("match_rate_strict", "Match rate, strict tolerances", matched,
                                  std::ssize(matches.best),
                                  fmt::format("ltol {:g}, stol {:g}, angle_tol {:g}°", strict.ltol,
                                              strict.stol, strict.angle_tol));
  rate.sample_count = std::ssize(sets.generated);
  values.push_back(std::move(rate));
}

}  // namespace

void CrystalMatch::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Match rate and RMSE of generated crystals against their reference crystals.");
  keys.field("ltol", &Config::ltol, "tolerance of lattice lengths, relative").above(0);
  keys.field("stol", &Config::stol, "tolerance of positions, in (V/n)^(1/3)").above(0);
  keys.field("angle_tol", &Config::angle_tol, "tolerance of lattice angles, degrees").above(0);
  keys.field("task", &Config::task,
             "prediction: both crystals of a pair must be valid (DiffCSP, FlowMM); reconstruction: "
             "the generated one (CDVAE)")
      .choices({"prediction", "reconstruction"});
  keys.field(
          "order", &Config::order,
          "of several samples a reference crystal, where names do not tell: by_reference (all of "
          "the first, then of the second) or by_round")
      .choices({"by_reference", "by_round"});
  keys.field("own_images", &Config::own_images,
             "valid crystals: compare an atom with its own periodic images too, which the "
             "published rule forgets");
}

std::vector<MetricValue> CrystalMatch::compute(const MetricInput& input) const {
  const auto sets =
      compared_crystals(input, CrystalParts::reduced | CrystalParts::fingerprints, "crystal_match");
  const Pairs pairs =
      pairs_of(crystals_of(input.generated), crystals_of(input.reference), config_.order);
  const Targets& targets = pairs.targets;
  for (const std::string& remark : pairs.remarks) log::warning("crystal_match: " + remark);
  const MatchTolerances tolerances{config_.ltol, config_.stol, config_.angle_tol};
  const auto distances = pair_distances(sets, targets, tolerances);
  crystal_cache(input)->note(input.generated, matched_targets(targets, distances));
  const PairRule rule{config_.task == "prediction", compared_images(config_.own_images)};
  const Matches published = best_matches(
      sets, targets, distances, [&](const DescribedCrystal& ours, const DescribedCrystal& theirs) {
        return rule.are_valid(ours, theirs);
      });
  const Matches structural = best_matches(
      sets, targets, distances, [&](const DescribedCrystal& ours, const DescribedCrystal& theirs) {
        return rule.have_valid_structures(ours, theirs);
      });
  const auto count = std::ssize(sets.generated);
  const std::string protocol = protocol_of(config_, pairs, sets.reference.size());
  std::vector<MetricValue> values;
  append_matches(values, published, "", protocol, config_.stol, count);
  for (const std::string& remark : pairs.remarks) values.front().note += "; " + remark;
  append_sampled_rate(values, published, pairs);
  append_matches(values, structural, "_structural", "structural validity alone; " + protocol,
                 config_.stol, count);
  append_strict_rate(values, sets, targets, rule);
  MetricValue any = share_figure("metre", "Reference crystals matched by any sample",
                                 matched_by_any(sets, tolerances), std::ssize(sets.reference),
                                 "METRe: every reference crystal against all generated ones");
  any.sample_count = count;
  values.push_back(std::move(any));
  return values;
}

}  // namespace equigen
