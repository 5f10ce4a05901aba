// SPDX-License-Identifier: MIT
#include "equigen/metrics/evaluation/evaluation_sets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equigen/metrics/evaluation/evaluation_spread.h"

namespace equigen {

namespace {

constexpr std::size_t kMostNamedRows = 20;

void add_once(std::vector<std::string>& texts, const std::string& text) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
}

/// The figure over all sets: mean and standard deviation of the finite ones.
Figure mean_figure(const Figure& first, std::span<const Evaluation> each) {
  Figure figure = first;
  Spread spread{"seeds", 0, 0, first.value.sample_count, {}};
  for (const Evaluation& evaluation : each) {
    const Figure* other = evaluation.find(first.value.name);
    if (!other || !std::isfinite(other->value.value)) continue;
    spread.values.push_back(other->value.value);
    spread.sample_count = std::min(spread.sample_count, other->value.sample_count);
    if (!other->value.note.empty() && other->value.note != figure.value.note)
      figure.value.note = "of the first file: " + first.value.note;
  }
  spread.repeats = std::ssize(spread.values);
  if (spread.values.empty()) return figure;
  const Moments moments = moments_of(spread.values);
  figure.value.value = moments.mean;
  figure.value.sample_count = spread.sample_count;
  spread.stdev = moments.stdev;
  if (spread.repeats > 1) figure.spread = spread;
  if (figure.ranking) figure.ranking = ranking_of(figure.value, figure.published);
  return figure;
}

void add_counts(const SampleSet& set, const Evaluation& one, Evaluation& sum) {
  sum.sets.push_back({set.name, one.generated_count, one.skipped_count});
  sum.generated_count += one.generated_count;
  sum.skipped_count += one.skipped_count;
  for (const SkippedRow& row : one.skipped)
    if (sum.skipped.size() < kMostNamedRows) sum.skipped.push_back(row);
  for (SampleVerdict verdict : one.verdicts) {
    verdict.index = std::ssize(sum.verdicts);
    sum.verdicts.push_back(std::move(verdict));
  }
  for (const std::string& remark : one.remarks) add_once(sum.remarks, remark);
  for (const LeftOutMetric& item : one.left_out)
    if (std::find(sum.left_out.begin(), sum.left_out.end(), item) == sum.left_out.end())
      sum.left_out.push_back(item);
  if (sum.overlap && one.overlap)
    sum.overlap->generated_in_reference += one.overlap->generated_in_reference;
}

std::string share_text(std::int64_t part, std::int64_t whole) {
  return fmt::format("{} of {} ({:.1f} %)", part, whole,
                     100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace

Evaluation combined(std::span<const SampleSet> sets, std::span<const Evaluation> each) {
  Evaluation sum;
  const Evaluation& first = each.front();
  sum.dataset = first.dataset;
  sum.method = first.method;
  sum.structure = first.structure;
  sum.reference_count = first.reference_count;
  sum.train_count = first.train_count;
  sum.seed = first.seed;
  if (first.overlap) {
    sum.overlap = first.overlap;
    sum.overlap->generated_in_reference = 0;
  }
  for (std::size_t i = 0; i < each.size(); ++i) add_counts(sets[i], each[i], sum);
  for (const Figure& figure : first.figures) sum.figures.push_back(mean_figure(figure, each));
  const bool same_size = std::all_of(each.begin(), each.end(), [&](const Evaluation& one) {
    return one.generated_count == first.generated_count;
  });
  if (!same_size) {
    add_once(sum.remarks,
             "The files hold different numbers of samples; each counts the same in the means.");
  }
  return sum;
}

void remark_overlap(Evaluation& evaluation) {
  if (!evaluation.overlap) return;
  const SplitOverlap& overlap = *evaluation.overlap;
  const std::string same = evaluation.structure == "graph"     ? "up to isomorphism"
                           : evaluation.structure == "crystal" ? "by cell and sites as written"
                                                               : "by canonical SMILES without "
                                                                 "stereochemistry";
  if (overlap.reference_in_train > 0) {
    add_once(evaluation.remarks,
             fmt::format("{} reference {}s are also in the training set ({}): a model that only "
                         "remembers is rewarded for them.",
                         share_text(overlap.reference_in_train, evaluation.reference_count),
                         evaluation.structure, same));
  }
  const auto repeats = [&](std::int64_t part, std::int64_t whole, const char* set) {
    if (part == 0) return;
    add_once(evaluation.remarks, fmt::format("{} {}s of the {} set repeat an earlier one of it.",
                                             share_text(part, whole), evaluation.structure, set));
  };
  repeats(overlap.reference_repeated, evaluation.reference_count, "reference");
  repeats(overlap.train_repeated, evaluation.train_count, "training");
}

}  // namespace equigen
