// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace equigen {

/// The accuracies with which a Bayesian flow on the circle observes an angle, step by step. All
/// tensors are [N] float64 on the CPU; entry i - 1 belongs to step i = 1..N.
struct AccuracySchedule {
  double final_concentration = 0;
  at::Tensor target_entropy;  ///< of the belief after step i, in nats
  at::Tensor concentrations;  ///< beta_i: the concentration with that entropy
  at::Tensor accuracies;      ///< alpha_i of the observation of step i
};

/// The schedule under which the entropy of the belief falls linearly, from that of the uniform
/// distribution to that of vM(., final_concentration) ("A Periodic Bayesian Flow for Material
/// Generation", 2025): alpha_1 = beta_1, and alpha_i raises an expected concentration of beta_{i-1}
/// to beta_i.
///
/// The expectations are integrated, not drawn: equal arguments give equal tables. Kept for the life
/// of the process; callable from several threads. Throws ConfigError for steps < 1 or a final
/// concentration that is not positive and finite.
const AccuracySchedule& linear_entropy_schedule(std::int64_t steps, double final_concentration);

}  // namespace equigen
