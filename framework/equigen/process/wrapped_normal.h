// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

/// The normal distribution N(0, sigma^2) on a circle of circumference 1, as DiffCSP diffuses
/// fractional coordinates. Sums run over the 21 nearest images, which is exact in double up to
/// sigma = 1, in logarithms: no underflow for any sigma > 0. Element-wise, broadcasting, computed
/// in double, returned in the type of x.
namespace equigen::wrapped_normal {

/// Probability density, of period 1 and integral 1 over a period.
at::Tensor density(const at::Tensor& x, const at::Tensor& sigma);

/// -d log density / dx.
at::Tensor negative_score(const at::Tensor& x, const at::Tensor& sigma);

/// E negative_score(x, sigma)^2 over x ~ N(0, sigma^2), for sigmas [T]; integrated over one period.
/// 1 where sigma is 0, as the published tables have it.
at::Tensor expected_squared_score(const at::Tensor& sigmas);

/// [T + 1] float64: 0, then `steps` = T deviations in geometric progression from `smallest` to
/// `largest`. Throws ConfigError unless 0 < smallest <= largest and steps >= 1.
at::Tensor geometric_deviations(double smallest, double largest, std::int64_t steps);

}  // namespace equigen::wrapped_normal
