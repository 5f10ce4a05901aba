// SPDX-License-Identifier: MIT
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <new>

#include "equigen/base/error.h"
#include "equigen/base/random.h"
#include "equigen/config/schema.h"
#include "equigen/model/model.h"

namespace equigen::testing {

/// The smallest model with everything a trainer can meet: two groups with losses of their own,
/// dropout from LibTorch's generator, a parameter that never gets a gradient, a buffer.
class LinearModel final : public Model {
 public:
  struct Options {
    std::int64_t nodes = 6;
    double dropout = 0.2;
    std::int64_t nan_at_call = -1;         ///< which call of loss() (from 0) is not finite
    std::int64_t largest_batch = 1000000;  ///< sample() runs out of memory above
    std::int64_t fail_at_collate = -1;     ///< graphs with so many edges cannot be collated
  };

  /// As a component `linear`.
  struct Config {
    std::int64_t nodes = 6;
    std::int64_t largest_batch = 1000000;
    static void declare(config::Declaration<Config>& keys) {
      keys.doc("A linear model.");
      keys.field("largest_batch", &Config::largest_batch, "samples drawn at a time").at_sampling();
      keys.field("nodes", &Config::nodes, "nodes of every graph").range(1, 100);
    }
  };
  LinearModel(Config config, const DataSummary&)
      : LinearModel(Options{.nodes = config.nodes, .largest_batch = config.largest_batch}) {}

  explicit LinearModel(Options options, std::uint64_t seed = 1) : options_(options) {
    const std::int64_t n = options_.nodes;
    NoiseStream random(seed, at::kCPU);
    weight_ = register_parameter("weight", random.normal({n, n}) * 0.3);
    bias_ = register_parameter("bias", torch::zeros({n}));
    scale_ = register_parameter("scale", torch::ones({1}));
    unused_ = register_parameter("unused", torch::ones({3}));
    register_buffer("table", torch::arange(n, torch::kFloat32));
  }

  Batch collate(std::span<const Sample> samples) const override {
    const std::int64_t n = options_.nodes;
    const at::Tensor adjacency = torch::zeros({std::ssize(samples), n, n});
    auto entries = adjacency.accessor<float, 3>();
    for (std::int64_t b = 0; b < std::ssize(samples); ++b) {
      const auto& graph = std::get<Graph>(samples[static_cast<std::size_t>(b)].structure);
      if (std::ssize(graph.edges) == options_.fail_at_collate)
        throw DataError("test-collate", "this graph cannot be collated");
      for (const auto& [i, j] : graph.edges) entries[b][i][j] = entries[b][j][i] = 1;
    }
    return {{"adjacency", adjacency}};
  }

  std::string misfit(const Sample& sample) const override {
    const auto& graph = std::get<Graph>(sample.structure);
    return graph.node_count <= options_.nodes ? "" : "too many nodes";
  }

  Loss loss(const Batch& batch, NoiseStream& noise) override {
    const at::Tensor& clean = batch.at("adjacency");
    const at::Tensor z = noise.normal(clean.sizes());
    const at::Tensor noisy = torch::dropout(clean + z, options_.dropout, is_training());
    const at::Tensor matrix = (torch::matmul(noisy, weight_) + bias_ - z).pow(2).mean();
    at::Tensor norm = (scale_ * noisy.mean() - 0.3).pow(2).sum();
    if (calls_++ == options_.nan_at_call) norm = norm * std::numeric_limits<float>::quiet_NaN();
    return {matrix + norm, {{"matrix", matrix}, {"norm", norm}}};
  }

  std::vector<Sample> sample(const SamplingRequest& request) override {
    if (std::ssize(request.sample_indices) > options_.largest_batch) throw std::bad_alloc();
    SampleNoise noise(request.seed, request.sample_indices, request.device);
    const std::int64_t n = options_.nodes;
    const at::Tensor values = torch::matmul(noise.normal({n, n}), weight_).cpu();
    auto entries = values.accessor<float, 3>();
    std::vector<Sample> samples;
    for (std::int64_t b = 0; b < noise.batch_size(); ++b) {
      Graph graph{static_cast<std::int32_t>(n), {}};
      for (std::int32_t i = 0; i < n; ++i) {
        for (std::int32_t j = i + 1; j < n; ++j) {
          if (entries[b][i][j] > 0) graph.edges.emplace_back(i, j);
        }
      }
      samples.push_back({graph, {}});
      request.progress(static_cast<double>(b + 1) / static_cast<double>(noise.batch_size()));
    }
    return samples;
  }

  std::vector<ParameterGroup> parameter_groups() const override {
    return {{"matrix", {weight_, bias_}}, {"scale", {scale_, unused_}}};
  }

 private:
  Options options_;
  at::Tensor weight_, bias_, scale_, unused_;
  std::int64_t calls_ = 0;
};

/// `count` random graphs of up to `nodes` nodes.
inline std::vector<Sample> random_graphs(std::int64_t count, std::int32_t nodes = 6) {
  RandomStream random(7, "graphs");
  std::vector<Sample> samples;
  for (std::int64_t s = 0; s < count; ++s) {
    Graph graph{nodes, {}};
    for (std::int32_t i = 0; i < nodes; ++i) {
      for (std::int32_t j = i + 1; j < nodes; ++j) {
        if (random.uniform() < 0.4) graph.edges.emplace_back(i, j);
      }
    }
    samples.push_back({graph, {}});
  }
  return samples;
}

}  // namespace equigen::testing
