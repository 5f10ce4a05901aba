// SPDX-License-Identifier: MIT
#include "equigen/process/sde.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <cmath>
#include <numbers>

#include "equigen/base/error.h"

namespace equigen {

at::Tensor along_batch(const at::Tensor& v, const at::Tensor& x) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
  shape[0] = v.size(0);
  return v.view(shape);
}

at::Tensor NoiseSchedule::linear(const at::Tensor& t) const {
  return t * (maximum - minimum) + minimum;
}

at::Tensor NoiseSchedule::log_mean_coefficient(const at::Tensor& t) const {
  return -0.25 * t.square() * (maximum - minimum) - 0.5 * t * minimum;
}

at::Tensor NoiseSchedule::geometric(const at::Tensor& t) const {
  return minimum * torch::pow(maximum / minimum, t);
}

SdeType sde_type_named(const std::string& name) {
  if (name == "vp") return SdeType::vp;
  if (name == "ve") return SdeType::ve;
  if (name == "subvp") return SdeType::subvp;
  throw ConfigError("sde-type", fmt::format("there is no SDE named '{}'", name),
                    "use vp, ve or subvp");
}

Sde::Sde(SdeType type, NoiseSchedule schedule, std::int64_t num_scales)
    : type_(type), schedule_(schedule), num_scales_(num_scales) {
  const bool ordered = schedule.minimum < schedule.maximum &&
                       (type == SdeType::ve ? schedule.minimum > 0 : schedule.minimum >= 0);
  if (!ordered) {
    const char* name = type == SdeType::ve ? "sigma" : "beta";
    throw ConfigError("sde-schedule", fmt::format("{0}_min = {1} and {0}_max = {2} do not rise",
                                                  name, schedule.minimum, schedule.maximum));
  }
  if (num_scales < 2)
    throw ConfigError("sde-scales", fmt::format("num_scales = {} is less than 2", num_scales));
  if (type == SdeType::ve) {
    sigmas_ = torch::exp(
        torch::linspace(std::log(schedule.minimum), std::log(schedule.maximum), num_scales));
  } else {
    const auto scales = static_cast<double>(num_scales);
    betas_ = torch::linspace(schedule.minimum / scales, schedule.maximum / scales, num_scales);
  }
}

at::Tensor Sde::drift(const at::Tensor& x, const at::Tensor& t) const {
  if (type_ == SdeType::ve) return torch::zeros_like(x);
  return along_batch(-0.5 * schedule_.linear(t), x) * x;
}

at::Tensor Sde::diffusion(const at::Tensor& t) const {
  switch (type_) {
    case SdeType::vp:
      return schedule_.linear(t).sqrt();
    case SdeType::ve:
      return schedule_.geometric(t) *
             std::sqrt(2 * (std::log(schedule_.maximum) - std::log(schedule_.minimum)));
    case SdeType::subvp:
      break;
  }
  const at::Tensor discount =
      1.0 -
      torch::exp(-2 * schedule_.minimum * t - (schedule_.maximum - schedule_.minimum) * t.square());
  return (schedule_.linear(t) * discount).sqrt();
}

at::Tensor Sde::marginal_deviation(const at::Tensor& t) const {
  if (type_ == SdeType::ve) return schedule_.geometric(t);
  const at::Tensor variance = 1.0 - torch::exp(2.0 * schedule_.log_mean_coefficient(t));
  return type_ == SdeType::vp ? variance.sqrt() : variance;
}

Sde::Gaussian Sde::marginal(const at::Tensor& x0, const at::Tensor& t) const {
  if (type_ == SdeType::ve) return {x0, marginal_deviation(t)};
  const at::Tensor factor = torch::exp(schedule_.log_mean_coefficient(t));
  return {along_batch(factor, x0) * x0, marginal_deviation(t)};
}

at::Tensor Sde::prior_log_density(const at::Tensor& x) const {
  const at::Tensor rows = x.flatten(1);
  const double constant = 0.5 * static_cast<double>(rows.size(1)) * std::log(2 * std::numbers::pi);
  return -constant - rows.square().sum(1) / 2.0;
}

at::Tensor Sde::step_index(const at::Tensor& t) const {
  return (t * static_cast<double>(num_scales_ - 1)).to(torch::kLong);
}

Sde::Step Sde::discretise(const at::Tensor& x, const at::Tensor& t) const {
  if (type_ == SdeType::subvp) {
    const auto scales = static_cast<double>(num_scales_);
    return {drift(x, t) / scales, diffusion(t) * std::sqrt(1.0 / scales)};
  }
  const at::Tensor k = step_index(t);
  if (type_ == SdeType::vp) {
    const at::Tensor beta = betas_.to(t.device()).index_select(0, k);
    return {along_batch((1.0 - beta).sqrt(), x) * x - x, beta.sqrt()};
  }
  const at::Tensor sigmas = sigmas_.to(t.device());
  const at::Tensor sigma = sigmas.index_select(0, k);
  const at::Tensor below =
      torch::where(k == 0, torch::zeros_like(sigma), sigmas.index_select(0, (k - 1).clamp_min(0)));
  return {torch::zeros_like(x), (sigma.square() - below.square()).sqrt()};
}

Sde::Gaussian Sde::transition(const at::Tensor& x, const at::Tensor& t,
                              const at::Tensor& dt) const {
  if (type_ == SdeType::subvp) {
    throw ConfigError("sde-transition", "the S4 solver has no transition of the subvp SDE",
                      "use vp or ve for both fields, or another predictor");
  }
  if (type_ == SdeType::ve) {
    const at::Tensor variance =
        schedule_.geometric(t).square() - schedule_.geometric(t + dt).square();
    return {x, variance.sqrt()};
  }
  const at::Tensor exponent =
      0.25 * dt *
      (2.0 * schedule_.minimum + (2.0 * t + dt) * (schedule_.maximum - schedule_.minimum));
  return {along_batch(torch::exp(-exponent), x) * x, (1.0 - torch::exp(2.0 * exponent)).sqrt()};
}

at::Tensor Sde::langevin_factor(const at::Tensor& t) const {
  if (type_ == SdeType::ve) return torch::ones_like(t);
  return 1.0 - betas_.to(t.device()).index_select(0, step_index(t));
}

}  // namespace equigen
