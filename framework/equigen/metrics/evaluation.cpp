// SPDX-License-Identifier: MIT
#include "equigen/metrics/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "equigen/base/error.h"
#include "equigen/base/log.h"
#include "equigen/base/random.h"
#include "equigen/base/text.h"
#include "equigen/plugin/registry.h"

namespace equigen {

namespace {

/// Repeats of the floor where the sets are small, so that its spread can be told.
constexpr int kFloorRepeatsOfSmallSets = 5;
constexpr std::size_t kSmallSet = 256;

std::string structure_of(std::span<const Sample> samples) {
  if (samples.empty()) {
    throw DataError("evaluation-empty", "there are no samples to evaluate",
                    "check the file or the run's samples/ folder");
  }
  const std::string kind = structure_kind(samples.front());
  for (const Sample& sample : samples) {
    if (structure_kind(sample) != kind) {
      throw DataError("evaluation-mixed", "graphs and molecules are mixed in one set of samples",
                      "evaluate them in two runs");
    }
  }
  return kind;
}

void require_structure(const NamedMetric& metric, const std::string& structure) {
  if (metric.metric->structure() == structure) return;
  throw ConfigError("metric-structure",
                    fmt::format("the metric {} is for {}s, the samples are {}s", metric.name,
                                metric.metric->structure(), structure));
}

/// `count` training samples drawn without repetition, all of them where there are not more.
std::vector<Sample> training_subset(std::span<const Sample> train, std::size_t count,
                                    std::uint64_t seed, int repeat) {
  std::vector<std::size_t> order(train.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  RandomStream stream(seed, "evaluation floor", static_cast<std::uint64_t>(repeat));
  stream.shuffle(std::span(order));
  order.resize(std::min(count, order.size()));
  std::vector<Sample> subset;
  subset.reserve(order.size());
  for (const std::size_t i : order) subset.push_back(train[i]);
  return subset;
}

struct FloorDraws {
  std::vector<double> values;
  std::int64_t sample_count = 0;
};

using FloorTable = std::map<std::pair<std::string, std::string>, FloorDraws>;

Floor floor_from(const FloorDraws& draws) {
  const auto count = static_cast<double>(draws.values.size());
  const double mean = std::accumulate(draws.values.begin(), draws.values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : draws.values) squares += (value - mean) * (value - mean);
  const double stdev = draws.values.size() > 1 ? std::sqrt(squares / (count - 1)) : 0;
  // Equal draws differ from their mean by rounding only.
  const bool is_spread = stdev > 1e-12 * std::abs(mean);
  return {mean, is_spread ? stdev : 0, static_cast<std::int64_t>(draws.values.size()),
          draws.sample_count};
}

/// Every metric of training samples against the reference. A metric that cannot be computed so (for
/// instance one that needs a training set of its own) gets no floor.
FloorTable compute_floors(const EvaluationRequest& request, std::span<const NamedMetric> metrics) {
  FloorTable table;
  if (!request.with_floor || request.train.empty() || request.reference.empty()) return table;
  const bool all_drawn = request.train.size() <= request.generated.size();
  const int automatic =
      request.generated.size() <= kSmallSet && !all_drawn ? kFloorRepeatsOfSmallSets : 1;
  const int repeats = all_drawn ? 1 : request.floor_repeats > 0 ? request.floor_repeats : automatic;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    const std::vector<Sample> subset =
        training_subset(request.train, request.generated.size(), request.seed, repeat);
    for (const NamedMetric& metric : metrics) {
      try {
        for (const MetricValue& value : metric.metric->compute({subset, request.reference, {}})) {
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
  return table;
}

void remark_other_sample_count(const Figure& figure, Evaluation& evaluation) {
  if (figure.published.empty()) return;
  const PublishedProtocol* protocol =
      PublishedResults::builtin().protocol(figure.published.front().protocol);
  if (!protocol || protocol->sample_count == 0 ||
      protocol->sample_count == evaluation.generated_count)
    return;
  const std::string remark = fmt::format(
      "The published figures ({}) are of {} samples, this run's of {}: what depends on the number "
      "of samples, such as uniqueness, is not quite comparable.",
      protocol->title, protocol->sample_count, evaluation.generated_count);
  if (std::find(evaluation.remarks.begin(), evaluation.remarks.end(), remark) ==
      evaluation.remarks.end())
    evaluation.remarks.push_back(remark);
}

void add_figures(const NamedMetric& metric, const EvaluationRequest& request,
                 const FloorTable& floors, Evaluation& evaluation) {
  for (MetricValue& value :
       metric.metric->compute({request.generated, request.reference, request.train})) {
    Figure figure;
    figure.metric = metric.name;
    figure.published = PublishedResults::builtin().comparable(request.dataset, value);
    figure.ranking = ranking_of(value, figure.published);
    if (const auto draws = floors.find({metric.name, value.name}); draws != floors.end())
      figure.floor = floor_from(draws->second);
    figure.value = std::move(value);
    remark_other_sample_count(figure, evaluation);
    evaluation.figures.push_back(std::move(figure));
  }
}

}  // namespace

const Figure* Evaluation::find(std::string_view name) const {
  const auto found = std::find_if(figures.begin(), figures.end(),
                                  [&](const Figure& item) { return item.value.name == name; });
  return found == figures.end() ? nullptr : &*found;
}

std::vector<config::ComponentChoice> default_metrics(const std::string& structure) {
  if (structure == "graph")
    return {{"graph_mmd", {}}, {"graph_uniqueness_novelty", {}}, {"graph_statistics", {}}};
  return {{"molecule_validity", {}},
          {"molecule_uniqueness_novelty", {}},
          {"nspdk_mmd", {}},
          {"molecule_statistics", {}}};
}

Evaluation evaluate(const EvaluationRequest& request) {
  const std::vector<config::ComponentChoice> choices =
      request.metrics.empty() ? default_metrics(structure_of(request.generated)) : request.metrics;
  std::vector<NamedMetric> metrics;
  for (const config::ComponentChoice& choice : choices)
    metrics.push_back({choice.type, Registry::instance().create<Metric>(choice)});
  return evaluate(request, metrics);
}

Evaluation evaluate(const EvaluationRequest& request, std::span<const NamedMetric> metrics) {
  const auto start = std::chrono::steady_clock::now();
  Evaluation evaluation;
  evaluation.structure = structure_of(request.generated);
  for (const NamedMetric& metric : metrics) require_structure(metric, evaluation.structure);
  evaluation.dataset = request.dataset;
  evaluation.method = request.method;
  evaluation.generated_count = static_cast<std::int64_t>(request.generated.size());
  evaluation.reference_count = static_cast<std::int64_t>(request.reference.size());
  evaluation.train_count = static_cast<std::int64_t>(request.train.size());
  evaluation.seed = request.seed;
  evaluation.skipped_count = request.skipped_count;
  evaluation.skipped = request.skipped;

  const FloorTable floors = compute_floors(request, metrics);
  for (const NamedMetric& metric : metrics) {
    try {
      add_figures(metric, request, floors, evaluation);
    } catch (const DataError& error) {
      evaluation.left_out.push_back({metric.name, error.message()});
    }
  }
  if (request.with_verdicts) evaluation.verdicts = judge_samples(request.generated, request.train);
  evaluation.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return evaluation;
}

bool is_same_method(const std::string& system, const std::string& method) {
  return !method.empty() && text::lower(system) == text::lower(method);
}

}  // namespace equigen
