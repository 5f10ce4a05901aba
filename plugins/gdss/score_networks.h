// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "gdss/attention_layer.h"

namespace equigen::gdss {

/// Sizes of the networks; one struct serves all three.
struct NetworkSizes {
  std::int64_t node_classes = 10;  ///< F
  std::int64_t hidden_features = 32;
  std::int64_t attention_features = 32;
  std::int64_t depth = 3;       ///< layers of the node network
  std::int64_t num_layers = 5;  ///< layers of the adjacency network
  std::int64_t num_linear_layers = 2;
  std::int64_t initial_channels = 2;
  std::int64_t hidden_channels = 8;
  std::int64_t final_channels = 4;
  std::int64_t heads = 4;
};

/// Powers A, A^2, ..., A^count of adjacencies [B, N, N] as packed channels
/// [count, B, N (N + 1) / 2].
at::Tensor adjacency_powers(const at::Tensor& adjacency, std::int64_t count);

/// A network that sees node features x [B, N, F] and the adjacency [B, N, N] (symmetric) and gives
/// something shaped like one of them, masked. It does not see the time.
class ScoreNetwork : public torch::nn::Module {
 public:
  ~ScoreNetwork() override;
  virtual at::Tensor forward(const at::Tensor& x, const at::Tensor& adjacency,
                             const GraphMask& mask) const = 0;
};

/// Score of node features by graph convolutions (ScoreNetworkX): `layers.l.{weight,bias}`,
/// `final.linears.k.{weight,bias}`.
class ConvolutionNodeScore : public ScoreNetwork {
 public:
  explicit ConvolutionNodeScore(const NetworkSizes& sizes);
  at::Tensor forward(const at::Tensor& x, const at::Tensor& adjacency,
                     const GraphMask& mask) const override;
  const std::vector<std::shared_ptr<DenseGcn>>& layers() const { return layers_; }
  const Mlp& final_mlp() const { return *final_; }

 private:
  std::vector<std::shared_ptr<DenseGcn>> layers_;
  std::shared_ptr<Mlp> final_;
};

/// Score of node features by attention layers (ScoreNetworkX_GMH).
class AttentionNodeScore : public ScoreNetwork {
 public:
  explicit AttentionNodeScore(const NetworkSizes& sizes);
  at::Tensor forward(const at::Tensor& x, const at::Tensor& adjacency,
                     const GraphMask& mask) const override;
  const std::vector<std::shared_ptr<AttentionLayer>>& layers() const { return layers_; }
  const Mlp& final_mlp() const { return *final_; }

 private:
  std::int64_t initial_channels_;
  std::vector<std::shared_ptr<AttentionLayer>> layers_;
  std::shared_ptr<Mlp> final_;
};

/// Score of the adjacency by attention layers (ScoreNetworkA). The last layer's feature branch has
/// parameters, as in the published checkpoints, but takes no part.
class AdjacencyScore : public ScoreNetwork {
 public:
  explicit AdjacencyScore(const NetworkSizes& sizes);
  at::Tensor forward(const at::Tensor& x, const at::Tensor& adjacency,
                     const GraphMask& mask) const override;
  const std::vector<std::shared_ptr<AttentionLayer>>& layers() const { return layers_; }
  const Mlp& final_mlp() const { return *final_; }

 private:
  std::int64_t initial_channels_;
  std::vector<std::shared_ptr<AttentionLayer>> layers_;
  std::shared_ptr<Mlp> final_;
};

}  // namespace equigen::gdss
