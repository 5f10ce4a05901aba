#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/model/model.h"
#include "equigen/nn/dense_gcn.h"
#include "equigen/nn/mlp.h"

namespace plugin_name {

/// A variational autoencoder of graphs (Kipf and Welling, "Variational Graph Auto-Encoders", 2016):
/// two graph convolutions give a normal distribution q(z_i | A) of a latent vector for each node;
/// an edge is there with probability sigmoid(h_i . h_j + b), h = f(z). Samples start from
/// z ~ N(0, 1). Maximises the evidence lower bound; node order does not matter.
class PluginNameModel final : public equigen::Model {
 public:
  struct Config {
    std::int64_t hidden_features = 32;
    std::int64_t latent_features = 8;
    double divergence_weight = 1.0;
    static void declare(equigen::config::Declaration<Config>& keys);
  };

  /// Throws ConfigError when the data are not graphs.
  PluginNameModel(Config config, const equigen::DataSummary& summary);

  /// `adjacency` [B, N, N] and `mask` [B, N], 1 where there is a node.
  equigen::Batch collate(std::span<const equigen::Sample> samples) const override;
  std::string misfit(const equigen::Sample& sample) const override;
  equigen::Loss loss(const equigen::Batch& batch, equigen::NoiseStream& noise) override;
  std::vector<equigen::Sample> sample(const equigen::SamplingRequest& request) override;

 private:
  /// Latent vectors [B, N, Z] to the logits of edges [B, N, N].
  at::Tensor edge_logits(const at::Tensor& latent) const;
  std::int64_t draw_size(std::uint64_t seed, std::int64_t index) const;

  Config config_;
  std::vector<std::int64_t> size_histogram_;
  std::int64_t max_nodes_;
  std::shared_ptr<equigen::DenseGcn> first_convolution_;
  std::shared_ptr<equigen::DenseGcn> second_convolution_;
  std::shared_ptr<equigen::Mlp> decoder_;
  at::Tensor edge_bias_;
};

}  // namespace plugin_name
