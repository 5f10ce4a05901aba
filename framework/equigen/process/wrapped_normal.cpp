// SPDX-License-Identifier: MIT
#include "equigen/process/wrapped_normal.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "equigen/base/error.h"

namespace equigen::wrapped_normal {
namespace {

constexpr std::int64_t kImages = 10;  // on either side
constexpr std::int64_t kNodes = 400;
constexpr std::int64_t kRowsAtOnce = 32;  // what an integral holds then fits into the cache

struct Images {
  at::Tensor offsets;        ///< [..., 21] x + i
  at::Tensor log_densities;  ///< [..., 21], without the constant of the normal distribution
};

Images images_of(const at::Tensor& x, const at::Tensor& sigma) {
  const at::Tensor nearest = x - x.round();
  const at::Tensor shifts = torch::arange(-kImages, kImages + 1, nearest.options());
  const at::Tensor offsets = nearest.unsqueeze(-1) + shifts;
  return {offsets, -0.5 * (offsets / sigma.unsqueeze(-1)).square()};
}

at::Tensor density_in_double(const at::Tensor& x, const at::Tensor& sigma) {
  const at::Tensor sum = images_of(x, sigma).log_densities.logsumexp(-1).exp();
  return sum / (sigma * std::sqrt(2 * std::numbers::pi));
}

at::Tensor negative_score_in_double(const at::Tensor& x, const at::Tensor& sigma) {
  const Images images = images_of(x, sigma);
  return (images.log_densities.softmax(-1) * images.offsets).sum(-1) / sigma.square();
}

}  // namespace

at::Tensor density(const at::Tensor& x, const at::Tensor& sigma) {
  return density_in_double(x.to(torch::kFloat64), sigma.to(torch::kFloat64)).to(x.scalar_type());
}

at::Tensor negative_score(const at::Tensor& x, const at::Tensor& sigma) {
  return negative_score_in_double(x.to(torch::kFloat64), sigma.to(torch::kFloat64))
      .to(x.scalar_type());
}

at::Tensor expected_squared_score(const at::Tensor& sigmas) {
  const at::Tensor deviations = sigmas.to(torch::kFloat64);
  const at::Tensor nothing = deviations == 0;
  // Midpoints: of second order for most functions, but without error for one that is periodic, or
  // gone at both ends as that of a narrow one is after twelve deviations.
  const at::Tensor nodes =
      (torch::arange(kNodes, deviations.options()) + 0.5) / static_cast<double>(kNodes) - 0.5;
  std::vector<at::Tensor> parts;
  for (const at::Tensor& rows : deviations.masked_fill(nothing, 1).split(kRowsAtOnce)) {
    const at::Tensor sigma = rows.unsqueeze(1);
    const at::Tensor width = (24 * sigma).clamp_max(1);
    const at::Tensor x = nodes * width;
    const at::Tensor squares = negative_score_in_double(x, sigma).square();
    parts.push_back((squares * density_in_double(x, sigma) * width).mean(1));
  }
  return torch::cat(parts).masked_fill(nothing, 1).to(sigmas.scalar_type());
}

at::Tensor geometric_deviations(double smallest, double largest, std::int64_t steps) {
  if (!(smallest > 0 && smallest <= largest && std::isfinite(largest))) {
    throw ConfigError(
        "wrapped-normal-deviations",
        fmt::format("deviations from {} to {} are not positive and rising", smallest, largest));
  }
  if (steps < 1)
    throw ConfigError("wrapped-normal-steps", fmt::format("{} steps are less than 1", steps));
  const at::Tensor rising =
      torch::linspace(std::log(smallest), std::log(largest), steps, torch::kFloat64).exp();
  return torch::cat({torch::zeros({1}, torch::kFloat64), rising});
}

}  // namespace equigen::wrapped_normal
