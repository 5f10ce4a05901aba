#pragma once

#include <torch/nn/modules/linear.h>

#include <cstdint>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/nn/backbone.h"
#include "equigen/nn/mlp.h"

namespace plugin_name {

/// Message passing that is equivariant under rotations, reflections and translations, after
/// Satorras et al., "E(n) Equivariant Graph Neural Networks" (2021), with vector channels instead
/// of moving positions. A message from j to i, of squared distance d = |x_j - x_i|^2 (0 without
/// positions):
///
///     m_ij = f([h_i, h_j, e_ij, log(1 + d)])
///     v_i <- v_i + mean_j (x_j - x_i) / sqrt(1 + d) g(m_ij) + W v_i
///     h_i <- h_i + u([h_i, mean_j m_ij, |v_i|^2]),   e_ij <- e_ij + m_ij
///
/// Without vectors in its shape it is an ordinary message-passing network on graphs.
class PluginNameBackbone final : public equigen::Backbone {
 public:
  struct Config {
    std::int64_t features = 64;
    std::int64_t layers = 3;
    static void declare(equigen::config::Declaration<Config>& keys);
  };

  PluginNameBackbone(Config config, const equigen::BackboneShape& shape);

  equigen::BackboneTraits traits() const override;
  equigen::Features forward(const equigen::GraphBatch& graphs,
                            const equigen::Features& input) override;

 private:
  struct Layer {
    std::shared_ptr<equigen::Mlp> message;
    std::shared_ptr<equigen::Mlp> update;
    torch::nn::Linear gate = nullptr;  ///< g; only with vectors
    torch::nn::Linear mix =
        nullptr;  ///< W; only with vectors, in the first layer only with some as input
  };
  struct State;
  struct Geometry;

  Layer make_layer(std::int64_t index);
  State embedded(const equigen::GraphBatch& graphs, const equigen::Features& input,
                 const Geometry& geometry);
  void apply(Layer& layer, const equigen::GraphBatch& graphs, const Geometry& geometry,
             State& state);
  equigen::Features read_out(const equigen::GraphBatch& graphs, const State& state);
  torch::nn::Linear linear(const std::string& name, std::int64_t in, std::int64_t out,
                           bool bias = true);

  Config config_;
  equigen::BackboneShape shape_;
  bool has_vectors_;
  std::vector<Layer> layers_;
  torch::nn::Linear node_embedding_ = nullptr;
  torch::nn::Linear edge_embedding_ = nullptr;
  torch::nn::Linear vector_embedding_ = nullptr;
  torch::nn::Linear scalar_head_ = nullptr;
  torch::nn::Linear vector_gate_ = nullptr;
  torch::nn::Linear vector_head_ = nullptr;
  torch::nn::Linear edge_head_ = nullptr;
  torch::nn::Linear graph_head_ = nullptr;
};

}  // namespace plugin_name
