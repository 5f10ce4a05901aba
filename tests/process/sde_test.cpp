// SPDX-License-Identifier: MIT
#include "equigen/process/sde.h"

#include <torch/types.h>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/process/sde_solvers.h"

namespace equigen {
namespace {

class SeededNoise : public FieldNoise {
 public:
  explicit SeededNoise(std::vector<std::int64_t> shape) : shape_(std::move(shape)) {}
  at::Tensor normal(std::size_t) override { return torch::randn(shape_); }

 private:
  std::vector<std::int64_t> shape_;
};

/// Samples of N(mean, deviation^2), recovered from noise by the exact score of its marginals.
at::Tensor sample_gaussian(const Sde& sde, double mean, double deviation,
                           const SolverOptions& options) {
  torch::manual_seed(4);
  const std::vector<std::int64_t> shape{4000, 1};
  SeededNoise noise(shape);
  const CoupledScore score = [&](std::size_t, const FieldState& state, const at::Tensor& t) {
    const at::Tensor start = torch::full_like(state[0], mean);
    const Sde::Gaussian marginal = sde.marginal(start, t);
    const at::Tensor kept = (sde.marginal(torch::ones_like(start), t).mean * deviation).square();
    const at::Tensor variance = kept + along_batch(marginal.standard_deviation.square(), start);
    return -(state[0] - marginal.mean) / variance;
  };
  return solve_reverse_sde(
      std::vector<Sde>{sde}, {torch::randn(shape)}, score, noise, options, [] { return false; },
      [](double) {})[0];
}

}  // namespace

TEST_CASE("every solver recovers a Gaussian from its exact score") {
  const Sde vp(SdeType::vp, {0.1, 20.0}, 300);
  const Sde subvp(SdeType::subvp, {0.1, 20.0}, 300);
  for (const Predictor predictor : {Predictor::euler, Predictor::reverse, Predictor::s4}) {
    for (const bool flow : {false, true}) {
      if (predictor == Predictor::s4 && flow) continue;
      SolverOptions options;
      options.predictor = predictor;
      options.corrector = false;
      options.langevin.signal_to_noise_ratio = 0;  // S4 would correct all the same
      options.probability_flow = flow;
      options.final_time = 1e-3;
      for (const Sde& sde : {vp, subvp}) {
        if (predictor == Predictor::s4 && sde.type() == SdeType::subvp) continue;
        const at::Tensor x = sample_gaussian(sde, 1.5, 0.5, options);
        INFO("predictor " << static_cast<int>(predictor) << ", flow " << flow);
        CHECK(x.mean().item<double>() == Approx(1.5).margin(0.08));
        CHECK(x.std().item<double>() == Approx(0.5).margin(0.08));
      }
    }
  }
}

TEST_CASE("a Langevin step with its own norms does not depend on the batch") {
  torch::manual_seed(4);
  const at::Tensor x = torch::randn({3, 5});
  const at::Tensor score = torch::randn({3, 5});
  const at::Tensor z = torch::randn({3, 5});
  const LangevinOptions options;
  const auto row = [](const at::Tensor& all) { return all.narrow(0, 1, 1); };
  const at::Tensor together = langevin_step(x, torch::ones({3}), score, z, options).value;
  const at::Tensor alone =
      langevin_step(row(x), torch::ones({1}), row(score), row(z), options).value;
  CHECK(row(together).equal(alone));
}

TEST_CASE("a Langevin step leaves a sample without score where it is") {
  const at::Tensor x = torch::zeros({1, 4});
  CHECK(langevin_step(x, torch::ones({1}), x, x, {}).value.equal(x));
}

TEST_CASE("a score near zero does not carry a sample away") {
  const at::Tensor z = torch::full({1, 1}, 2.0);
  const at::Tensor x = torch::zeros({1, 1});
  const Update update = langevin_step(x, torch::ones({1}), torch::full({1, 1}, 1e-6), z, {});
  CHECK(update.value.abs().item<double>() < 1.0);
}

TEST_CASE("SDEs that make no sense are refused") {
  CHECK_THROWS_AS(Sde(SdeType::vp, {1.0, 0.1}, 10), ConfigError);
  CHECK_THROWS_AS(Sde(SdeType::ve, {0.0, 1.0}, 10), ConfigError);
  CHECK_THROWS_AS(Sde(SdeType::ve, {0.1, 1.0}, 1), ConfigError);
  CHECK_THROWS_AS(sde_type_named("vpp"), ConfigError);
  CHECK_THROWS_AS(predictor_named("s5"), ConfigError);
  const Sde subvp(SdeType::subvp, {0.1, 1.0}, 10);
  const at::Tensor t = torch::full({1}, 0.5);
  CHECK_THROWS_AS(subvp.transition(torch::ones({1, 1}), t, -t), ConfigError);
}

}  // namespace equigen
