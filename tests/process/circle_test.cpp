// SPDX-License-Identifier: MIT
#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/process/accuracy_schedule.h"
#include "equigen/process/bracketed_root.h"
#include "equigen/process/circular_paths.h"
#include "equigen/process/diffusion_schedule.h"
#include "equigen/process/von_mises.h"
#include "equigen/process/wrapped_normal.h"

namespace equigen {
namespace {

constexpr double kPi = std::numbers::pi;

at::Tensor concentrations(double smallest, double largest, std::int64_t count = 301) {
  return torch::logspace(std::log10(smallest), std::log10(largest), count, 10, torch::kFloat64);
}

double worst_ratio(const at::Tensor& actual, const at::Tensor& expected) {
  return (actual / expected - 1).abs().max().item<double>();
}

double worst_difference(const at::Tensor& actual, const at::Tensor& expected) {
  return (actual - expected).abs().max().item<double>();
}

/// The midpoints of a turn cut into `count` parts.
at::Tensor turn(std::int64_t count) {
  return ((torch::arange(count, torch::kFloat64) + 0.5) / static_cast<double>(count) - 0.5) * 2 *
         kPi;
}

std::vector<double> sorted(const at::Tensor& sample) {
  const at::Tensor values = sample.flatten().to(torch::kFloat64).contiguous();
  std::vector<double> numbers(values.data_ptr<double>(),
                              values.data_ptr<double>() + values.numel());
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// The largest distance of two empirical distribution functions (Kolmogorov and Smirnov).
double largest_distance(const at::Tensor& first, const at::Tensor& second) {
  const std::vector<double> a = sorted(first), b = sorted(second);
  double largest = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] <= x) ++i;
    while (j < b.size() && b[j] <= x) ++j;
    largest = std::max(largest, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                                         static_cast<double>(j) / static_cast<double>(b.size())));
  }
  return largest;
}

at::Tensor direction_error(const Resultant& resultant, const at::Tensor& data) {
  return von_mises::wrap_angle(torch::atan2(resultant.sine, resultant.cosine) - data);
}

at::Tensor random_angles(std::int64_t rows, std::int64_t columns) {
  return (torch::rand({rows, columns}) * 2 - 1) * kPi;
}

at::Tensor path_choices(const at::Tensor& data) {
  return torch::rand({data.size(0), data.size(1), CircularPaths::kSegments + 1});
}

/// Draws of data from `pools` pools of `count` paths, a like part of the rows from each.
Resultant pooled(const at::Tensor& data, std::int64_t observations, const at::Tensor& accuracies,
                 std::int64_t pools, std::int64_t count) {
  std::vector<at::Tensor> cosines, sines;
  for (std::int64_t pool = 0; pool < pools; ++pool) {
    const CircularPaths paths(accuracies, count, static_cast<std::uint64_t>(pool), torch::kCPU);
    const at::Tensor part = data.chunk(pools)[static_cast<std::size_t>(pool)];
    const at::Tensor taken = torch::full({part.size(0)}, observations, torch::kLong);
    const Resultant drawn = paths.draw(part, taken, path_choices(part));
    cosines.push_back(drawn.cosine);
    sines.push_back(drawn.sine);
  }
  return {torch::cat(cosines), torch::cat(sines)};
}

}  // namespace

TEST_CASE("Bessel functions hold their digits from the smallest concentration to the largest") {
  const at::Tensor moderate = concentrations(1e-6, 600);
  for (std::int64_t i = 0; i < moderate.size(0); ++i) {
    const auto kappa = moderate[i].item<double>();
    const double i0 = std::cyl_bessel_i(0.0, kappa), i1 = std::cyl_bessel_i(1.0, kappa);
    const double log_i0 = kappa < 1e-3 ? kappa * kappa / 4 : std::log(i0);
    CHECK(von_mises::log_bessel_i0(moderate[i]).item<double>() == Approx(log_i0).epsilon(1e-6));
    CHECK(von_mises::mean_resultant(moderate[i]).item<double>() == Approx(i1 / i0).epsilon(1e-10));
  }
  const at::Tensor extreme = torch::tensor({0.0, 1e-300, 1e-12, 1e8, 1e12, 1e100}, torch::kFloat64);
  for (const at::Tensor& value : {von_mises::log_bessel_i0(extreme),
                                  von_mises::mean_resultant(extreme), von_mises::entropy(extreme)})
    CHECK(value.isfinite().all().item<bool>());
  const at::Tensor large = concentrations(1e4, 1e12);
  CHECK(worst_difference(von_mises::entropy(large),
                         0.5 + 0.5 * (2 * kPi / large).log() + 0.25 / large) < 1e-8);
}

