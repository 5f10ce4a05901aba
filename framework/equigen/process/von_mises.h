// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

/// Statistics on the circle: the von Mises distribution vM(mean, kappa) with density
/// exp(kappa cos(x - mean)) / (2 pi I0(kappa)) over angles x in radians, concentration kappa >= 0.
///
/// All functions are element-wise, broadcast, run on the device of their arguments, compute in
/// double and return the type of their first argument. None overflows; relative errors in double
/// stay below 1e-9 for kappa in 1e-6 .. 1e6.
namespace equigen::von_mises {

/// log I0(kappa).
at::Tensor log_bessel_i0(const at::Tensor& kappa);

/// A(kappa) = I1(kappa) / I0(kappa), the mean of cos(x - mean).
at::Tensor mean_resultant(const at::Tensor& kappa);

/// kappa with A(kappa) = r, for r in [0, 1]; infinity at r = 1.
at::Tensor inverse_mean_resultant(const at::Tensor& r);

/// Differential entropy in nats: log 2 pi at kappa = 0, falling without bound.
at::Tensor entropy(const at::Tensor& kappa);

/// kappa in [0, largest_kappa] of the given entropy; the nearer end for an entropy outside. The
/// entropy is flat at kappa = 0: there the answer is only as good as the digits of
/// log 2 pi - entropy.
at::Tensor inverse_entropy(const at::Tensor& entropy, double largest_kappa);

at::Tensor log_density(const at::Tensor& x, const at::Tensor& mean, const at::Tensor& kappa);

/// KL(vM(mean1, kappa1) || vM(mean2, kappa2)) in nats.
at::Tensor kl_divergence(const at::Tensor& mean1, const at::Tensor& kappa1, const at::Tensor& mean2,
                         const at::Tensor& kappa2);

/// x - 2 pi round(x / 2 pi), half to even, into [-pi, pi]; in the type of x, with gradients.
at::Tensor wrap_angle(const at::Tensor& x);

/// What is known of an angle: vM(mean, concentration).
struct Belief {
  at::Tensor mean;
  at::Tensor concentration;
};

/// The belief after an observation y ~ vM(x, accuracy): the vectors of both add up, so that the
/// concentration may fall as well as rise. `offset` is added to both arguments of atan2 (1e-6 in
/// the published sampler of CrysBFN).
Belief update(const Belief& belief, const at::Tensor& observation, const at::Tensor& accuracy,
              double offset = 0);

/// One draw of vM(mean, kappa) for each element, in [-pi, pi] (Best & Fisher, "Efficient simulation
/// of the von Mises distribution", 1979). Each round asks `uniform` for [3, ...] numbers in [0, 1),
/// `...` being the broadcast shape of mean and kappa, and overwrites also what was accepted before,
/// as PyTorch's sampler does. kappa is taken into 1e-6 .. 1e12. Throws NumericalError for a kappa
/// that is not a number.
at::Tensor sample(const at::Tensor& mean, const at::Tensor& kappa,
                  const std::function<at::Tensor(at::IntArrayRef)>& uniform);

}  // namespace equigen::von_mises
