// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>
#include <torch/types.h>

#include "gdss/gdss_model.h"
#include "gdss/graph_noise.h"

/// Times of GDSS on the shapes of its published experiments, with random weights, on one thread.
namespace {

using namespace equigen;        // NOLINT
using namespace equigen::gdss;  // NOLINT

struct Case {
  GdssConfig config;
  std::int64_t batch;
  std::int64_t nodes;
  std::int64_t fewest;  ///< node counts run from here to `nodes`
  bool molecules;
};

Case community_small(std::int64_t fewest) {
  Case chosen{{}, 128, 20, fewest, false};
  chosen.config.max_nodes = 20;
  chosen.config.degree_classes = 10;
  chosen.config.sampler.coupled_batch = true;
  return chosen;
}

Case qm9(std::int64_t batch, std::int64_t fewest) {
  Case chosen{{}, batch, 9, fewest, true};
  chosen.config.max_nodes = 9;
  chosen.config.elements = {"C", "N", "O", "F"};
  chosen.config.network.hidden_features = 16;
  chosen.config.network.attention_features = 16;
  chosen.config.network.depth = 2;
  chosen.config.network.num_layers = 3;
  chosen.config.network.num_linear_layers = 3;
  chosen.config.sde.node.type = chosen.config.sde.adjacency.type = "ve";
  chosen.config.sampler.predictor = "reverse";
  chosen.config.sampler.signal_to_noise_ratio = 0.2;
  return chosen;
}

GdssModel model_of(const Case& chosen) {
  torch::manual_seed(1);
  DataSummary summary;
  summary.structure = chosen.molecules ? "molecule" : "graph";
  return {chosen.config, summary};
}

/// A random batch {x, adjacency}, masked.
FieldState state_of(const Case& chosen, const GraphMask& mask, std::int64_t features) {
  const at::Tensor upper =
      (torch::rand({chosen.batch, chosen.nodes, chosen.nodes}) < 0.3).to(torch::kFloat32).triu(1);
  const at::Tensor x =
      torch::one_hot(torch::randint(features, {chosen.batch, chosen.nodes}), features);
  return {x.to(torch::kFloat32) * mask.nodes, (upper + upper.transpose(1, 2)) * mask.pairs};
}

GraphMask mask_of(const Case& chosen) {
  const at::Tensor counts =
      chosen.fewest +
      torch::arange(chosen.batch).remainder(chosen.nodes - chosen.fewest + 1).unsqueeze(1);
  return GraphMask((torch::arange(chosen.nodes).unsqueeze(0) < counts).to(torch::kFloat32));
}

void sampler_step(benchmark::State& timing, Case chosen) {
  at::set_num_threads(1);
  // Two steps of the chain are the smallest number; each is a whole predictor-corrector step.
  chosen.config.sde.node.num_scales = chosen.config.sde.adjacency.num_scales = 2;
  GdssModel model = model_of(chosen);
  const c10::InferenceMode inference;
  const GraphMask mask = mask_of(chosen);
  const std::int64_t features = model.vocabulary().size();
  std::vector<std::int64_t> indices(static_cast<std::size_t>(chosen.batch));
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<std::int64_t>(i);
  const FieldState start = state_of(chosen, mask, features);
  const CoupledScore score = [&](std::size_t field, const FieldState& state, const at::Tensor& t) {
    return model.score(field, state, t, mask);
  };
  for (auto _ : timing) {
    GraphNoise noise(SampleNoise(1, indices, at::kCPU), mask, features);
    benchmark::DoNotOptimize(solve_reverse_sde(
        model.sdes(), start, score, noise, model.solver_options(), [] { return false; },
        [](double) {}));
  }
  timing.counters["seconds_per_step"] = benchmark::Counter(
      2, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void training_step(benchmark::State& timing, Case chosen) {
  at::set_num_threads(1);
  GdssModel model = model_of(chosen);
  const FieldState state = state_of(chosen, mask_of(chosen), model.vocabulary().size());
  const Batch batch{{"x", state[0]}, {"adjacency", state[1]}};
  NoiseStream noise(1, at::kCPU);
  for (auto _ : timing) {
    for (const at::Tensor& parameter : model.parameters()) parameter.mutable_grad() = at::Tensor();
    model.loss(batch, noise).total.backward();
  }
}

}  // namespace

BENCHMARK_CAPTURE(sampler_step, community_small_128, community_small(12))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sampler_step, community_small_128_all_20_nodes, community_small(20))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sampler_step, qm9_1000, qm9(1000, 8))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sampler_step, qm9_1000_all_9_nodes, qm9(1000, 9))->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(training_step, community_small_128, community_small(12))
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(training_step, qm9_1024, qm9(1024, 8))->Unit(benchmark::kMillisecond);