TEST_CASE("the inverses of mean resultant and entropy find the concentration again") {
  const at::Tensor kappa = concentrations(1e-6, 1e6);
  CHECK(worst_ratio(von_mises::inverse_mean_resultant(von_mises::mean_resultant(kappa)), kappa) <
        1e-9);
  // Below, the entropy itself no longer tells concentrations apart to six digits.
  const at::Tensor steep = concentrations(0.05, 1e6);
  CHECK(worst_ratio(von_mises::inverse_entropy(von_mises::entropy(steep), 2e6), steep) < 1e-8);
  const at::Tensor ends = torch::tensor({0.0, 1.0}, torch::kFloat64);
  const at::Tensor inverse = von_mises::inverse_mean_resultant(ends);
  CHECK(inverse[0].item<double>() == 0);
  CHECK(std::isinf(inverse[1].item<double>()));
  const at::Tensor outside = torch::tensor({2.5, -20.0}, torch::kFloat64);
  const at::Tensor nearest = von_mises::inverse_entropy(outside, 50);
  CHECK(nearest[0].item<double>() == 0);
  CHECK(nearest[1].item<double>() == 50);
}

TEST_CASE("functions of the circle return the type they are given") {
  const at::Tensor kappa = torch::tensor({0.5, 700.0}, torch::kFloat32);
  CHECK(von_mises::entropy(kappa).scalar_type() == torch::kFloat32);
  CHECK(von_mises::log_density(kappa, kappa, kappa).scalar_type() == torch::kFloat32);
  CHECK(von_mises::inverse_mean_resultant(von_mises::mean_resultant(kappa)).scalar_type() ==
        torch::kFloat32);
  CHECK(wrapped_normal::density(kappa, kappa).scalar_type() == torch::kFloat32);
}

TEST_CASE("von Mises densities integrate to one and to the divergence of two") {
  const at::Tensor x = turn(20000);
  const double width = 2 * kPi / 20000;
  const at::Tensor mean = torch::tensor(0.7, torch::kFloat64);
  for (const double kappa1 : {0.0, 0.3, 0.99, 4.0, 499.0, 2000.0}) {
    const at::Tensor k1 = torch::tensor(kappa1, torch::kFloat64);
    const at::Tensor first = von_mises::log_density(x, mean, k1);
    CHECK(first.exp().sum().item<double>() * width == Approx(1).epsilon(1e-9));
    CHECK(von_mises::kl_divergence(mean, k1, mean, k1).item<double>() == Approx(0).margin(1e-12));
    for (const double kappa2 : {0.2, 1.0, 30.0, 501.0}) {
      const at::Tensor k2 = torch::tensor(kappa2, torch::kFloat64);
      const at::Tensor second = von_mises::log_density(x, -mean, k2);
      const double integral = (first.exp() * (first - second)).sum().item<double>() * width;
      CHECK(von_mises::kl_divergence(mean, k1, -mean, k2).item<double>() ==
            Approx(integral).epsilon(1e-8));
    }
  }
}

TEST_CASE("von Mises samples have the mean resultant of their concentration") {
  torch::manual_seed(3);
  const auto uniform = [](at::IntArrayRef shape) { return torch::rand(shape, torch::kFloat64); };
  const at::Tensor kappa =
      torch::tensor({0.0, 1e-5, 0.5, 5.0, 500.0, 1e6}, torch::kFloat64).unsqueeze(1);
  const at::Tensor mean = random_angles(1, 20000).to(torch::kFloat64);
  const at::Tensor angles = von_mises::sample(mean, kappa, uniform);
  REQUIRE(angles.sizes() == at::IntArrayRef({6, 20000}));
  CHECK(angles.abs().max().item<double>() <= kPi);
  const at::Tensor away = 1 - (angles - mean).cos();
  const at::Tensor expected = 1 - von_mises::mean_resultant(kappa.squeeze(1));
  const at::Tensor error = away.std(1) / std::sqrt(20000.0);
  CHECK(((away.mean(1) - expected) / error).abs().max().item<double>() < 4);
  CHECK(std::abs((angles - mean).sin().mean().item<double>()) < 0.01);
}

