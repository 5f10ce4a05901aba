// SPDX-License-Identifier: MIT
#include "equigen/process/circular_paths.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/nn/row_stable.h"
#include "equigen/process/wrapped_cauchy.h"

namespace equigen {
namespace {

constexpr double kLeastLength = 1e-7;

/// Draws the deviation of an observation from the data, y - x with y ~ vM(x, kappa), as Best and
/// Fisher do: the wrapped Cauchy proposal gives its cosine without any inverse function.
class DeviationSampler {
 public:
  struct Deviation {
    double cosine;
    bool negative;
  };

  explicit DeviationSampler(double accuracy)
      : accuracy_(accuracy),
        kappa_(std::clamp(accuracy, von_mises::kLeastKappa, von_mises::kMostKappa)),
        ratio_(von_mises::proposal_ratio(kappa_)) {}

  double accuracy() const { return accuracy_; }

  Deviation operator()(RandomStream& random) const {
    while (true) {
      const std::uint64_t word = random();
      const double z = std::cos(std::numbers::pi * static_cast<double>(word >> 11) * 0x1p-53);
      const double u = random.uniform();
      const double f = std::min(1.0, (1 + ratio_ * z) / (ratio_ + z));
      const double c = kappa_ * (ratio_ - f);
      // The lowest bit took no part in z.
      if (c * (2 - c) - u > 0 || std::log(c / u) + 1 - c >= 0) return {f, (word & 1) != 0};
    }
  }

 private:
  double accuracy_;
  double kappa_;
  double ratio_;
};

std::vector<DeviationSampler> samplers_of(const at::Tensor& accuracies) {
  if (accuracies.dim() != 1 || accuracies.size(0) < 1) {
    throw ConfigError("circular-accuracies",
                      fmt::format("accuracies have {} axes and {} entries, not one row",
                                  accuracies.dim(), accuracies.numel()));
  }
  const at::Tensor values = accuracies.to(torch::kCPU, torch::kFloat64).contiguous();
  if (!values.isfinite().all().item<bool>())
    throw ConfigError("circular-accuracies", "an accuracy is not a finite number");
  const double* first = values.data_ptr<double>();
  std::vector<DeviationSampler> samplers;
  for (std::int64_t i = 0; i < values.size(0); ++i) samplers.emplace_back(first[i]);
  return samplers;
}

/// One path of partial sums at data 0, into 2 (N + 1) floats.
void draw_path(const std::vector<DeviationSampler>& samplers, RandomStream random, float* sums) {
  double cosine = 0, sine = 0;
  *sums++ = 0;
  *sums++ = 0;
  for (const DeviationSampler& sampler : samplers) {
    const auto [f, negative] = sampler(random);
    const double height = std::sqrt(std::max(0.0, 1 - f * f));
    cosine += sampler.accuracy() * f;
    sine += sampler.accuracy() * (negative ? -height : height);
    *sums++ = static_cast<float>(cosine);
    *sums++ = static_cast<float>(sine);
  }
}

at::Tensor draw_paths(const std::vector<DeviationSampler>& samplers, std::int64_t count,
                      std::uint64_t key) {
  const auto points = static_cast<std::int64_t>(samplers.size()) + 1;
  const at::Tensor sums = torch::empty({count * points, 2}, torch::kFloat32);
  auto* first = sums.data_ptr<float>();
  at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t path = begin; path < end; ++path) {
      const auto index = static_cast<std::uint64_t>(path);
      draw_path(samplers, RandomStream(key, "circular-path", index), first + 2 * points * path);
    }
  });
  return sums;
}

}  // namespace

Resultant sum_of_observations(const at::Tensor& observations, const at::Tensor& accuracies) {
  const at::Tensor angles = observations.to(torch::kFloat64);
  const at::Tensor lengths = accuracies.narrow(0, 0, observations.size(0))
                                 .to(angles.device(), torch::kFloat64)
                                 .view({-1, 1, 1});
  const auto type = observations.scalar_type();
  return {(lengths * angles.cos()).sum(0).to(type), (lengths * angles.sin()).sum(0).to(type)};
}

at::Tensor normalised_log_accuracy(const Resultant& resultant, double final_concentration) {
  const at::Tensor length = torch::hypot(resultant.cosine, resultant.sine);
  const double least = std::log(kLeastLength);
  return ((length + kLeastLength).log() - least) / (std::log(final_concentration) - least);
}

