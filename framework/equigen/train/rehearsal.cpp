// SPDX-License-Identifier: MIT
#include "equigen/train/rehearsal.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "equigen/base/error.h"
#include "equigen/data/sample_files.h"
#include "equigen/metrics/evaluation/evaluation.h"
#include "equigen/plugin/registry.h"
#include "equigen/train/trainer_checks.h"

namespace equigen {
namespace {

constexpr std::size_t kFewSamples = 8;
constexpr std::size_t kFewTrainingSamples = 32;

std::span<const Sample> first_of(const std::vector<Sample>& samples, std::size_t count) {
  return std::span(samples).first(std::min(count, samples.size()));
}

const std::vector<Sample>& reference_part(const DataSplits& data) {
  if (!data.validation.empty()) return data.validation;
  return data.test.empty() ? data.train : data.test;
}

/// Most metrics that were left out need more or other samples; a file that is not there stays so.
void refuse_missing_file(const config::ComponentChoice& choice, const EvaluationRequest& request) {
  try {
    Registry::instance().create<Metric>(choice)->compute(
        {request.generated, request.reference, request.train});
  } catch (const DataError& failure) {
    if (!failure.identifier().starts_with("file-")) return;
    throw ConfigError(
        "metric-file",
        fmt::format("metric {} cannot be computed: {}", choice.type, failure.message()),
        "name the file with its folder, or leave the metric out");
  }
}

void rehearse_metrics(const Experiment& experiment, const DataSplits& data) {
  EvaluationRequest request;
  request.reference = first_of(reference_part(data), kFewSamples);
  request.generated = request.reference;
  request.train = first_of(data.train, kFewTrainingSamples);
  request.metrics = experiment.metrics;
  request.dataset = data.name;
  request.with_floor = false;
  request.with_verdicts = false;
  const Evaluation evaluation = evaluate(request);
  for (const config::ComponentChoice& choice : request.metrics) {
    if (std::ranges::any_of(evaluation.left_out,
                            [&](const auto& left) { return left.metric == choice.type; }))
      refuse_missing_file(choice, request);
  }
  if (!evaluation.left_out.empty()) return;
  NamedValues figures;
  for (const Figure& figure : evaluation.figures)
    figures.emplace_back("metric/" + figure.value.name, figure.value.value);
  for (const std::string& watched : watched_figures(experiment.trainer)) {
    // Ratios to the training set exist only where that one differs from the reference.
    if (!watched.ends_with("_ratio")) require_watched_figure(watched, "metric/", figures);
  }
}

bool watches_metrics(const TrainerConfig& trainer) {
  return std::ranges::any_of(watched_figures(trainer),
                             [](const auto& name) { return name.starts_with("metric/"); });
}

}  // namespace

void rehearse(const Experiment& experiment, const DataSplits& data) {
  if (data.train.empty()) return;
  if (!experiment.sampling.file.empty())
    require_writable_format(experiment.sampling.file, structure_kind(data.train.front()));
  if (!experiment.metrics.empty() || watches_metrics(experiment.trainer))
    rehearse_metrics(experiment, data);
}

}  // namespace equigen
