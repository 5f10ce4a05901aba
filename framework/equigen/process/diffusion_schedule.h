// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace equigen {

/// The noise of a discrete Gaussian diffusion (DDPM), [T + 1] float64 each on the CPU. Index 0
/// stands for the data: no noise.
struct DiffusionSchedule {
  at::Tensor betas;                 ///< beta_t
  at::Tensor alphas;                ///< 1 - beta_t
  at::Tensor cumulative_alphas;     ///< product of alpha_1 .. alpha_t
  at::Tensor posterior_deviations;  ///< of x_{t-1} given x_t and x_0
};

/// The cosine schedule of "Improved Denoising Diffusion Probabilistic Models" (Nichol & Dhariwal
/// 2021), betas clipped to [1e-4, 0.9999] as in DiffCSP. Throws ConfigError for steps < 1 or a
/// negative offset.
DiffusionSchedule cosine_schedule(std::int64_t steps, double offset = 0.008);

}  // namespace equigen
