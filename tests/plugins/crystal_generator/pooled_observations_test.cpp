// SPDX-License-Identifier: MIT
#include <torch/types.h>

#include <cmath>

#include "equigen/process/von_mises.h"
#include "plugins/crystal_generator/golden.h"

namespace equigen::crystal_generator::testing {
namespace {

constexpr std::int64_t kRows = 128;

/// Every observation drawn for itself: slow and obvious.
class SeparateObservations final : public crysbfn::Observations {
 public:
  explicit SeparateObservations(const at::Tensor& accuracies) : accuracies_(accuracies) {}
  Resultant first(const at::Tensor& data, const at::Tensor& count, RowNoise&) override {
    return simulate(data, count, accuracies_, ++key_);
  }
  at::Tensor single(const at::Tensor& data, std::int64_t index, RowNoise& noise) override {
    const at::Tensor accuracy = accuracies_[index - 1].expand(data.sizes());
    return von_mises::sample(
               data.to(torch::kFloat64), accuracy,
               [&](at::IntArrayRef) {
                 return noise.uniform({data.size(1), 3}).permute({2, 0, 1}).to(torch::kFloat64);
               })
        .to(data.scalar_type());
  }

 private:
  at::Tensor accuracies_;
  std::uint64_t key_ = 0;
};

FieldSetting setting(std::int64_t steps) {
  FieldSetting result;
  result.field = CrystalField::coordinates;
  result.steps = steps;
  return result;
}

struct Moments {
  double mean = 0;
  double error = 0;  ///< standard error of the mean
};

Moments moments_of(const at::Tensor& values) {
  return {values.mean().item<double>(),
          values.std().item<double>() / std::sqrt(static_cast<double>(values.numel()))};
}

void check_agreement(const char* what, const Moments& a, const Moments& b) {
  INFO(what << ": " << a.mean << " +- " << a.error << " against " << b.mean << " +- " << b.error);
  CHECK(std::abs(a.mean - b.mean) < 4 * std::hypot(a.error, b.error));
}

/// Losses of batches whose predictions depend on all that a network sees.
at::Tensor batch_losses(crysbfn::CircularBayesianFlow& process, std::int64_t steps,
                        std::int64_t batches) {
  NoiseStream stream(11, at::kCPU);
  const FieldRows rows{torch::arange(kRows), kRows};
  std::vector<float> losses;
  for (std::int64_t batch = 0; batch < batches; ++batch) {
    process.begin(ProcessUse::training, {7, batch}, at::kCPU);
    StreamRowNoise noise(stream, kRows);
    const at::Tensor clean = process.encode(noise.uniform({3}));
    const at::Tensor step =
        (noise.uniform({1}).squeeze(1) * static_cast<double>(steps)).floor().to(torch::kLong) + 1;
    const CorruptedField corrupted = process.corrupt(clean, step, rows, noise);
    const at::Tensor output =
        0.3 * corrupted.noisy.value.sin() * (1 - corrupted.noisy.conditioning);
    losses.push_back(process.loss(output, corrupted, rows).mean().item<float>());
  }
  return torch::tensor(losses);
}

}  // namespace

TEST_CASE("training losses with pooled paths agree with those of separate observations") {
  for (const std::int64_t steps : {10, 100}) {
    constexpr std::int64_t kBatches = 300;
    crysbfn::CircularBayesianFlow pooled({}, setting(steps));
    crysbfn::CircularBayesianFlow separate({}, setting(steps));
    separate.use_observations(std::make_shared<SeparateObservations>(separate.accuracies()));
    const at::Tensor of_pooled = batch_losses(pooled, steps, kBatches);
    const at::Tensor of_separate = batch_losses(separate, steps, kBatches);
    check_agreement("loss", moments_of(of_pooled), moments_of(of_separate));
    // A pool that is shared by a batch must not make its loss noisier to speak of.
    const double spread = of_pooled.std().item<double>() / of_separate.std().item<double>();
    INFO("spread " << spread);
    CHECK(spread < 1.2);
    CHECK(spread > 0.8);
  }
}

TEST_CASE("a pool depends on its place alone, not on how it came there") {
  crysbfn::CircularBayesianFlow process({}, setting(20));
  const at::Tensor data = torch::rand({500, 3});
  const at::Tensor count = torch::randint(0, 21, {500}, torch::kLong);
  const auto draw = [&](crysbfn::PooledObservations& pool) {
    NoiseStream stream(14, at::kCPU);
    StreamRowNoise noise(stream, 500);
    return pool.first(data, count, noise).cosine;
  };
  for (const std::int64_t paths : {5, 256}) {
    crysbfn::PooledObservations straight(process.accuracies(), paths, {9, 130}, at::kCPU);
    crysbfn::PooledObservations walked(process.accuracies(), paths, {9, 0}, at::kCPU);
    const at::Tensor at_start = draw(walked);
    for (std::int64_t position = 1; position <= 130; ++position) walked.move_to(position);
    CHECK(draw(walked).equal(draw(straight)));
    CHECK_FALSE(draw(walked).equal(at_start));
    walked.move_to(0);
    CHECK(draw(walked).equal(at_start));
  }
}

TEST_CASE("single observations from a pool are distributed like separate ones") {
  constexpr std::int64_t kSteps = 50;
  crysbfn::CircularBayesianFlow process({}, setting(kSteps));
  crysbfn::PooledObservations pooled(process.accuracies(), 65536, {5, 0}, at::kCPU);
  SeparateObservations separate(process.accuracies());
  constexpr std::int64_t kMany = 10000;
  NoiseStream stream(12, at::kCPU);
  StreamRowNoise noise(stream, kMany);
  const at::Tensor data = torch::full({kMany, 1}, 2.5);
  for (const std::int64_t index : {std::int64_t{1}, std::int64_t{25}, kSteps}) {
    // What the pool itself deviates is small beside the standard errors.
    const at::Tensor a = von_mises::wrap_angle(pooled.single(data, index, noise) - data);
    const at::Tensor b = von_mises::wrap_angle(separate.single(data, index, noise) - data);
    check_agreement("mean", moments_of(a), moments_of(b));
    check_agreement("cosine", moments_of(a.cos()), moments_of(b.cos()));
    check_agreement("square", moments_of(a.square()), moments_of(b.square()));
  }
}

/// End points and last beliefs of samplings whose predictions depend on all that a network sees.
struct SamplerDraws {
  at::Tensor direction;  ///< of the belief at two thirds of the way, about the prediction's rest
  at::Tensor certainty;  ///< the same way
  at::Tensor end;
};

SamplerDraws sampler_draws(crysbfn::CircularBayesianFlow& process, std::int64_t steps,
                           std::int64_t blocks) {
  NoiseStream stream(15, at::kCPU);
  const FieldRows rows{torch::arange(kRows), kRows};
  std::vector<at::Tensor> directions, certainties, ends;
  for (std::int64_t block = 0; block < blocks; ++block) {
    process.begin(ProcessUse::sampling, {100 + static_cast<std::uint64_t>(block), 0}, at::kCPU);
    StreamRowNoise noise(stream, kRows);
    NoisyField field = process.prior(rows, noise);
    for (std::int64_t step = 1; step <= steps; ++step) {
      // Pulled to two places, the more the surer the belief: the ends spread over both.
      const at::Tensor output =
          -0.2 * (2 * field.value).sin() * (0.2 + field.conditioning.clamp(0, 1));
      field = process.advance(field, output, {step, step + 1}, rows, noise);
      if (3 * step / steps == 2 && 3 * (step - 1) / steps < 2) {
        directions.push_back((2 * field.value).cos());
        certainties.push_back(field.conditioning);
      }
    }
    ends.push_back((2 * field.value).cos());
  }
  return {torch::cat(directions).flatten(), torch::cat(certainties).flatten(),
          torch::cat(ends).flatten()};
}

/// The largest difference of two empirical distributions, in units of its 0.1 % bound.
double kolmogorov_distance(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor all = std::get<0>(torch::cat({a, b}).sort());
  const auto share_below = [&](const at::Tensor& values) {
    const at::Tensor sorted = std::get<0>(values.sort());
    return torch::searchsorted(sorted, all, false, true).to(torch::kFloat64) /
           static_cast<double>(values.numel());
  };
  const double distance = (share_below(a) - share_below(b)).abs().max().item<double>();
  const auto n = static_cast<double>(a.numel());
  return distance / (1.95 * std::sqrt(2 / n));
}

TEST_CASE("samples by pooled paths are distributed like those by fresh ones") {
  for (const std::int64_t steps : {10, 60}) {
    constexpr std::int64_t kBlocks = 12;
    crysbfn::CircularBayesianFlow pooled({}, setting(steps));
    crysbfn::CircularBayesianFlow separate({}, setting(steps));
    separate.use_observations(std::make_shared<SeparateObservations>(separate.accuracies()));
    const SamplerDraws a = sampler_draws(pooled, steps, kBlocks);
    const SamplerDraws b = sampler_draws(separate, steps, kBlocks);
    const auto check = [](const char* what, const at::Tensor& of_pooled,
                          const at::Tensor& of_fresh) {
      check_agreement(what, moments_of(of_pooled), moments_of(of_fresh));
      INFO(what);
      CHECK(kolmogorov_distance(of_pooled, of_fresh) < 1);
    };
    check("direction", a.direction, b.direction);
    check("certainty", a.certainty, b.certainty);
    check("end", a.end, b.end);
  }
}

TEST_CASE("a sampling draws its pool anew for each place, whatever was drawn before") {
  crysbfn::CircularBayesianFlow process({}, setting(20));
  const FieldRows rows{torch::arange(kRows), kRows};
  const at::Tensor angles = torch::zeros({kRows, 3});
  const auto belief_at = [&](std::uint64_t sequence) {
    process.begin(ProcessUse::sampling, {sequence, 0}, at::kCPU);
    NoiseStream stream(16, at::kCPU);
    StreamRowNoise noise(stream, kRows);
    return process.advance({angles, angles}, angles, {5, 6}, rows, noise).value;
  };
  const at::Tensor first = belief_at(1);
  CHECK_FALSE(belief_at(2).equal(first));
  CHECK(belief_at(1).equal(first));
}

TEST_CASE(
    "a sampling in fewer steps ends where one in all steps does, given a perfect prediction") {
  constexpr std::int64_t kSteps = 60;
  const FieldRows rows{torch::arange(kRows), kRows};
  for (const char* sampler : {"end_back", "vanilla", "mix"}) {
    crysbfn::CircularBayesianFlow process({.sampler = sampler}, setting(kSteps));
    const at::Tensor truth = process.encode(torch::rand({kRows, 3}));
    for (const std::int64_t strides : {std::int64_t{1}, std::int64_t{7}, kSteps}) {
      NoiseStream stream(13, at::kCPU);
      StreamRowNoise noise(stream, kRows);
      process.begin(ProcessUse::sampling, {3, 0}, at::kCPU);
      NoisyField field = process.prior(rows, noise);
      for (std::int64_t k = 0; k < strides; ++k) {
        const Stride stride{1 + k * kSteps / strides, 1 + (k + 1) * kSteps / strides};
        field = process.advance(field, truth - field.value, stride, rows, noise);
        if (stride.to <= kSteps && stride.to > kSteps / 2) {
          const at::Tensor error = von_mises::wrap_angle(field.value - truth);
          CHECK(error.square().mean().item<double>() < 0.1);
        }
      }
      CHECK(von_mises::wrap_angle(field.value - truth).abs().max().item<double>() < 1e-5);
    }
  }
}

}  // namespace equigen::crystal_generator::testing
