// SPDX-License-Identifier: MIT
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "equigen/nn/dense_gcn.h"
#include "equigen/nn/mlp.h"
#include "gdss/graph_attention.h"

namespace equigen::gdss {

/// Which nodes are real, in the forms the layers need.
struct GraphMask {
  explicit GraphMask(const at::Tensor& flags);

  at::Tensor flags;         ///< [B, N]
  at::Tensor nodes;         ///< [B, N, 1]
  at::Tensor pairs;         ///< [B, N, N]
  at::Tensor packed_pairs;  ///< [B, N (N + 1) / 2]
};

/// Flags [B, N] of an adjacency [B, N, N]: 1 where a node has an edge (sum_j |A_ij| > 1e-5).
at::Tensor node_flags(const at::Tensor& adjacency);

/// The three convolutions of one adjacency channel: `gnn_q`, `gnn_k`, `gnn_v`.
class AttentionChannel : public torch::nn::Module {
 public:
  AttentionChannel(std::int64_t in_features, std::int64_t attention_features,
                   std::int64_t out_features);

  std::shared_ptr<DenseGcn> query;
  std::shared_ptr<DenseGcn> key;
  std::shared_ptr<DenseGcn> value;
};

struct AttentionSizes {
  std::int64_t in_features = 0;
  std::int64_t attention_features = 0;
  std::int64_t out_features = 0;
  std::int64_t in_channels = 0;
  std::int64_t out_channels = 0;
  std::int64_t num_linear_layers = 2;
  std::int64_t heads = 4;
};

/// Graph multi-head attention over several adjacency channels (GDSS, appendix; specification of the
/// published code): each channel gives a value and an attention map tanh(Q K^T / sqrt(out)),
/// averaged over heads and symmetrised; the values of all channels make new node features, the maps
/// and the old channels make new adjacency channels.
///
/// Parameters: `attn.c.{gnn_q,gnn_k,gnn_v}.{weight,bias}`, `multi_channel.linears.*`,
/// `mlp.linears.*`. Adjacency channels are stored channel first and packed (pair_channels.h):
/// [C, B, N (N + 1) / 2].
class AttentionLayer : public torch::nn::Module {
 public:
  enum class Wanted { features, channels, both };
  struct Output {
    at::Tensor features;  ///< [B, N, out]; undefined when not asked for
    at::Tensor channels;  ///< [C_out, B, pairs], masked; undefined when not asked for
  };

  /// Throws ConfigError when the attention width is not a multiple of the number of heads.
  explicit AttentionLayer(const AttentionSizes& sizes);

  /// x [B, N, in] and channels [C, B, pairs], both masked where the first layer is fed. What the
  /// caller does not want is not computed: the last layer of an adjacency network needs no
  /// features, that of a node network no channels.
  Output forward(const at::Tensor& x, const at::Tensor& channels, const GraphMask& mask,
                 Wanted wanted = Wanted::both) const;

  /// The first half of forward(): values and attention maps of all channels. With undefined flags
  /// padding is computed as well. Parameters of what is not wanted get no gradient.
  ChannelAttention attend(const at::Tensor& x, const at::Tensor& channels, const at::Tensor& flags,
                          Wanted wanted = Wanted::both) const;

  AttentionWidths widths(bool want_values) const;
  const AttentionSizes& sizes() const { return sizes_; }
  const std::vector<std::shared_ptr<AttentionChannel>>& attention() const { return attention_; }
  const Mlp& pair_mlp() const { return *pair_mlp_; }
  const Mlp& value_mlp() const { return *value_mlp_; }

 private:
  AttentionSizes sizes_;
  std::vector<std::shared_ptr<AttentionChannel>> attention_;
  std::shared_ptr<Mlp> pair_mlp_;
  std::shared_ptr<Mlp> value_mlp_;
};

}  // namespace equigen::gdss
