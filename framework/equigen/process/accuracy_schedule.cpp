// SPDX-License-Identifier: MIT
#include "equigen/process/accuracy_schedule.h"

#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
#include <utility>
#include <vector>

#include "equigen/base/error.h"
#include "equigen/process/bracketed_root.h"
#include "equigen/process/von_mises.h"

namespace equigen {
namespace {

constexpr std::int64_t kNodes = 400;
constexpr std::int64_t kRowsAtOnce = 128;  // what a root search holds then fits into the cache

struct Quadrature {
  at::Tensor nodes;    ///< [kNodes] in (0, 1)
  at::Tensor weights;  ///< [kNodes], sum 1
};

/// Gauss-Legendre: the zeros of the Legendre polynomial by Newton's method.
Quadrature gauss_legendre() {
  std::vector<double> nodes, weights;
  constexpr auto n = static_cast<double>(kNodes);
  for (std::int64_t i = 0; i < kNodes; ++i) {
    double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (n + 0.5));
    double slope = 0;
    for (int iteration = 0; iteration < 8; ++iteration) {
      double before = 1, value = x;
      for (std::int64_t degree = 2; degree <= kNodes; ++degree) {
        const auto d = static_cast<double>(degree);
        before = std::exchange(value, ((2 * d - 1) * x * value - (d - 1) * before) / d);
      }
      slope = n * (x * value - before) / (x * x - 1);
      x -= value / slope;
    }
    nodes.push_back((1 + x) / 2);
    weights.push_back(1 / ((1 - x * x) * slope * slope));
  }
  return {torch::tensor(nodes, torch::kFloat64), torch::tensor(weights, torch::kFloat64)};
}

/// E |beta + alpha e^{iy}| over y ~ vM(0, alpha), for beta and alpha [R]: the concentration to
/// expect after an observation of accuracy alpha.
at::Tensor expected_concentration(const at::Tensor& beta, const at::Tensor& alpha,
                                  const Quadrature& quadrature) {
  // Beyond twelve deviations the density is nothing in double.
  const at::Tensor end = (12 / alpha.sqrt()).clamp_max(std::numbers::pi);
  const at::Tensor half = end.unsqueeze(1) * (quadrature.nodes / 2);
  const at::Tensor turned_away = 2 * half.sin().square();  // 1 - cos y
  const at::Tensor weight = quadrature.weights * (-alpha.unsqueeze(1) * turned_away).exp();
  const at::Tensor length =
      ((beta + alpha).square().unsqueeze(1) - (2 * beta * alpha).unsqueeze(1) * turned_away)
          .clamp_min(0)
          .sqrt();
  return (weight * length).sum(1) / weight.sum(1);
}

at::Tensor accuracies_between(const at::Tensor& concentrations, double final_concentration) {
  const Quadrature quadrature = gauss_legendre();
  const std::int64_t steps = concentrations.size(0);
  std::vector<at::Tensor> parts{concentrations.narrow(0, 0, 1)};
  for (std::int64_t begin = 1; begin < steps; begin += kRowsAtOnce) {
    const std::int64_t rows = std::min(kRowsAtOnce, steps - begin);
    const at::Tensor before = concentrations.narrow(0, begin - 1, rows);
    const at::Tensor after = concentrations.narrow(0, begin, rows);
    const auto excess = [&](const at::Tensor& alpha) {
      return expected_concentration(before, alpha, quadrature) - after;
    };
    parts.push_back(
        bracketed_root(excess, after - before, torch::full_like(after, final_concentration)));
  }
  return torch::cat(parts);
}

AccuracySchedule derived_schedule(std::int64_t steps, double final_concentration) {
  AccuracySchedule schedule;
  schedule.final_concentration = final_concentration;
  const at::Tensor ends =
      von_mises::entropy(torch::tensor({0.0, final_concentration}, torch::dtype(torch::kFloat64)));
  const at::Tensor progress =
      torch::arange(1, steps + 1, torch::kFloat64) / static_cast<double>(steps);
  schedule.target_entropy = ends[0] + progress * (ends[1] - ends[0]);
  schedule.concentrations =
      von_mises::inverse_entropy(schedule.target_entropy, final_concentration);
  schedule.accuracies = accuracies_between(schedule.concentrations, final_concentration);
  return schedule;
}

}  // namespace

const AccuracySchedule& linear_entropy_schedule(std::int64_t steps, double final_concentration) {
  if (steps < 1)
    throw ConfigError("accuracy-steps", fmt::format("{} flow steps are less than 1", steps));
  if (!(final_concentration > 0 && std::isfinite(final_concentration))) {
    throw ConfigError(
        "accuracy-concentration",
        fmt::format("a final concentration of {} is not positive", final_concentration));
  }
  static std::mutex mutex;
  static std::map<std::pair<std::int64_t, double>, AccuracySchedule> known;
  const std::lock_guard lock(mutex);
  const std::pair key{steps, final_concentration};
  if (const auto found = known.find(key); found != known.end()) return found->second;
  // Training may use what a sampler under InferenceMode asked for first.
  const c10::InferenceMode recording(false);
  return known.emplace(key, derived_schedule(steps, final_concentration)).first->second;
}

}  // namespace equigen
