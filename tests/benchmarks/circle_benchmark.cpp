// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>
#include <torch/types.h>

#include <numbers>

#include "equigen/process/accuracy_schedule.h"
#include "equigen/process/circular_paths.h"

/// Times of flows on the circle, on one thread: what a training step of 1024 cells of five atoms
/// (15,360 coordinates) draws, from a pool and observation by observation.
namespace {

using namespace equigen;  // NOLINT

constexpr std::int64_t kAtoms = 5120;
constexpr std::int64_t kPaths = 256;

struct Draw {
  at::Tensor data = (torch::rand({kAtoms, 3}) * 2 - 1) * std::numbers::pi;
  at::Tensor observations;
  at::Tensor uniforms = torch::rand({kAtoms, 3, CircularPaths::kSegments + 1});
  at::Tensor accuracies;

  explicit Draw(std::int64_t steps)
      : observations(torch::randint(steps, {kAtoms})),
        accuracies(linear_entropy_schedule(steps, 1000).accuracies) {}
};

void pool_of_paths(benchmark::State& timing) {
  at::set_num_threads(1);
  const Draw needs(timing.range(0));
  std::uint64_t key = 0;
  for (auto _ : timing) {
    const CircularPaths paths(needs.accuracies, kPaths, key++, torch::kCPU);
    benchmark::DoNotOptimize(paths.count());
  }
}
BENCHMARK(pool_of_paths)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

void pooled_draw(benchmark::State& timing) {
  at::set_num_threads(1);
  const Draw needs(timing.range(0));
  const CircularPaths paths(needs.accuracies, kPaths, 1, torch::kCPU);
  for (auto _ : timing) {
    const Resultant drawn = paths.draw(needs.data, needs.observations, needs.uniforms);
    benchmark::DoNotOptimize(drawn.cosine.data_ptr<float>());
  }
}
BENCHMARK(pooled_draw)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

void simulated_draw(benchmark::State& timing) {
  at::set_num_threads(1);
  const Draw needs(timing.range(0));
  std::uint64_t key = 0;
  for (auto _ : timing) {
    const Resultant drawn = simulate(needs.data, needs.observations, needs.accuracies, key++);
    benchmark::DoNotOptimize(drawn.cosine.data_ptr<float>());
  }
}
BENCHMARK(simulated_draw)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
