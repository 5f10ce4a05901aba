// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstdint>

#include "flowmm/flow_matching.h"

namespace equigen::flowmm {

/// t of steps [R], as [R, 1] in the type of `like`.
inline at::Tensor time_of(const at::Tensor& step, std::int64_t steps, const at::Tensor& like) {
  return ((step.to(at::kDouble) - 1) / static_cast<double>(steps)).to(like.dtype()).unsqueeze(1);
}

/// What a velocity is multiplied by in the Euler step of a stride.
inline double step_size(const Stride& stride, std::int64_t steps,
                        const AnnealingConfig& annealing) {
  const auto count = static_cast<double>(steps);
  const double time = static_cast<double>(stride.from - 1) / count;
  const double length = static_cast<double>(stride.to - stride.from) / count;
  return (1 + annealing.slope * std::max(time - annealing.start, 0.0)) * length;
}

}  // namespace equigen::flowmm
