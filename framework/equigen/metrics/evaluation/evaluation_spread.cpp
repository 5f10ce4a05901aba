// SPDX-License-Identifier: MIT
#include "equigen/metrics/evaluation/evaluation_spread.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "equigen/base/random.h"

namespace equigen {

namespace {

constexpr int kMostAutomaticDraws = 20;
constexpr int kFewestDraws = 5;
/// Of the automatic choice: ten metrics must not take long together.
constexpr double kLeastSeconds = 0.4;
constexpr double kShareOfSeconds = 0.25;
/// A tenth of the samples must still be a set to compute figures of.
constexpr std::size_t kFewestOfATenth = 100;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Moments moments_of(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double stdev = values.size() > 1 ? std::sqrt(squares / (count - 1)) : 0;
  // Equal values differ from their mean by rounding only.
  return {mean, stdev > 1e-12 * std::abs(mean) ? stdev : 0};
}

std::vector<Sample> random_subset(std::span<const Sample> samples, std::size_t count,
                                  std::uint64_t seed, std::string_view purpose, int repeat) {
  std::vector<std::size_t> order(samples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  RandomStream stream(seed, purpose, static_cast<std::uint64_t>(repeat));
  stream.shuffle(std::span(order));
  order.resize(std::min(count, order.size()));
  std::vector<Sample> subset;
  subset.reserve(order.size());
  for (const std::size_t i : order) subset.push_back(samples[i]);
  return subset;
}

SpreadTable half_sample_spread(
    std::span<const Sample> generated, const SpreadPlan& plan,
    const std::function<std::vector<MetricValue>(std::span<const Sample>)>& compute) {
  SpreadTable table;
  const std::size_t count = generated.size();
  if (plan.draws == 0 || count < kFewestSamples) return table;
  const bool automatic = plan.draws < 0;
  const double budget = std::max(kLeastSeconds, kShareOfSeconds * plan.seconds);
  const bool halves_fit = plan.seconds * kMostAutomaticDraws / 2 <= budget;
  const bool tenths = automatic && !halves_fit && count / 10 >= kFewestOfATenth;
  const std::size_t size = count / (tenths ? 10 : 2);
  const int draws = automatic ? kMostAutomaticDraws : plan.draws;

  std::map<std::string, std::vector<double>> values;
  const auto start = std::chrono::steady_clock::now();
  for (int draw = 0; draw < draws; ++draw) {
    // Goes on only while the next draw fits, and the first few would be enough.
    const int needed = std::max(draw + 1, kFewestDraws);
    if (automatic && draw > 0 && seconds_since(start) / draw * needed > budget) break;
    const std::vector<Sample> part =
        random_subset(generated, size, plan.seed, "evaluation spread", draw);
    for (const MetricValue& value : compute(part))
      if (std::isfinite(value.value)) values[value.name].push_back(value.value);
  }
  const double scale = std::sqrt(static_cast<double>(size) / static_cast<double>(count - size));
  for (const auto& [name, drawn] : values) {
    if (drawn.size() < static_cast<std::size_t>(automatic ? kFewestDraws : 2)) continue;
    table[name] = {"half-samples",
                   scale * moments_of(drawn).stdev,
                   static_cast<std::int64_t>(drawn.size()),
                   static_cast<std::int64_t>(size),
                   {}};
  }
  return table;
}

}  // namespace equigen
