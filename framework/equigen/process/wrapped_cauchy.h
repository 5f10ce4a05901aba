// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <numbers>

/// The wrapped Cauchy distribution that von Mises variates are chosen from (Best & Fisher 1979).
namespace equigen::von_mises {

/// Concentrations outside give a proposal without digits, from which nothing would be accepted.
inline constexpr double kLeastKappa = 1e-6;
inline constexpr double kMostKappa = 1e12;

/// r of the proposal for a concentration in that range, a double or a tensor of them; in a form
/// that does not cancel when kappa is small.
template <typename Number>
Number proposal_ratio(const Number& kappa) {
  using std::sqrt;
  const Number root = sqrt(1 + 4 * kappa * kappa);
  const Number root_tau = sqrt(1 + root);
  const Number rho = 2 * kappa * root_tau / ((root_tau + std::numbers::sqrt2) * (root + 1));
  return (1 + rho * rho) / (2 * rho);
}

}  // namespace equigen::von_mises
