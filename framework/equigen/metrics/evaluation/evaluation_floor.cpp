// SPDX-License-Identifier: MIT
#include "equigen/metrics/evaluation/evaluation_floor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "equigen/base/error.h"
#include "equigen/base/log.h"
#include "equigen/base/random.h"
#include "equigen/base/text.h"
#include "equigen/metrics/evaluation/evaluation_spread.h"
#include "equigen/metrics/molecule/molecule_set.h"

namespace equigen {

namespace {

/// Repeats of the floor where the sets are small, so that its spread can be told.
constexpr int kFloorRepeatsOfSmallSets = 5;
constexpr std::size_t kSmallSet = 256;
/// Below this a training discrepancy is rounding: the training set is the reference.
constexpr double kNoDiscrepancy = 1e-12;

struct FloorDraws {
  std::vector<double> values;
  std::int64_t sample_count = 0;
};

Floor floor_from(const FloorDraws& draws) {
  const Moments moments = moments_of(draws.values);
  return {moments.mean, moments.stdev, static_cast<std::int64_t>(draws.values.size()),
          draws.sample_count};
}

/// The statistics whose ratios those papers average.
constexpr std::array<std::string_view, 5> kRatioStatistics = {"degree", "clustering", "orbit",
                                                              "spectral", "wavelet"};

/// "degree" of "degree_mmd"; empty for the mean, other statistics and what is no discrepancy.
std::string statistic_of(const MetricValue& value) {
  for (const std::string_view statistic : kRatioStatistics)
    if (value.name == std::string(statistic) + "_mmd") return std::string(statistic);
  return {};
}

/// "GDSS convention" of "GDSS convention: Gaussian EMD kernel, ...".
std::string convention_of(const MetricValue& value) {
  return value.protocol.substr(0, value.protocol.find(':'));
}

std::string listed(const std::vector<std::string>& words) {
  if (words.size() < 2) return words.empty() ? "" : words.front();
  return text::join(std::span(words).first(words.size() - 1), ", ") + " and " + words.back();
}

MetricValue ratio_figure(const MetricValue& of, const std::string& name, double value) {
  MetricValue ratio = of;
  ratio.name = name + "_ratio";
  ratio.label = name + " MMD ratio";
  ratio.label.front() = static_cast<char>(ratio.label.front() - 'a' + 'A');
  ratio.value = value;
  ratio.note.clear();
  return ratio;
}

}  // namespace

FloorTable compute_floors(const EvaluationRequest& request, std::span<const NamedMetric> metrics,
                          const MetricCaches& caches) {
  if (!request.with_floor || request.train.empty() || request.reference.empty()) return {};
  const bool all_drawn = request.train.size() <= request.generated.size();
  const int automatic =
      request.generated.size() <= kSmallSet && !all_drawn ? kFloorRepeatsOfSmallSets : 1;
  const int repeats = all_drawn ? 1 : request.floor_repeats > 0 ? request.floor_repeats : automatic;
  std::map<std::pair<std::string, std::string>, FloorDraws> table;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    const std::vector<Sample> subset = random_subset(request.train, request.generated.size(),
                                                     request.seed, "evaluation floor", repeat);
    if (caches.molecules) caches.molecules->prepare(subset, MoleculeCache::Side::generated);
    for (const NamedMetric& metric : metrics) {
      if (metric.metric->is_paired()) continue;
      try {
        for (const MetricValue& value : metric.metric->compute({subset,
                                                                request.reference,
                                                                {},
                                                                caches.molecules,
                                                                caches.crystals,
                                                                request.dataset})) {
          if (!std::isfinite(value.value)) continue;
          FloorDraws& draws = table[{metric.name, value.name}];
          draws.values.push_back(value.value);
          draws.sample_count = static_cast<std::int64_t>(subset.size());
        }
      } catch (const DataError& error) {
        log::debug(fmt::format("no floor for {}: {}", metric.name, error.what()));
      }
    }
  }
  FloorTable floors;
  for (const auto& [place, draws] : table) floors.emplace(place, floor_from(draws));
  return floors;
}

TrainingDiscrepancies training_discrepancies(const EvaluationRequest& request,
                                             const NamedMetric& metric) {
  TrainingDiscrepancies result;
  // Ratios are a custom of graph papers, whose metric this is.
  if (!request.with_floor || metric.metric->structure() != "graph" || request.train.empty() ||
      request.reference.empty() || metric.name != "graph_mmd")
    return result;
  const std::vector<Sample> all =
      random_subset(request.train, kMostRatioSamples, request.seed, "evaluation ratio", 0);
  try {
    for (const MetricValue& value : metric.metric->compute({all, request.reference, {}}))
      if (!statistic_of(value).empty() && std::isfinite(value.value))
        result.emplace(value.name, value.value);
  } catch (const DataError& error) {
    log::debug(fmt::format("no ratio for {}: {}", metric.name, error.what()));
  }
  return result;
}

std::vector<MetricValue> ratio_figures(std::span<const MetricValue> values,
                                       const TrainingDiscrepancies& training) {
  std::vector<MetricValue> ratios;
  std::vector<std::string> statistics;
  std::vector<std::string> parts;
  std::vector<std::string> without;
  double sum = 0;
  for (const MetricValue& value : values) {
    const std::string statistic = statistic_of(value);
    const auto denominator = training.find(value.name);
    if (statistic.empty() || denominator == training.end()) continue;
    if (denominator->second < kNoDiscrepancy) {
      without.push_back(statistic);
      continue;
    }
    MetricValue ratio = ratio_figure(value, statistic, value.value / denominator->second);
    ratio.protocol = fmt::format("{}: ratio to the MMD of the training set", convention_of(value));
    sum += ratio.value;
    statistics.push_back(statistic);
    parts.push_back(fmt::format("{} {:.3g}", statistic, ratio.value));
    ratios.push_back(std::move(ratio));
  }
  if (ratios.empty()) return ratios;
  MetricValue average =
      ratio_figure(ratios.front(), "average", sum / static_cast<double>(ratios.size()));
  average.protocol = fmt::format("{}: mean of the {} ratios to the MMD of the training set",
                                 convention_of(ratios.front()), listed(statistics));
  average.note = text::join(parts, ", ");
  if (!without.empty())
    average.note +=
        fmt::format("; none for {}: the training set has no discrepancy there", listed(without));
  ratios.push_back(std::move(average));
  return ratios;
}

}  // namespace equigen
