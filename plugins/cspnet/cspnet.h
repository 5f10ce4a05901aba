// SPDX-License-Identifier: MIT
#pragma once

#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include <memory>
#include <vector>

#include "cspnet/cspnet_config.h"
#include "equigen/nn/crystal_network.h"

namespace equigen::cspnet {

/// What the edges of all layers share.
struct EdgeFeatures {
  at::Tensor crystal;        ///< [B, C]: the lattice
  at::Tensor antisymmetric;  ///< [P, A]: sines, and directions where asked for
  at::Tensor symmetric;      ///< [P, 3F]: cosines
};

/// Sines and cosines of the time, [B] -> [B, features]; half of the features are sines. Frequencies
/// fall geometrically from 1 to 1/10000.
at::Tensor sinusoidal_time(const at::Tensor& time, std::int64_t features);

/// The network of DiffCSP ("Crystal Structure Prediction by Joint Equivariant Diffusion", Jiao et
/// al. 2023) in its published variants: CrysBFN's and, with other keys, FlowMM's. Parameters are
/// named as in the published code.
///
/// The first linear map of an edge acts on [x_i, x_j, crystal, sines, cosines]. It is applied block
/// by block: to atoms and crystals once each, and to pairs i < j, since sines change their sign and
/// cosines do not when the edge is turned round.
class CspNet : public CrystalNetwork {
 public:
  using Config = CspNetConfig;

  /// Throws ConfigError when keys contradict each other or the shape.
  CspNet(Config config, const CrystalNetworkShape& shape);

  CrystalNetworkOutput forward(const CrystalNetworkInput& input) override;
  bool self_edges() const override { return config_.self_edges; }
  bool scales_lattice() const override {
    return shape_.lattice == LatticeForm::matrix && !config_.lattice_bias;
  }

  const Config& config() const { return config_; }
  const CrystalNetworkShape& shape() const { return shape_; }

 private:
  struct Layer {
    torch::nn::Linear edge_in{nullptr};
    torch::nn::Linear edge_out{nullptr};
    torch::nn::Linear node_in{nullptr};
    torch::nn::Linear node_out{nullptr};
    torch::nn::Embedding atom_count{nullptr};
    torch::nn::LayerNorm norm{nullptr};
  };

  void add_inputs();
  void add_layer(std::int64_t index);
  void add_heads();
  at::Tensor embedded_time(const CrystalNetworkInput& input) const;
  at::Tensor atoms_at_start(const CrystalNetworkInput& input);
  EdgeFeatures edge_features(const CrystalNetworkInput& input);
  PairTerms first_edge_map(Layer& layer, const at::Tensor& atoms, const EdgeFeatures& edges,
                           const AtomPairs& pairs) const;
  at::Tensor messages(Layer& layer, const at::Tensor& atoms, const EdgeFeatures& edges,
                      const std::shared_ptr<const AtomPairs>& pairs) const;
  at::Tensor predicted_lattice(const CrystalNetworkInput& input, const at::Tensor& atoms);

  Config config_;
  CrystalNetworkShape shape_;
  torch::nn::Embedding given_elements_{nullptr};
  torch::nn::Linear noisy_elements_{nullptr};
  torch::nn::Linear time_{nullptr};
  torch::nn::Linear join_{nullptr};
  std::vector<Layer> layers_;
  torch::nn::LayerNorm final_norm_{nullptr};
  torch::nn::Linear coordinates_{nullptr};
  torch::nn::Linear lattice_{nullptr};
  torch::nn::Linear lattice_bias_{nullptr};
  torch::nn::Linear elements_{nullptr};
};

}  // namespace equigen::cspnet
