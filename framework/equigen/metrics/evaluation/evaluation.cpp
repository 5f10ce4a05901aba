// SPDX-License-Identifier: MIT
#include "equigen/metrics/evaluation/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/metrics/crystal/crystal_set.h"
#include "equigen/metrics/evaluation/evaluation_floor.h"
#include "equigen/metrics/evaluation/evaluation_sets.h"
#include "equigen/metrics/evaluation/evaluation_spread.h"
#include "equigen/metrics/evaluation/split_keys.h"
#include "equigen/metrics/molecule/geometry_metrics.h"
#include "equigen/metrics/molecule/molecule_set.h"
#include "equigen/plugin/registry.h"

namespace equigen {

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string structure_of(std::span<const Sample> samples) {
  if (samples.empty()) {
    throw DataError("evaluation-empty", "there are no samples to evaluate",
                    "check the file or the run's samples/ folder");
  }
  const std::string kind = structure_kind(samples.front());
  for (const Sample& sample : samples) {
    if (structure_kind(sample) != kind) {
      throw DataError(
          "evaluation-mixed",
          fmt::format("{}s and {}s are mixed in one set of samples", kind, structure_kind(sample)),
          "evaluate them in two runs");
    }
  }
  return kind;
}

/// A set that the samples are compared with must be of their kind.
void require_comparable(const std::string& structure, std::span<const Sample> others,
                        std::string_view what) {
  if (others.empty()) return;
  const std::string kind = structure_of(others);
  if (kind == structure) return;
  throw DataError("evaluation-kinds",
                  fmt::format("the samples are {}s, the {} samples are {}s", structure, what, kind),
                  "compare them with a data set of their kind (--against)");
}

void require_structure(const NamedMetric& metric, const std::string& structure) {
  if (metric.metric->structure() == structure) return;
  throw ConfigError("metric-structure",
                    fmt::format("the metric {} is for {}s, the samples are {}s", metric.name,
                                metric.metric->structure(), structure));
}

/// The family of graphs that a data set of this name consists of; empty for others.
std::string family_of(const std::string& dataset) {
  for (const char* family : {"planar", "tree", "sbm", "lobster"})
    if (text::lower(dataset) == family) return family;
  return {};
}

void add_remark(Evaluation& evaluation, const std::string& remark) {
  if (std::ranges::find(evaluation.remarks, remark) == evaluation.remarks.end())
    evaluation.remarks.push_back(remark);
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
  add_remark(evaluation, remark);
}

/// Names the reason of most of the rows that could not be read.
void remark_unreadable(std::span<const Sample> generated, Evaluation& evaluation) {
  std::map<std::string, std::int64_t> reasons;
  std::int64_t count = 0;
  for (const Sample& sample : generated) {
    if (sample.fault.empty()) continue;
    ++reasons[sample.fault];
    ++count;
  }
  if (count == 0) return;
  const auto& [reason, most] =
      *std::ranges::max_element(reasons, {}, [](const auto& entry) { return entry.second; });
  add_remark(evaluation, fmt::format("{} of {} generated rows could not be read and count as "
                                     "invalid ({} of them: {}).",
                                     count, generated.size(), most, reason));
}

/// What the figures of every set of samples need of the other two sets.
struct Comparison {
  MetricCaches caches;
  FloorTable floors;
  std::map<std::string, TrainingDiscrepancies> training;
};

Comparison comparison_of(const EvaluationRequest& request, std::span<const NamedMetric> metrics) {
  const MetricCaches caches{std::make_shared<MoleculeCache>(request.reference),
                            std::make_shared<CrystalCache>()};
  for (const NamedMetric& metric : metrics)
    caches.molecules->expect(metric.metric->molecule_parts(), metric.metric->generated_parts());
  if (!request.cache.empty()) caches.molecules->keep_in(request.cache / "described");
  caches.molecules->prepare(request.reference, MoleculeCache::Side::reference);
  Comparison comparison{caches, compute_floors(request, metrics, caches), {}};
  for (const NamedMetric& metric : metrics)
    comparison.training[metric.name] = training_discrepancies(request, metric);
  return comparison;
}

/// Keeps the average of the ratios, and the single ones where others published theirs.
void append_ratios(const EvaluationRequest& request, const TrainingDiscrepancies& training,
                   std::vector<MetricValue>& values) {
  for (MetricValue& ratio : ratio_figures(values, training)) {
    if (ratio.name == "average_ratio" ||
        !PublishedResults::builtin().comparable(request.dataset, ratio).empty())
      values.push_back(std::move(ratio));
  }
}

void compare_with_published(Figure& figure, const std::string& dataset, Evaluation& evaluation) {
  figure.published = PublishedResults::builtin().comparable(dataset, figure.value);
  if (figure.published.empty()) return;
  const std::string obstacle = why_not_ranked(evaluation, figure.published.front());
  if (obstacle.empty()) {
    figure.ranking = ranking_of(figure.value, figure.published);
    remark_other_sample_count(figure, evaluation);
  } else {
    add_remark(evaluation, fmt::format("Not placed among published figures: {}.", obstacle));
  }
  if (!family_of(evaluation.dataset).empty()) {
    add_remark(
        evaluation,
        "The published figures of this family of graphs are of its papers' own files; equigen's "
        "configs/data draw other graphs by the same recipe.");
  }
}

void add_figures(const NamedMetric& metric, const EvaluationRequest& request,
                 const Comparison& comparison, Evaluation& evaluation) {
  const auto compute = [&](std::span<const Sample> generated) {
    std::vector<MetricValue> values = metric.metric->compute(
        {generated, request.reference, request.train, comparison.caches.molecules,
         comparison.caches.crystals, request.dataset});
    append_ratios(request, comparison.training.at(metric.name), values);
    return values;
  };
  const auto start = std::chrono::steady_clock::now();
  std::vector<MetricValue> values = compute(request.generated);
  const SpreadPlan plan{metric.metric->is_paired() ? 0 : request.spread_draws, request.seed,
                        seconds_since(start)};
  const SpreadTable spreads = half_sample_spread(request.generated, plan, compute);
  if (plan.draws < 0 && spreads.empty() && request.generated.size() >= kFewestSamples) {
    evaluation.remarks.push_back(fmt::format(
        "No standard error of {}: it would take too long; --bootstrap 10 computes it all the same.",
        metric.name));
  }
  for (MetricValue& value : values) {
    Figure figure;
    figure.metric = metric.name;
    if (const auto floor = comparison.floors.find({metric.name, value.name});
        floor != comparison.floors.end())
      figure.floor = floor->second;
    if (const auto spread = spreads.find(value.name); spread != spreads.end())
      figure.spread = spread->second;
    figure.value = std::move(value);
    compare_with_published(figure, request.dataset, evaluation);
    evaluation.figures.push_back(std::move(figure));
  }
}

Evaluation evaluate_against(const EvaluationRequest& request, std::span<const NamedMetric> metrics,
                            const Comparison& comparison, const SplitKeys* splits) {
  Evaluation evaluation;
  evaluation.structure = structure_of(request.generated);
  for (const NamedMetric& metric : metrics) require_structure(metric, evaluation.structure);
  evaluation.dataset = request.dataset;
  evaluation.method = request.method;
  evaluation.generated_count = std::ssize(request.generated);
  evaluation.reference_count = std::ssize(request.reference);
  evaluation.train_count = std::ssize(request.train);
  evaluation.seed = request.seed;
  evaluation.skipped_count = request.skipped_count;
  evaluation.skipped = request.skipped;
  remark_unreadable(request.generated, evaluation);
  comparison.caches.crystals->watch(request.generated);
  for (const NamedMetric& metric : metrics) {
    try {
      add_figures(metric, request, comparison, evaluation);
    } catch (const DataError& error) {
      evaluation.left_out.push_back({metric.name, error.message()});
    }
  }
  if (splits) {
    SplitOverlap overlap = splits->overlap();
    evaluation.verdicts = splits->judge(request.generated, &overlap, comparison.caches.crystals);
    evaluation.overlap = overlap;
  }
  return evaluation;
}

/// Papers on these families compare by total variation (GRAN and SPECTRE after it).
config::Value kernels_of_families() {
  config::Value options = config::Value::map();
  options.set("convention", config::Value::scalar("swingnn"));
  return options;
}

/// Many papers report it, so that its absence shall not look like an oversight.
void remark_stability(Evaluation& evaluation) {
  if (evaluation.structure == "crystal")
    add_remark(evaluation,
               "Stability was not computed: it needs an interatomic potential of yours "
               "(crystal_stability.potential).");
}

/// The same for a figure of the published protocol.
void remark_energies(Evaluation& evaluation) {
  if (evaluation.find("d_density") && !evaluation.find("d_energy"))
    add_remark(evaluation,
               "The distance of energies was not computed: it needs a property of generated and "
               "reference crystals that holds them, such as energy_per_atom.");
}

std::vector<NamedMetric> created_metrics(const EvaluationRequest& request,
                                         std::span<const Sample> generated) {
  std::vector<config::ComponentChoice> choices = request.metrics;
  if (choices.empty()) choices = default_metrics(generated, request.dataset);
  std::vector<NamedMetric> metrics;
  for (const config::ComponentChoice& choice : choices)
    metrics.push_back({choice.type, Registry::instance().create<Metric>(choice)});
  return metrics;
}

}  // namespace

