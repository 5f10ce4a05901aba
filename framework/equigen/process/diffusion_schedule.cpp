// SPDX-License-Identifier: MIT
#include "equigen/process/diffusion_schedule.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <numbers>

#include "equigen/base/error.h"

namespace equigen {

DiffusionSchedule cosine_schedule(std::int64_t steps, double offset) {
  if (steps < 1)
    throw ConfigError("diffusion-steps", fmt::format("{} diffusion steps are less than 1", steps));
  if (!(offset >= 0))
    throw ConfigError("diffusion-offset", fmt::format("an offset of {} is negative", offset));
  const at::Tensor time = torch::arange(steps + 1, torch::kFloat64) / static_cast<double>(steps);
  const at::Tensor kept = ((time + offset) / (1 + offset) * (std::numbers::pi / 2)).cos().square();
  const at::Tensor lost = 1 - kept.narrow(0, 1, steps) / kept.narrow(0, 0, steps);
  const at::Tensor zero = torch::zeros({1}, torch::kFloat64);

  DiffusionSchedule schedule;
  schedule.betas = torch::cat({zero, lost.clamp(1e-4, 0.9999)});
  schedule.alphas = 1 - schedule.betas;
  schedule.cumulative_alphas = schedule.alphas.cumprod(0);
  const at::Tensor noise = 1 - schedule.cumulative_alphas;
  const at::Tensor variance =
      schedule.betas.narrow(0, 1, steps) * noise.narrow(0, 0, steps) / noise.narrow(0, 1, steps);
  schedule.posterior_deviations = torch::cat({zero, variance.sqrt()});
  return schedule;
}

}  // namespace equigen
