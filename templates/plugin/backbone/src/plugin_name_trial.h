#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/model/model.h"
#include "equigen/nn/backbone.h"

namespace plugin_name {

/// A small model to train a backbone with: edges of a graph are flipped with probability t / 2, the
/// backbone predicts the clean graph, and samples come from drawing the clean graph and flipping it
/// again, with ever smaller t. Any backbone that gives edge features can be named.
class PluginNameTrial final : public equigen::Model {
 public:
  struct Config {
    equigen::config::ComponentChoice backbone{"plugin_name"};
    std::int64_t steps = 32;
    static void declare(equigen::config::Declaration<Config>& keys);
  };

  /// Throws ConfigError when the data are not graphs.
  PluginNameTrial(Config config, const equigen::DataSummary& summary);

  /// `adjacency` [B, N, N] and `sizes` [B] int64.
  equigen::Batch collate(std::span<const equigen::Sample> samples) const override;
  std::string misfit(const equigen::Sample& sample) const override;
  equigen::Loss loss(const equigen::Batch& batch, equigen::NoiseStream& noise) override;
  std::vector<equigen::Sample> sample(const equigen::SamplingRequest& request) override;

 private:
  /// Logits of the clean edges [E] of noisy graphs [B, N, N] at times t [B].
  at::Tensor clean_logits(const equigen::GraphBatch& graphs, const at::Tensor& noisy,
                          const at::Tensor& t);
  std::int64_t draw_size(std::uint64_t seed, std::int64_t index) const;

  Config config_;
  std::vector<std::int64_t> size_histogram_;
  std::int64_t max_nodes_;
  std::shared_ptr<equigen::Backbone> backbone_;
};

}  // namespace plugin_name
