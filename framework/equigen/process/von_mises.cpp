// SPDX-License-Identifier: MIT
#include "equigen/process/von_mises.h"

#include <torch/types.h>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <numbers>
#include <vector>

#include "equigen/base/error.h"
#include "equigen/process/bracketed_root.h"
#include "equigen/process/wrapped_cauchy.h"

namespace equigen::von_mises {
namespace {

constexpr double kPi = std::numbers::pi;
const double kLogTwoPi = std::log(2 * kPi);
// From here on the expansions in 1 / kappa are exact in double.
constexpr double kLarge = 500;

at::Tensor in_double(const at::Tensor& x) {
  return x.to(torch::kFloat64);
}

/// Coefficients from the highest power down.
at::Tensor polynomial(const at::Tensor& x, std::initializer_list<double> coefficients) {
  at::Tensor value = torch::zeros_like(x);
  for (const double coefficient : coefficients) value = value * x + coefficient;
  return value;
}

at::Tensor ratio(const at::Tensor& kappa) {
  return torch::special_i1e(kappa) / torch::special_i0e(kappa);
}

at::Tensor log_scaled_i0(const at::Tensor& kappa) {
  return torch::special_i0e(kappa).log();
}

/// 1 - A(kappa), which the difference itself would leave few digits of when kappa is large.
at::Tensor deficit(const at::Tensor& kappa) {
  const at::Tensor inverse = 1 / kappa;
  const at::Tensor series =
      polynomial(inverse, {1073.0 / 1024, 13.0 / 32, 25.0 / 128, 1.0 / 8, 1.0 / 8, 0.5}) * inverse;
  return torch::where(kappa < kLarge, 1 - ratio(kappa), series);
}

/// A'(kappa) = 1 - A / kappa - A^2; kappa > 0.
at::Tensor ratio_slope(const at::Tensor& kappa) {
  const at::Tensor a = ratio(kappa);
  const at::Tensor inverse = 1 / kappa;
  const at::Tensor series =
      polynomial(inverse, {65.0 / 32, 25.0 / 32, 3.0 / 8, 1.0 / 4, 0.5}) * inverse.square();
  return torch::where(kappa < kLarge, 1 - a * inverse - a.square(), series);
}

at::Tensor log_i0(const at::Tensor& kappa) {
  // log I0 is about kappa^2 / 4 near 0: the logarithm of the scaled function would cancel kappa.
  const at::Tensor quarter = kappa.square() / 4;
  at::Tensor term = torch::ones_like(quarter);
  at::Tensor excess = torch::zeros_like(quarter);
  for (int k = 1; k <= 10; ++k) {
    term = term * quarter / (k * k);
    excess = excess + term;
  }
  return torch::where(kappa < 1, excess.log1p(), log_scaled_i0(kappa) + kappa);
}

}  // namespace

at::Tensor log_bessel_i0(const at::Tensor& kappa) {
  return log_i0(in_double(kappa)).to(kappa.scalar_type());
}

at::Tensor mean_resultant(const at::Tensor& kappa) {
  return ratio(in_double(kappa)).to(kappa.scalar_type());
}

at::Tensor inverse_mean_resultant(const at::Tensor& r) {
  const at::Tensor target = in_double(r);
  const at::Tensor rest = 1 - target;
  // Newton's method from the approximation of Banerjee et al. (2005), which is within a few
  // percent.
  at::Tensor kappa = target * (2 - target.square()) / (rest * (1 + target));
  for (int iteration = 0; iteration < 8; ++iteration) {
    const at::Tensor tried = kappa.clamp_min(std::numeric_limits<double>::min());
    const at::Tensor residual =
        torch::where(tried < kLarge, ratio(tried) - target, rest - deficit(tried));
    kappa = tried - residual / ratio_slope(tried);
  }
  const at::Tensor infinity = torch::full_like(kappa, std::numeric_limits<double>::infinity());
  return torch::where(target == 1, infinity, kappa).to(r.scalar_type());
}

at::Tensor entropy(const at::Tensor& kappa) {
  const at::Tensor k = in_double(kappa);
  return (kLogTwoPi + log_scaled_i0(k) + k * deficit(k)).to(kappa.scalar_type());
}

at::Tensor inverse_entropy(const at::Tensor& entropy_value, double largest_kappa) {
  const at::Tensor target = in_double(entropy_value);
  const auto residual = [&](const at::Tensor& kappa) { return entropy(kappa) - target; };
  return bracketed_root(residual, torch::zeros_like(target),
                        torch::full_like(target, largest_kappa))
      .to(entropy_value.scalar_type());
}

at::Tensor log_density(const at::Tensor& x, const at::Tensor& mean, const at::Tensor& kappa) {
  const at::Tensor k = in_double(kappa);
  const at::Tensor half = (in_double(x) - in_double(mean)) / 2;
  return (-2 * k * half.sin().square() - kLogTwoPi - log_scaled_i0(k)).to(x.scalar_type());
}

at::Tensor kl_divergence(const at::Tensor& mean1, const at::Tensor& kappa1, const at::Tensor& mean2,
                         const at::Tensor& kappa2) {
  const at::Tensor k1 = in_double(kappa1), k2 = in_double(kappa2);
  const at::Tensor difference = in_double(mean1) - in_double(mean2);
  const at::Tensor a1 = ratio(k1), missing = deficit(k1);
  // Two forms of one formula: each keeps its digits where the terms of the other cancel.
  const at::Tensor small = log_i0(k2) - log_i0(k1) + a1 * (k1 - k2 * difference.cos());
  const at::Tensor large = log_scaled_i0(k2) - log_scaled_i0(k1) - k1 * missing +
                           k2 * (missing + 2 * a1 * (difference / 2).sin().square());
  return torch::where(torch::maximum(k1, k2) < 1, small, large).to(mean1.scalar_type());
}

at::Tensor wrap_angle(const at::Tensor& x) {
  return x - 2 * kPi * (x.detach() / (2 * kPi)).round();
}

Belief update(const Belief& belief, const at::Tensor& observation, const at::Tensor& accuracy,
              double offset) {
  const at::Tensor m = in_double(belief.mean), c = in_double(belief.concentration);
  const at::Tensor y = in_double(observation), alpha = in_double(accuracy);
  const at::Tensor sine = alpha * y.sin() + c * m.sin();
  const at::Tensor cosine = alpha * y.cos() + c * m.cos();
  return {torch::atan2(sine + offset, cosine + offset).to(belief.mean.scalar_type()),
          torch::hypot(sine, cosine).to(belief.concentration.scalar_type())};
}

at::Tensor sample(const at::Tensor& mean, const at::Tensor& kappa,
                  const std::function<at::Tensor(at::IntArrayRef)>& uniform) {
  const std::vector<at::Tensor> both =
      torch::broadcast_tensors({in_double(mean), in_double(kappa).clamp(kLeastKappa, kMostKappa)});
  const at::Tensor k = both[1];
  if (k.isnan().any().item<bool>())
    throw NumericalError("von-mises-kappa", "a concentration to draw with is not a number");
  const at::Tensor r = proposal_ratio(k);
  std::vector<std::int64_t> shape = k.sizes().vec();
  shape.insert(shape.begin(), 3);
  at::Tensor deviation = torch::zeros_like(r);
  at::Tensor accepted = torch::zeros_like(r, torch::kBool);
  while (!accepted.all().item<bool>()) {
    const at::Tensor u = in_double(uniform(shape)).to(k.device());
    const at::Tensor z = (kPi * u[0]).cos();
    const at::Tensor f = (1 + r * z) / (r + z);
    const at::Tensor c = k * (r - f);
    const at::Tensor now = (c * (2 - c) - u[1] > 0).logical_or((c / u[1]).log() + 1 - c >= 0);
    deviation = torch::where(now, (u[2] - 0.5).sign() * f.clamp(-1, 1).acos(), deviation);
    accepted = accepted.logical_or(now);
  }
  const at::Tensor angle = (deviation + kPi + both[0]).remainder(2 * kPi) - kPi;
  return wrap_angle(angle.to(mean.scalar_type()));
}

}  // namespace equigen::von_mises
