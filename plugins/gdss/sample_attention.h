// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

namespace equigen::gdss {

/// Widths of one attention layer's first half.
struct AttentionWidths {
  std::int64_t in = 0;         ///< node features
  std::int64_t attention = 0;  ///< of queries, and of keys
  std::int64_t values = 0;     ///< 0: values are not computed
  std::int64_t heads = 1;
  float scale = 1;  ///< of the products before tanh

  std::int64_t all() const { return 2 * attention + values; }
};

/// Attention of one adjacency channel of one sample, in a workspace that fits into the cache of a
/// core. Matrices are row-major with rows padded to small_matrix::kLanes; pairs are packed as in
/// pair_channels.h.
class SampleAttention {
 public:
  explicit SampleAttention(const AttentionWidths& widths) : widths_(widths) {}

  /// Starts a sample: node features x [nodes, in] with a row stride.
  void set_nodes(const float* x, std::int64_t stride, std::int64_t nodes);

  /// Projects the nodes through one channel: `adjacency` packed, `weight` [in, padded(all())],
  /// `bias` [padded(all())].
  void project(const float* adjacency, const float* weight, const float* bias);

  /// After project(): adds nothing, writes the map, packed.
  void attend(float* map);

  /// After project(): copies the values to rows with a stride.
  void copy_values(float* values, std::int64_t stride) const;

  /// What backward() adds to; any may be null except the first two.
  struct Gradients {
    float* weight;               ///< [in, padded(all())]
    float* bias;                 ///< [padded(all())]
    float* nodes = nullptr;      ///< [nodes, padded(in)]
    float* adjacency = nullptr;  ///< packed
  };

  /// After project() of the same channel: adds the gradients of what attend() and copy_values()
  /// gave. `map` packed, `values` rows with a stride; `transposed_weight` [all(), padded(in)].
  void backward(const float* map, const float* values, std::int64_t values_stride,
                const float* transposed_weight, const Gradients& gradients);

  /// The symmetrically normalised adjacency of project(), [nodes, padded(nodes)].
  const float* normalised() const { return normalised_.data(); }

 private:
  void normalise(const float* adjacency);
  void head_product(std::int64_t head);
  void backward_head(std::int64_t head);
  void backward_nodes(const float* transposed_weight, const Gradients& gradients);
  void backward_adjacency(float* gradient);

  AttentionWidths widths_;
  std::int64_t nodes_ = 0;
  std::vector<float> x_;             ///< [n, padded(in)]
  std::vector<float> normalised_;    ///< [n, padded(n)]
  std::vector<float> row_sum_;       ///< [n]
  std::vector<float> row_scale_;     ///< [n]
  std::vector<float> spread_;        ///< [n, padded(in)], normalised adjacency times x
  std::vector<float> projected_;     ///< [n, padded(all)], queries, keys, values
  std::vector<float> keys_;          ///< [head width, padded(n)], one head's keys transposed
  std::vector<float> logits_;        ///< [n, padded(n)]
  std::vector<float> map_;           ///< [n, padded(n)]
  std::vector<float> head_queries_;  ///< [n, padded(head width)]
  std::vector<float> head_keys_;     ///< [n, padded(head width)]
  std::vector<float> head_result_;   ///< [n, padded(head width)]
  std::vector<float> d_projected_;   ///< [n, padded(all)]
  std::vector<float> d_spread_;      ///< [n, padded(in)]
  std::vector<float> x_transposed_;  ///< [in, padded(n)]
};

}  // namespace equigen::gdss
