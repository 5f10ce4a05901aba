// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace equigen {

/// How much of the data's variance is left after t of T steps of a discrete Gaussian diffusion
/// (DDPM), the product of alpha_1 .. alpha_t: [T + 1] float64 on the CPU, 1 for t = 0.
///
/// The cosine schedule of "Improved Denoising Diffusion Probabilistic Models" (Nichol & Dhariwal
/// 2021), betas 1 - alpha clipped to [1e-4, 0.9999] as in DiffCSP. Throws ConfigError for steps < 1
/// or a negative offset.
at::Tensor cosine_cumulative_alphas(std::int64_t steps, double offset = 0.008);

}  // namespace equigen