const Figure* Evaluation::find(std::string_view name) const {
  const auto found = std::find_if(figures.begin(), figures.end(),
                                  [&](const Figure& item) { return item.value.name == name; });
  return found == figures.end() ? nullptr : &*found;
}

std::vector<config::ComponentChoice> default_metrics(const std::string& structure,
                                                     const std::string& dataset) {
  if (structure == "graph") {
    std::vector<config::ComponentChoice> choices{
        {"graph_mmd", {}}, {"graph_uniqueness_novelty", {}}, {"graph_statistics", {}}};
    if (const std::string family = family_of(dataset); !family.empty()) {
      choices.front().options = kernels_of_families();
      choices.push_back({family + "_validity", {}});
    }
    return choices;
  }
  if (structure == "crystal") {
    return {{"crystal_validity", {}},
            {"crystal_coverage", {}},
            {"crystal_statistics", {}},
            {"crystal_uniqueness_novelty", {}}};
  }
  return {{"molecule_validity", {}},
          {"molecule_uniqueness_novelty", {}},
          {"nspdk_mmd", {}},
          {"molecule_statistics", {}}};
}

std::vector<config::ComponentChoice> default_metrics(std::span<const Sample> samples,
                                                     const std::string& dataset) {
  std::vector<config::ComponentChoice> choices = default_metrics(structure_of(samples), dataset);
  if (has_positions(samples)) {
    choices.push_back({"molecule_stability", {}});
    choices.push_back({"molecule_geometry", {}});
    choices.push_back({"molecule_bond_geometry", {}});
  }
  return choices;
}

