// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "equigen/model/model.h"
#include "equigen/process/sde_solvers.h"
#include "gdss/gdss_config.h"
#include "gdss/graph_tensors.h"
#include "gdss/score_networks.h"

namespace equigen::gdss {

/// "Score-based Generative Modeling of Graphs via the System of Stochastic Differential Equations"
/// (Jo, Lee, Hwang, ICML 2022). Fields: node features x [B, N, F] and adjacency [B, N, N].
/// Parameters are named as in the published code, with prefixes `x.` and `adj.`.
class GdssModel : public Model {
 public:
  using Config = GdssConfig;

  enum Field : std::size_t { kNode = 0, kAdjacency = 1 };

  /// What one training step draws: times [B] and noise, symmetric and masked.
  struct Perturbation {
    at::Tensor time;
    at::Tensor node_noise;
    at::Tensor adjacency_noise;
  };
  struct FieldLosses {
    at::Tensor node;
    at::Tensor adjacency;
  };

  /// Throws ConfigError when keys contradict each other or the data.
  GdssModel(Config config, const DataSummary& summary);

  Batch collate(std::span<const Sample> samples) const override;
  std::string misfit(const Sample& sample) const override;
  Loss loss(const Batch& batch, NoiseStream& noise) override;
  std::vector<Sample> sample(const SamplingRequest& request) override;
  std::vector<ParameterGroup> parameter_groups() const override;

  /// Losses of x [B, N, F] and adjacency [B, N, N] under given noise.
  FieldLosses losses(const at::Tensor& x, const at::Tensor& adjacency,
                     const Perturbation& perturbation) const;

  /// Score of one field at a state {x, adjacency} and times t [B].
  at::Tensor score(std::size_t field, const FieldState& state, const at::Tensor& t,
                   const GraphMask& mask) const;

  /// Raw output of one field's network.
  at::Tensor network_output(std::size_t field, const FieldState& state,
                            const GraphMask& mask) const;

  const std::vector<Sde>& sdes() const { return sdes_; }
  const Config& config() const { return config_; }
  const NodeVocabulary& vocabulary() const { return vocabulary_; }
  std::int64_t max_nodes() const { return max_nodes_; }
  const ScoreNetwork& node_network() const { return *node_network_; }
  const AdjacencyScore& adjacency_network() const { return *adjacency_network_; }

  /// The solver options that the configuration asks for.
  SolverOptions solver_options() const;

 private:
  at::Tensor field_loss(std::size_t field, const FieldState& noisy, const at::Tensor& noise,
                        const at::Tensor& t, const GraphMask& mask) const;
  /// Node counts of samples, drawn from the training data's by (seed, index).
  std::vector<std::int64_t> draw_sizes(const SamplingRequest& request) const;
  std::vector<Sample> decode(const FieldState& state, std::span<const std::int64_t> sizes) const;

  Config config_;
  NodeVocabulary vocabulary_;
  std::int64_t max_nodes_;
  std::vector<std::int64_t> size_histogram_;
  std::vector<Sde> sdes_;
  std::shared_ptr<ScoreNetwork> node_network_;
  std::shared_ptr<AdjacencyScore> adjacency_network_;
};

}  // namespace equigen::gdss