TEST_CASE("concentrations without end are drawn from, those that are no number refused") {
  const auto uniform = [](at::IntArrayRef shape) { return torch::rand(shape, torch::kFloat64); };
  const at::Tensor mean = torch::full({50}, 0.25, torch::kFloat64);
  const at::Tensor endless = torch::full_like(mean, std::numeric_limits<double>::infinity());
  CHECK(worst_difference(von_mises::sample(mean, endless, uniform), mean) < 1e-5);
  CHECK_THROWS_AS(von_mises::sample(mean, endless - endless, uniform), NumericalError);
}

TEST_CASE("angles wrap into one turn, with gradients") {
  const at::Tensor x = torch::tensor({0.0, kPi, -kPi, 3.2, -9.0, 100.0}, torch::kFloat64);
  const at::Tensor wrapped = von_mises::wrap_angle(x);
  CHECK(wrapped.abs().max().item<double>() <= kPi + 1e-12);
  CHECK(worst_difference(wrapped.cos(), x.cos()) < 1e-12);
  const at::Tensor leaf = torch::tensor({4.0, -8.0}).requires_grad_(true);
  von_mises::wrap_angle(leaf).sum().backward();
  CHECK(leaf.grad().equal(torch::ones({2})));
}

TEST_CASE("a belief of no concentration takes over the observation") {
  const at::Tensor y = torch::tensor({-3.0, 0.4}, torch::kFloat64);
  const at::Tensor accuracy = torch::full_like(y, 2.5);
  const von_mises::Belief first =
      von_mises::update({torch::ones_like(y), torch::zeros_like(y)}, y, accuracy);
  CHECK(worst_difference(first.mean, y) < 1e-12);
  CHECK(worst_difference(first.concentration, accuracy) < 1e-12);
  const von_mises::Belief opposed = von_mises::update(first, y + kPi, accuracy);
  CHECK(opposed.concentration.max().item<double>() < 1e-12);
}

TEST_CASE("roots are found for all brackets at once") {
  const at::Tensor target = torch::tensor({8.0, 1e-9, 1e9, 0.0, 5e3}, torch::kFloat64);
  const auto cube = [&](const at::Tensor& x) { return x * x * x - target; };
  const at::Tensor low = torch::zeros_like(target), high = torch::full_like(target, 1e4);
  const at::Tensor root = bracketed_root(cube, low, high);
  const at::Tensor expected = torch::tensor({2.0, 1e-3, 1e3, 0.0, std::cbrt(5e3)}, torch::kFloat64);
  CHECK(worst_difference(root, expected) < 1e-9);
  const auto positive = [](const at::Tensor& x) { return x + 1; };
  CHECK(bracketed_root(positive, low, high).equal(low));
}

TEST_CASE("accuracy schedules are kept, rise to the wanted end and refuse nonsense") {
  const AccuracySchedule& schedule = linear_entropy_schedule(7, 250);
  CHECK(&schedule == &linear_entropy_schedule(7, 250));
  CHECK(&schedule != &linear_entropy_schedule(7, 251));
  CHECK(schedule.concentrations[6].item<double>() == Approx(250));
  CHECK((schedule.concentrations.diff() > 0).all().item<bool>());
  const AccuracySchedule& single = linear_entropy_schedule(1, 10);
  CHECK(single.accuracies.item<double>() == Approx(10));
  CHECK_THROWS_AS(linear_entropy_schedule(0, 1000), ConfigError);
  CHECK_THROWS_AS(linear_entropy_schedule(10, 0), ConfigError);
  CHECK_THROWS_AS(linear_entropy_schedule(10, std::numeric_limits<double>::infinity()),
                  ConfigError);
}

TEST_CASE("expected concentrations of an accuracy schedule are those of simulated beliefs") {
  torch::manual_seed(5);
  const AccuracySchedule& schedule = linear_entropy_schedule(2, 100);
  const at::Tensor data = torch::zeros({200000, 1});
  const at::Tensor last = schedule.accuracies.narrow(0, 1, 1);
  const Resultant seen = simulate(data, torch::ones({200000}, torch::kLong), last, 1);
  const auto first = schedule.concentrations[0].item<double>();
  const double mean = torch::hypot(seen.cosine + first, seen.sine).mean().item<double>();
  CHECK(mean == Approx(schedule.concentrations[1].item<double>()).epsilon(1e-3));
}

