// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "equigen/config/schema.h"

namespace equigen::cspnet {

/// Sizes and variants of the network; the defaults are those of CrysBFN and DiffCSP.
struct CspNetConfig {
  std::int64_t hidden_features = 512;
  std::int64_t layers = 6;
  std::int64_t frequencies = 128;
  std::string time_embedding = "sinusoidal";
  std::int64_t time_features = 128;
  bool layer_norm = true;
  bool input_bias = true;
  bool self_edges = true;
  bool edge_direction = false;
  std::string atom_count = "none";
  std::string pooling = "mean";
  bool lattice_bias = false;
  static void declare(config::Declaration<CspNetConfig>& keys);
};

}  // namespace equigen::cspnet