CircularPaths::CircularPaths(const at::Tensor& accuracies, std::int64_t count, std::uint64_t key,
                             at::Device device)
    : count_(count) {
  if (count < 1)
    throw ConfigError("circular-paths", fmt::format("a pool of {} paths has none", count));
  const std::vector<DeviationSampler> samplers = samplers_of(accuracies);
  steps_ = static_cast<std::int64_t>(samplers.size());
  accuracies_ = accuracies;
  sums_ = draw_paths(samplers, count, key).to(device);
  std::vector<std::int64_t> bounds{0}, bits;
  for (std::int64_t s = 0; s < kSegments; ++s) {
    bounds.push_back(steps_ >> (kSegments - 1 - s));
    bits.push_back(std::int64_t{1} << s);
  }
  const at::Tensor all = torch::tensor(bounds, torch::kLong).to(device);
  begins_ = all.narrow(0, 0, kSegments);
  ends_ = all.narrow(0, 1, kSegments);
  bits_ = torch::tensor(bits, torch::kLong).to(device);
}

void CircularPaths::redraw(std::int64_t first, std::int64_t count, std::uint64_t key) {
  const at::Tensor fresh = draw_paths(samplers_of(accuracies_), count, key);
  sums_.narrow(0, first * (steps_ + 1), count * (steps_ + 1)).copy_(fresh);
}

Resultant CircularPaths::draw(const at::Tensor& data, const at::Tensor& observations,
                              const at::Tensor& uniforms) const {
  const at::Tensor taken = observations.view({-1, 1, 1});
  // Rounding may carry u count up to count itself.
  const at::Tensor path = (uniforms.narrow(-1, 0, kSegments) * static_cast<double>(count_))
                              .to(torch::kLong)
                              .clamp_max(count_ - 1);
  const auto sums_after = [&](const at::Tensor& bounds) {
    const at::Tensor rows = path * (steps_ + 1) + torch::minimum(taken, bounds);
    return sums_.index_select(0, rows.flatten()).view({data.size(0), data.size(1), kSegments, 2});
  };
  const at::Tensor stretches = sums_after(ends_) - sums_after(begins_);
  const at::Tensor choice =
      (uniforms.narrow(-1, kSegments, 1) * static_cast<double>(1 << kSegments)).to(torch::kLong);
  const at::Tensor mirrored = choice.bitwise_and(bits_).ne(0);
  const at::Tensor heights = stretches.select(-1, 1);
  const at::Tensor cosine = stretches.select(-1, 0).sum(-1).to(data.scalar_type());
  const at::Tensor sine = torch::where(mirrored, -heights, heights).sum(-1).to(data.scalar_type());
  const at::Tensor turn_cosine = data.cos(), turn_sine = data.sin();
  return {cosine * turn_cosine - sine * turn_sine, cosine * turn_sine + sine * turn_cosine};
}

at::Tensor CircularPaths::observe(const at::Tensor& data, std::int64_t index,
                                  const at::Tensor& uniforms) const {
  const at::Tensor path =
      (uniforms.select(-1, 0) * static_cast<double>(count_)).to(torch::kLong).clamp_max(count_ - 1);
  const at::Tensor rows = (path * (steps_ + 1) + index).flatten();
  const at::Tensor step = sums_.index_select(0, rows) - sums_.index_select(0, rows - 1);
  const at::Tensor deviation = row_stable::atan2(step.select(1, 1), step.select(1, 0))
                                   .view(path.sizes())
                                   .to(data.scalar_type());
  return data + torch::where(uniforms.select(-1, 1) < 0.5, -deviation, deviation);
}

Resultant simulate(const at::Tensor& data, const at::Tensor& observations,
                   const at::Tensor& accuracies, std::uint64_t key) {
  const std::vector<DeviationSampler> samplers = samplers_of(accuracies);
  const at::Tensor angles = data.to(torch::kCPU, torch::kFloat64).contiguous();
  const at::Tensor counts = observations.to(torch::kCPU, torch::kLong).contiguous();
  const at::Tensor sums = torch::zeros({2, angles.size(0), angles.size(1)}, torch::kFloat64);
  const std::int64_t columns = angles.size(1);
  const double* angle = angles.data_ptr<double>();
  const std::int64_t* taken = counts.data_ptr<std::int64_t>();
  double* cosines = sums.data_ptr<double>();
  double* sines = cosines + angles.numel();
  for (std::int64_t row = 0; row < counts.size(0); ++row) {
    if (taken[row] < 0 || taken[row] > std::ssize(samplers)) {
      throw DataError("circular-observations", fmt::format("{} observations of a flow of {} steps",
                                                           taken[row], samplers.size()));
    }
  }
  at::parallel_for(0, angles.numel(), 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      RandomStream random(key, "circular-observations", static_cast<std::uint64_t>(i));
      for (std::int64_t j = 0; j < taken[i / columns]; ++j) {
        const DeviationSampler& sampler = samplers[static_cast<std::size_t>(j)];
        const auto [f, negative] = sampler(random);
        const double y = angle[i] + (negative ? -std::acos(f) : std::acos(f));
        cosines[i] += sampler.accuracy() * std::cos(y);
        sines[i] += sampler.accuracy() * std::sin(y);
      }
    }
  });
  const auto options = data.options();
  return {sums[0].to(options), sums[1].to(options)};
}

}  // namespace equigen