Evaluation evaluate(const EvaluationRequest& request) {
  return evaluate(request, created_metrics(request, request.generated));
}

Evaluation evaluate(const EvaluationRequest& request, std::span<const NamedMetric> metrics) {
  const SampleSet set{"", request.generated, request.skipped_count, request.skipped};
  return evaluate_sets(request, {&set, 1}, metrics);
}

Evaluation evaluate_sets(const EvaluationRequest& request, std::span<const SampleSet> sets) {
  return evaluate_sets(
      request, sets,
      created_metrics(request, sets.empty() ? request.generated : sets.front().samples));
}

Evaluation evaluate_sets(const EvaluationRequest& request, std::span<const SampleSet> sets,
                         std::span<const NamedMetric> metrics) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<Evaluation> each;
  std::optional<Comparison> comparison;
  std::optional<SplitKeys> splits;
  for (const SampleSet& set : sets) {
    EvaluationRequest one = request;
    one.generated = set.samples;
    one.skipped_count = set.skipped_count;
    one.skipped = set.skipped;
    // Several sets tell the spread by themselves.
    if (sets.size() > 1) one.spread_draws = 0;
    const std::string structure = structure_of(one.generated);
    if (each.empty()) {
      require_comparable(structure, one.reference, "reference");
      require_comparable(structure, one.train, "training");
    }
    for (const NamedMetric& metric : metrics) require_structure(metric, structure);
    if (!comparison) comparison = comparison_of(one, metrics);
    if (!splits && request.with_verdicts) splits.emplace(one.reference, one.train);
    each.push_back(evaluate_against(one, metrics, *comparison, splits ? &*splits : nullptr));
  }
  if (each.empty()) structure_of({});
  Evaluation evaluation = each.size() == 1 ? std::move(each.front()) : combined(sets, each);
  remark_overlap(evaluation);
  if (request.metrics.empty()) remark_stability(evaluation);
  remark_energies(evaluation);
  evaluation.seconds = seconds_since(start);
  return evaluation;
}

bool is_same_method(const std::string& system, const std::string& method) {
  return !method.empty() && text::lower(system) == text::lower(method);
}

}  // namespace equigen
