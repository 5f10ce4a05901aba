// SPDX-License-Identifier: MIT
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "equigen/nn/graph_batch.h"

namespace equigen {

/// Features of the parts of a batch of N nodes, E edges and B graphs. A tensor that is not there is
/// undefined. Scalars do not change when the input is rotated or moved; vectors rotate with it.
struct Features {
  at::Tensor scalars;  ///< [N, F], of nodes
  at::Tensor vectors;  ///< [N, 3, F], of nodes
  at::Tensor edges;    ///< [E, F], of edges; not symmetric by itself
  at::Tensor graphs;   ///< [B, F], of whole graphs
};

/// How many channels each part has; 0: none.
struct FeatureSizes {
  std::int64_t scalars = 0;
  std::int64_t vectors = 0;
  std::int64_t edges = 0;
  std::int64_t graphs = 0;
};

/// What a model asks of its backbone.
struct BackboneShape {
  FeatureSizes input;   ///< `input.graphs` is what every graph is conditioned on (an embedded time)
  FeatureSizes output;  ///< what the model's processes predict
};

/// How positions may be transformed. Every backbone commutes with renumbering nodes and edges.
enum class SpaceSymmetry {
  none,  ///< positions are not read
  se3,   ///< rotations and translations
  e3,    ///< reflections as well
};

struct BackboneTraits {
  SpaceSymmetry symmetry = SpaceSymmetry::none;
  bool is_exact = true;          ///< symmetric by construction, up to rounding; not by a grid
  bool needs_positions = false;  ///< cannot run on graphs without positions
  bool takes_periodic = false;   ///< reads edges as displacements, so that crystals can be given
};

/// A network on graphs, chosen in YAML by a model's `backbone:` key, and the place where symmetry
/// is built in. It knows nothing of noise, time or losses. It must be built for the sizes asked
/// for, or refuse with a ConfigError, and work in the floating-point type of its parameters
/// (to(kDouble)).
class Backbone : public torch::nn::Module {
 public:
  static constexpr std::string_view kind = "backbone";
  using Create = std::shared_ptr<Backbone>(const BackboneShape&);

  ~Backbone() override;
  virtual BackboneTraits traits() const = 0;
  /// Takes and gives what the shape says. A graph may have one node and no edge; a batch may have
  /// no node at all.
  virtual Features forward(const GraphBatch& graphs, const Features& input) = 0;
};

}  // namespace equigen
