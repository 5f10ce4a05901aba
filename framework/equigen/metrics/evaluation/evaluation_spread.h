// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/metrics/evaluation/evaluation.h"

namespace equigen {

struct Moments {
  double mean = 0;
  double stdev = 0;  ///< of the sample (n - 1); 0 for one value and for equal ones
};

/// `values` must not be empty.
Moments moments_of(std::span<const double> values);

/// `count` samples drawn without repetition, all of them where there are not more. The draw
/// depends on seed, purpose and repeat only.
std::vector<Sample> random_subset(std::span<const Sample> samples, std::size_t count,
                                  std::uint64_t seed, std::string_view purpose, int repeat);

/// Below this there is no spread.
inline constexpr std::size_t kFewestSamples = 8;

/// Spreads of a metric's figures by name.
using SpreadTable = std::map<std::string, Spread>;

/// How the standard errors of figures are found.
struct SpreadPlan {
  int draws = 0;  ///< as EvaluationRequest::spread_draws
  std::uint64_t seed = 0;
  double seconds = 0;  ///< that the figures of all samples took
};

/// Standard errors of the figures that `compute` returns, by half-samples; see Spread. The
/// automatic choice takes halves where 20 of them are done in a quarter of the time that the
/// figures took (at least 0.4 s), tenths elsewhere, and stops when the time is over; with fewer
/// than five draws there is no spread, nor with fewer than kFewestSamples samples.
SpreadTable half_sample_spread(
    std::span<const Sample> generated, const SpreadPlan& plan,
    const std::function<std::vector<MetricValue>(std::span<const Sample>)>& compute);

}  // namespace equigen
