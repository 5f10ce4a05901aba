// SPDX-License-Identifier: MIT
#include <torch/types.h>

#include <functional>
#include <string>

#include "catch.h"
#include "equigen/process/von_mises.h"
#include "equigen/process/wrapped_normal.h"
#include "equigen/tensor/noise.h"
#include "equigen/testing/separate_device.h"

using namespace equigen;

namespace {

using OfOne = std::function<at::Tensor(const at::Tensor&)>;

void check_on_both(const OfOne& function, const at::Tensor& argument) {
  const at::Tensor there = function(argument.to(testing::separate_device()));
  CHECK(there.device() == testing::separate_device());
  CHECK(there.cpu().allclose(function(argument), 1e-12, 1e-12));
}

}  // namespace

TEST_CASE("statistics of the circle run on the device of their arguments") {
  const at::Tensor kappa = torch::logspace(-6, 6, 25, 10, torch::kFloat64);
  check_on_both(von_mises::log_bessel_i0, kappa);
  check_on_both(von_mises::mean_resultant, kappa);
  check_on_both(von_mises::inverse_mean_resultant, torch::linspace(0, 0.999, 25, torch::kFloat64));
  check_on_both(von_mises::entropy, kappa);
  check_on_both([](const at::Tensor& x) { return von_mises::inverse_entropy(x, 1e6); },
                von_mises::entropy(kappa));
  const at::Tensor angles = torch::linspace(-7, 7, 25, torch::kFloat64);
  check_on_both(von_mises::wrap_angle, angles);
  check_on_both([](const at::Tensor& x) { return von_mises::log_density(x, 0.5 * x, x.abs()); },
                angles);
  check_on_both(
      [](const at::Tensor& x) { return von_mises::kl_divergence(x, x.abs(), -x, 2 * x.abs()); },
      angles);
  check_on_both(
      [](const at::Tensor& x) {
        const auto belief = von_mises::update({x, x.abs()}, 0.3 * x, 1 + x.abs(), 1e-6);
        return belief.mean + belief.concentration;
      },
      angles);
  check_on_both([](const at::Tensor& x) { return wrapped_normal::density(x, 0.1 + x.abs()); },
                angles);
  check_on_both(
      [](const at::Tensor& x) { return wrapped_normal::negative_score(x, 0.1 + x.abs()); }, angles);
  check_on_both(
      [](const at::Tensor& x) {
        NoiseStream noise(3, x.device());
        const auto uniform = [&](at::IntArrayRef shape) { return noise.uniform(shape); };
        return von_mises::sample(0.1 * x, x, uniform);
      },
      kappa);
}
