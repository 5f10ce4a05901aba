// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>
#include <torch/nn/module.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <numeric>

#include "crysbfn/categorical_bayesian_flow.h"
#include "crysbfn/circular_bayesian_flow.h"
#include "crysbfn/gaussian_bayesian_flow.h"
#include "crystal_generator/crystal_generator.h"
#include "cspnet/cspnet.h"
#include "equigen/config/compose.h"
#include "equigen/plugin/registry.h"

/// Times of CrysBFN on cells of five atoms, with random weights, on one thread.
namespace {

using namespace equigen;                     // NOLINT
using namespace equigen::crystal_generator;  // NOLINT

struct Size {
  const char* network;
  std::int64_t batch;
};

constexpr Size kPublished{"{}", 64};
constexpr Size kSmall{"{hidden_features: 128, layers: 4, frequencies: 32}", 256};

std::vector<Sample> perovskites(std::int64_t count) {
  Crystal crystal;
  crystal.lattice = Lattice::from_parameters({{4, 4, 4}, {90, 90, 90}});
  crystal.atomic_numbers = {38, 22, 8, 8, 8};
  crystal.fractional_coordinates = {
      {0, 0, 0}, {0.5, 0.5, 0.5}, {0.5, 0.5, 0}, {0.5, 0, 0.5}, {0, 0.5, 0.5}};
  return std::vector<Sample>(static_cast<std::size_t>(count), Sample{crystal, {}});
}

void register_components() {
  static const bool done = [] {
    RegistryBuilder builder("benchmarks");
    builder.add<CrystalNetwork, cspnet::CspNet>("cspnet", "");
    builder.add<FieldProcess, crysbfn::CircularBayesianFlow>("circular_bayesian_flow", "");
    builder.add<FieldProcess, crysbfn::GaussianBayesianFlow>("gaussian_bayesian_flow", "");
    builder.add<FieldProcess, crysbfn::CategoricalBayesianFlow>("categorical_bayesian_flow", "");
    Registry::instance().commit(builder.take());
    return true;
  }();
  static_cast<void>(done);
}

config::Value options_of(const std::string& yaml) {
  config::Problems problems;
  config::Value options = config::parse_yaml(yaml, "the benchmark", problems);
  problems.throw_if_any();
  return options;
}

CrystalGenerator model_of(const Size& size, std::int64_t steps) {
  at::set_num_threads(1);
  torch::manual_seed(1);
  register_components();
  CrystalGeneratorConfig config;
  config.steps = steps;
  config.network.options = options_of(size.network);
  config.lattice.options = options_of("{standard_deviation: 1.96}");
  DataSummary summary;
  summary.structure = "crystal";
  summary.size_histogram = {0, 0, 0, 0, 0, 1};
  for (int k = 1; k <= 56; ++k) summary.elements.push_back(k);
  return {config, summary};
}

void training_step(benchmark::State& timing, const Size& size) {
  CrystalGenerator model = model_of(size, timing.range(0));
  torch::optim::AdamW optimizer(model.parameters());
  const Batch batch = model.collate(perovskites(size.batch));
  std::int64_t position = 0;
  for (auto _ : timing) {
    NoiseStream noise(1, at::kCPU, {1, ++position});
    optimizer.zero_grad();
    model.loss(batch, noise).total.backward();
    optimizer.step();
  }
  timing.counters["crystals/s"] = benchmark::Counter(
      static_cast<double>(size.batch * timing.iterations()), benchmark::Counter::kIsRate);
}

/// The part of a training step that draws what the network sees of the coordinates.
void simulation(benchmark::State& timing, const Size& size) {
  CrystalGenerator model = model_of(size, timing.range(0));
  FieldProcess& process = model.process(CrystalField::coordinates);
  const std::int64_t atoms = 5 * size.batch;
  const at::Tensor clean = torch::rand({atoms, 3}) * 2 * M_PI - M_PI;
  const at::Tensor step = torch::randint(1, timing.range(0) + 1, {atoms}, torch::kLong);
  const FieldRows rows{torch::arange(atoms).div(5, "floor"), size.batch};
  NoiseStream stream(1, at::kCPU);
  std::int64_t position = 0;
  process.begin(ProcessUse::training, {1, position}, at::kCPU);
  for (auto _ : timing) {
    process.begin(ProcessUse::training, {1, ++position}, at::kCPU);
    StreamRowNoise noise(stream, atoms);
    benchmark::DoNotOptimize(process.corrupt(clean, step, rows, noise));
  }
}

void whole_sampling(benchmark::State& timing, const Size& size) {
  CrystalGenerator model = model_of(size, timing.range(0));
  SamplingRequest request;
  request.sample_indices.resize(static_cast<std::size_t>(size.batch));
  std::iota(request.sample_indices.begin(), request.sample_indices.end(), 0);
  for (auto _ : timing) benchmark::DoNotOptimize(model.sample(request));
  timing.counters["crystals/min"] = benchmark::Counter(
      60.0 * static_cast<double>(size.batch * timing.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(training_step, crysbfn_published_width, kPublished)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(training_step, crysbfn_small, kSmall)
    ->Arg(10)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulation, crysbfn_small, kSmall)
    ->Arg(10)
    ->Arg(100)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(whole_sampling, crysbfn_published_width, kPublished)
    ->Arg(10)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(whole_sampling, crysbfn_small, kSmall)
    ->Arg(10)
    ->Arg(50)
    ->Arg(100)
    ->Unit(benchmark::kMillisecond);

}  // namespace
