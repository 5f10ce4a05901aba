// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

namespace equigen {

/// The extent of the noise over time t in [0, 1]: a rate beta(t) that rises linearly, or a standard
/// deviation sigma(t) that rises geometrically, between `minimum` and `maximum`. All in float32.
struct NoiseSchedule {
  double minimum = 0.1;
  double maximum = 1.0;

  /// beta(t) = minimum + t (maximum - minimum).
  at::Tensor linear(const at::Tensor& t) const;
  /// log of the factor that is left of the data under a linear rate:
  /// c(t) = -1/4 t^2 (maximum - minimum) - 1/2 t minimum.
  at::Tensor log_mean_coefficient(const at::Tensor& t) const;
  /// sigma(t) = minimum (maximum / minimum)^t.
  at::Tensor geometric(const at::Tensor& t) const;

  bool operator==(const NoiseSchedule&) const = default;
};

/// The three forward processes of "Score-Based Generative Modeling through Stochastic Differential
/// Equations" (Song et al. 2021): variance preserving, variance exploding, sub-variance preserving.
enum class SdeType { vp, ve, subvp };

/// "vp", "ve" or "subvp". Throws ConfigError for anything else.
SdeType sde_type_named(const std::string& name);

/// dx = f(x, t) dt + g(t) dw of one field, t in [0, 1], with `num_scales` steps when discretised.
///
/// Shapes: x [B, ...], t [B]; what depends on t alone is [B]. The prior of every type is N(0, I),
/// as in the published code of GDSS: with VE that fits only `maximum` = 1.
///
/// Deviations are computed in float32 as sqrt(1 - exp(2c)), although expm1 would be more accurate
/// near t = 0, because published weights were trained and sampled with that form.
class Sde {
 public:
  struct Gaussian {
    at::Tensor mean;                ///< [B, ...]
    at::Tensor standard_deviation;  ///< [B]
  };
  struct Step {
    at::Tensor drift;      ///< [B, ...], what is added to x
    at::Tensor diffusion;  ///< [B], factor of the noise
  };

  /// Throws ConfigError unless 0 < minimum < maximum and num_scales >= 2; a linear rate may start
  /// at 0.
  Sde(SdeType type, NoiseSchedule schedule, std::int64_t num_scales);

  SdeType type() const { return type_; }
  const NoiseSchedule& schedule() const { return schedule_; }
  std::int64_t num_scales() const { return num_scales_; }

  at::Tensor drift(const at::Tensor& x, const at::Tensor& t) const;
  at::Tensor diffusion(const at::Tensor& t) const;

  /// p(x_t | x_0).
  Gaussian marginal(const at::Tensor& x0, const at::Tensor& t) const;
  at::Tensor marginal_deviation(const at::Tensor& t) const;

  /// log density of x [B, ...] under the prior N(0, I); [B].
  at::Tensor prior_log_density(const at::Tensor& x) const;

  /// k = trunc(t (num_scales - 1)), int64 [B].
  at::Tensor step_index(const at::Tensor& t) const;
  /// One step of the discretised process: of the discrete tables for VP (DDPM) and VE (SMLD), of
  /// the Euler method for subVP.
  Step discretise(const at::Tensor& x, const at::Tensor& t) const;

  /// p(x_{t + dt} | x_t) of the process without score, as the S4 solver needs it (dt < 0, [B]).
  /// Throws ConfigError for subVP, which has no closed form here.
  Gaussian transition(const at::Tensor& x, const at::Tensor& t, const at::Tensor& dt) const;

  /// Factor of the Langevin step: alpha_k for VP and subVP, 1 for VE; [B].
  at::Tensor langevin_factor(const at::Tensor& t) const;

  /// Tables of `num_scales` entries: beta_k (VP, subVP) and sigma_k (VE); undefined otherwise.
  const at::Tensor& discrete_betas() const { return betas_; }
  const at::Tensor& discrete_sigmas() const { return sigmas_; }

 private:
  SdeType type_;
  NoiseSchedule schedule_;
  std::int64_t num_scales_;
  at::Tensor betas_;
  at::Tensor sigmas_;
};

/// Views v [B] as [B, 1, ..., 1] with as many axes as x.
at::Tensor along_batch(const at::Tensor& v, const at::Tensor& x);

}  // namespace equigen