TEST_CASE("pooled paths have the distribution of fresh observations") {
  torch::manual_seed(11);
  const at::Tensor accuracies = linear_entropy_schedule(50, 1000).accuracies;
  const at::Tensor data = random_angles(2048, 3);
  struct Pools {
    std::int64_t pools, count;
  };
  for (const Pools chosen : {Pools{1, 4096}, Pools{16, 256}}) {
    for (const std::int64_t k : {1, 5, 9, 24, 49, 50}) {
      INFO(chosen.pools << " pools of " << chosen.count << " paths, " << k << " observations");
      const Resultant fresh =
          simulate(data, torch::full({data.size(0)}, k, torch::kLong), accuracies, 17);
      const Resultant drawn = pooled(data, k, accuracies, chosen.pools, chosen.count);
      // At worst, as for short prefixes, a pool tells no more than its paths do.
      const auto fresh_count = static_cast<double>(data.numel());
      const auto paths = static_cast<double>(chosen.pools * chosen.count);
      const double allowed = 1.95 * std::sqrt(2 / fresh_count + 1 / paths);
      CHECK(largest_distance(direction_error(drawn, data), direction_error(fresh, data)) < allowed);
      // After one observation the length is the accuracy, up to the rounding of float32.
      if (k > 1) {
        CHECK(largest_distance(normalised_log_accuracy(drawn, 1000),
                               normalised_log_accuracy(fresh, 1000)) < allowed);
      }
    }
  }
}

TEST_CASE("pooled and fresh observations have the published moments half way") {
  torch::manual_seed(12);
  const at::Tensor accuracies = linear_entropy_schedule(1000, 1000).accuracies;
  const at::Tensor data = random_angles(1000, 3);
  const at::Tensor taken = torch::full({1000}, 499, torch::kLong);
  const CircularPaths paths(accuracies, 1000, 5, torch::kCPU);
  for (const Resultant& drawn :
       {simulate(data, taken, accuracies, 23), paths.draw(data, taken, path_choices(data))}) {
    const at::Tensor known = normalised_log_accuracy(drawn, 1000);
    CHECK(direction_error(drawn, data).std().item<double>() == Approx(0.2404).margin(0.016));
    CHECK(known.mean().item<double>() == Approx(0.8288).margin(0.001));
    CHECK(known.std().item<double>() == Approx(0.0097).margin(0.0008));
  }
}

TEST_CASE("draws from one pool are hardly related") {
  torch::manual_seed(13);
  const at::Tensor accuracies = linear_entropy_schedule(100, 1000).accuracies;
  const CircularPaths paths(accuracies, 256, 5, torch::kCPU);
  const at::Tensor data = torch::zeros({20000, 2});
  const at::Tensor taken = torch::full({20000}, 80, torch::kLong);
  const at::Tensor error = direction_error(paths.draw(data, taken, path_choices(data)), data);
  const at::Tensor first = error.select(1, 0), second = error.select(1, 1);
  const double correlation =
      ((first * second).mean() / (first.std() * second.std())).item<double>();
  CHECK(std::abs(correlation) < 0.03);
  CHECK(std::get<0>(at::_unique(error.flatten())).size(0) > 39000);
}

TEST_CASE("a pool depends on its key alone, starts at nothing and turns with the data") {
  const at::Tensor accuracies = linear_entropy_schedule(10, 1000).accuracies;
  const at::Tensor data = random_angles(40, 3);
  const at::Tensor choices = path_choices(data);
  const at::Tensor taken = torch::arange(40).remainder(11);
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const CircularPaths alone(accuracies, 64, 9, torch::kCPU);
  at::set_num_threads(threads);
  const CircularPaths paths(accuracies, 64, 9, torch::kCPU);
  const Resultant drawn = paths.draw(data, taken, choices);
  CHECK(alone.draw(data, taken, choices).cosine.equal(drawn.cosine));
  CHECK_FALSE(CircularPaths(accuracies, 64, 10, torch::kCPU)
                  .draw(data, taken, choices)
                  .cosine.equal(drawn.cosine));
  CHECK(drawn.cosine[0].abs().max().item<double>() == 0);
  CHECK(normalised_log_accuracy(drawn, 1000)[0].abs().max().item<double>() < 1e-6);
  const Resultant turned = paths.draw(data + 1, taken, choices);
  CHECK(worst_difference(direction_error(turned, data + 1).narrow(0, 1, 9),
                         direction_error(drawn, data).narrow(0, 1, 9)) < 1e-4);
  // The largest uniform number below 1 times the size of the pool rounds to that size.
  CHECK_NOTHROW(CircularPaths(accuracies, 300, 9, torch::kCPU)
                    .draw(data, taken, torch::full_like(choices, 1 - 0x1p-24)));
}

