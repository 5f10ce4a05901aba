// SPDX-License-Identifier: MIT
#include "equigen/process/diffusion_schedule.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <numbers>

#include "equigen/base/error.h"

namespace equigen {

at::Tensor cosine_cumulative_alphas(std::int64_t steps, double offset) {
  if (steps < 1)
    throw ConfigError("diffusion-steps", fmt::format("{} diffusion steps are less than 1", steps));
  if (!(offset >= 0))
    throw ConfigError("diffusion-offset", fmt::format("an offset of {} is negative", offset));
  const at::Tensor time = torch::arange(steps + 1, torch::kFloat64) / static_cast<double>(steps);
  const at::Tensor kept = ((time + offset) / (1 + offset) * (std::numbers::pi / 2)).cos().square();
  const at::Tensor lost = 1 - kept.narrow(0, 1, steps) / kept.narrow(0, 0, steps);
  const at::Tensor betas =
      torch::cat({torch::zeros({1}, torch::kFloat64), lost.clamp(1e-4, 0.9999)});
  return (1 - betas).cumprod(0);
}

}  // namespace equigen
