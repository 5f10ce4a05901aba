// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "equigen/config/schema.h"

namespace equigen::gdss {

/// The two score networks.
struct NetworkConfig {
  std::string node_score = "gcn";
  std::int64_t hidden_features = 32;
  std::int64_t attention_features = 32;
  std::int64_t depth = 3;
  std::int64_t num_layers = 5;
  std::int64_t num_linear_layers = 2;
  std::int64_t initial_channels = 2;
  std::int64_t hidden_channels = 8;
  std::int64_t final_channels = 4;
  std::int64_t heads = 4;
  static void declare(config::Declaration<NetworkConfig>& keys);
};

/// The forward process of one field.
struct FieldSdeConfig {
  std::string type = "vp";
  double beta_min = 0.1;
  double beta_max = 1.0;
  double sigma_min = 0.1;
  double sigma_max = 1.0;
  std::int64_t num_scales = 1000;
  static void declare(config::Declaration<FieldSdeConfig>& keys);
};

struct SystemConfig {
  FieldSdeConfig node;
  FieldSdeConfig adjacency;
  static void declare(config::Declaration<SystemConfig>& keys);
};

struct LossConfig {
  std::string reduce = "sum";
  bool likelihood_weighting = false;
  double epsilon = 1e-5;
  static void declare(config::Declaration<LossConfig>& keys);
};

struct SamplerConfig {
  std::string predictor = "euler";
  std::string corrector = "langevin";
  double signal_to_noise_ratio = 0.05;
  double scale_epsilon = 0.7;
  std::int64_t corrector_steps = 1;
  bool probability_flow = false;
  bool denoise = true;
  double epsilon = 1e-4;
  bool coupled_batch = false;
  static void declare(config::Declaration<SamplerConfig>& keys);
};

struct GdssConfig {
  std::string features = "auto";
  std::int64_t max_nodes = 0;
  std::int64_t degree_classes = 0;
  std::vector<std::string> elements;
  NetworkConfig network;
  SystemConfig sde;
  LossConfig loss;
  SamplerConfig sampler;
  static void declare(config::Declaration<GdssConfig>& keys);
};

}  // namespace equigen::gdss