TEST_CASE(
    "paths refuse empty pools, accuracies that are no row of numbers and too many observations") {
  const at::Tensor accuracies = linear_entropy_schedule(10, 1000).accuracies;
  CHECK_THROWS_AS(CircularPaths(accuracies, 0, 1, torch::kCPU), ConfigError);
  CHECK_THROWS_AS(CircularPaths(accuracies.view({2, 5}), 4, 1, torch::kCPU), ConfigError);
  CHECK_THROWS_AS(CircularPaths(accuracies / 0, 4, 1, torch::kCPU), ConfigError);
  const at::Tensor data = torch::zeros({1, 3});
  CHECK_THROWS_AS(simulate(data, torch::full({1}, 11, torch::kLong), accuracies, 1), DataError);
  CHECK_THROWS_AS(simulate(data, torch::full({1}, -1, torch::kLong), accuracies, 1), DataError);
}

TEST_CASE("wrapped normal densities are periodic and their score is their slope") {
  const at::Tensor sigma = torch::tensor({{0.004}, {0.05}, {0.3}, {1.0}}, torch::kFloat64);
  const at::Tensor x = turn(4000).unsqueeze(0) / (2 * kPi);
  const at::Tensor density = wrapped_normal::density(x, sigma);
  CHECK(worst_difference(density.mean(1), torch::ones({4}, torch::kFloat64)) < 1e-9);
  CHECK(worst_difference(wrapped_normal::density(x + 50, sigma), density) < 1e-9);
  const double h = 1e-6;
  const at::Tensor middle = torch::linspace(-0.4, 0.4, 81, torch::kFloat64).unsqueeze(0);
  const at::Tensor slope = (wrapped_normal::density(middle - h, sigma).log() -
                            wrapped_normal::density(middle + h, sigma).log()) /
                           (2 * h);
  const at::Tensor score = wrapped_normal::negative_score(middle, sigma);
  // Only where the logarithm of the density is finite.
  const at::Tensor defined = slope.isfinite();
  CHECK(((score - slope).abs().index({defined}) / (1 + score.abs().index({defined})))
            .max()
            .item<double>() < 1e-5);
  const at::Tensor tiny = torch::full({1}, 1e-8, torch::kFloat64);
  CHECK(wrapped_normal::negative_score(x, tiny).isfinite().all().item<bool>());
}

TEST_CASE("deviations and cosine schedules start without noise and refuse nonsense") {
  const at::Tensor sigmas = wrapped_normal::geometric_deviations(0.005, 0.5, 3);
  CHECK(worst_difference(sigmas, torch::tensor({0.0, 0.005, 0.05, 0.5}, torch::kFloat64)) < 1e-12);
  CHECK_THROWS_AS(wrapped_normal::geometric_deviations(0, 0.5, 3), ConfigError);
  CHECK_THROWS_AS(wrapped_normal::geometric_deviations(0.5, 0.05, 3), ConfigError);
  CHECK_THROWS_AS(wrapped_normal::geometric_deviations(0.005, 0.5, 0), ConfigError);
  const at::Tensor left = cosine_cumulative_alphas(20);
  CHECK(left[0].item<double>() == 1);
  CHECK(left[20].item<double>() < 1e-4);
  CHECK((left.narrow(0, 1, 20) < left.narrow(0, 0, 20)).all().item<bool>());
  CHECK_THROWS_AS(cosine_cumulative_alphas(0), ConfigError);
  CHECK_THROWS_AS(cosine_cumulative_alphas(10, -1), ConfigError);
}

TEST_CASE("pools and statistics are the same on a GPU") {
  if (!torch::cuda::is_available()) {
    WARN("skipped: there is no GPU");
    return;
  }
  const at::Tensor kappa = concentrations(1e-6, 1e6);
  const at::Tensor found = von_mises::entropy(kappa.to(torch::kCUDA)).cpu();
  CHECK(worst_difference(found, von_mises::entropy(kappa)) < 1e-8);
  const at::Tensor accuracies = linear_entropy_schedule(50, 1000).accuracies;
  const at::Tensor data = random_angles(100, 3);
  const at::Tensor taken = torch::arange(100).remainder(51);
  const at::Tensor choices = path_choices(data);
  const Resultant here = CircularPaths(accuracies, 64, 1, torch::kCPU).draw(data, taken, choices);
  const Resultant there =
      CircularPaths(accuracies, 64, 1, torch::kCUDA)
          .draw(data.to(torch::kCUDA), taken.to(torch::kCUDA), choices.to(torch::kCUDA));
  CHECK(worst_difference(there.cosine.cpu(), here.cosine) < 1e-2);
}

}  // namespace equigen
