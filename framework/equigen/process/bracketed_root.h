// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

namespace equigen {

/// A zero of a continuous function in [low, high] for each element, all elements at once, to a
/// relative 1e-14: `function` maps a double tensor of the shape of `low` to its values, element by
/// element. Chandrupatla's method (1997): inverse quadratic interpolation where that is safe,
/// bisection elsewhere. Where the signs at both ends agree, the end with the smaller value.
at::Tensor bracketed_root(const std::function<at::Tensor(const at::Tensor&)>& function,
                          const at::Tensor& low, const at::Tensor& high);

}  // namespace equigen
