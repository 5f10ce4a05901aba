// SPDX-License-Identifier: MIT
#include "gdss/fused_networks.h"

#include <ATen/Parallel.h>
#include <torch/types.h>

#include <algorithm>

#include "equigen/nn/small_matrix.h"
#include "gdss/pair_channels.h"

namespace equigen::gdss {
namespace {

using small_matrix::Activation;
using small_matrix::multiply;
using small_matrix::padded;
using Buffer = std::vector<float>;

Buffer zeros(std::int64_t rows, std::int64_t columns) {
  return Buffer(static_cast<std::size_t>(rows * columns), 0.0F);
}

/// A matrix [rows, columns] with rows padded to the kernels' width.
struct PaddedMatrix {
  explicit PaddedMatrix(const at::Tensor& matrix)
      : rows(matrix.size(0)),
        stride(padded(matrix.size(1))),
        values(at::constant_pad_nd(matrix.detach(), {0, stride - matrix.size(1)}).contiguous()) {}
  const float* data() const { return values.data_ptr<float>(); }
  std::int64_t rows;
  std::int64_t stride;
  at::Tensor values;
};

/// An Mlp on rows: one row an item.
class RowMlp {
 public:
  explicit RowMlp(const Mlp& mlp) {
    for (const torch::nn::Linear& layer : mlp.layers()) {
      weights_.emplace_back(layer->weight.t());
      biases_.emplace_back(layer->bias.unsqueeze(0));
    }
  }
  std::int64_t widest() const {
    std::int64_t width = 0;
    for (const PaddedMatrix& weight : weights_) width = std::max(width, weight.stride);
    return width;
  }
  std::int64_t out_stride() const { return weights_.back().stride; }

  /// x [items, in] with a stride to y [items, out_stride()]; `last` is applied to the output.
  void apply(const float* x, std::int64_t stride, std::int64_t items, float* y, Buffer& scratch,
             Activation last) const {
    const auto half = static_cast<std::size_t>(items * widest());
    scratch.resize(2 * half);
    const float* from = x;
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      const bool final = k + 1 == weights_.size();
      float* to = final ? y : scratch.data() + (k % 2) * half;
      multiply({.rows = items,
                .columns = weights_[k].stride,
                .inner = weights_[k].rows,
                .a = from,
                .a_row_stride = stride,
                .b = weights_[k].data(),
                .b_stride = weights_[k].stride,
                .c = to,
                .c_stride = weights_[k].stride,
                .column_bias = biases_[k].data(),
                .activation = final ? last : Activation::elu});
      from = to;
      stride = weights_[k].stride;
    }
  }

 private:
  std::vector<PaddedMatrix> weights_;
  std::vector<PaddedMatrix> biases_;
};

/// An Mlp on columns: one row a channel, one column an item. The output is multiplied by `factor`.
class ColumnMlp {
 public:
  explicit ColumnMlp(const Mlp& mlp, float factor = 1.0F) {
    for (const torch::nn::Linear& layer : mlp.layers()) {
      const float scale = &layer == &mlp.layers().back() ? factor : 1.0F;
      weights_.push_back((layer->weight.detach() * scale).contiguous());
      biases_.push_back((layer->bias.detach() * scale).contiguous());
    }
  }

  /// x [in, items] to y [out, items], both with a row stride. Done in blocks of columns, so that
  /// what lies between stays in the nearest cache.
  void apply(const float* x, std::int64_t x_stride, std::int64_t items, float* y,
             std::int64_t y_stride, Buffer& scratch) const {
    constexpr std::int64_t kBlock = 6 * small_matrix::kLanes;
    std::int64_t widest = 0;
    for (const at::Tensor& weight : weights_) widest = std::max(widest, weight.size(0));
    const auto half = static_cast<std::size_t>(widest * kBlock);
    scratch.resize(2 * half);
    for (std::int64_t start = 0; start < items; start += kBlock) {
      const std::int64_t columns = std::min(kBlock, items - start);
      const float* from = x + start;
      std::int64_t stride = x_stride;
      for (std::size_t k = 0; k < weights_.size(); ++k) {
        const bool final = k + 1 == weights_.size();
        float* to = final ? y + start : scratch.data() + (k % 2) * half;
        const std::int64_t to_stride = final ? y_stride : kBlock;
        multiply({.rows = weights_[k].size(0),
                  .columns = columns,
                  .inner = weights_[k].size(1),
                  .a = weights_[k].data_ptr<float>(),
                  .a_row_stride = weights_[k].size(1),
                  .b = from,
                  .b_stride = stride,
                  .c = to,
                  .c_stride = to_stride,
                  .row_bias = biases_[k].data_ptr<float>(),
                  .activation = final ? Activation::none : Activation::elu});
        from = to;
        stride = to_stride;
      }
    }
  }

 private:
  std::vector<at::Tensor> weights_;
  std::vector<at::Tensor> biases_;
};

/// Node features of one sample, [nodes, width] with a stride.
struct NodeRows {
  Buffer values;
  std::int64_t width = 0;
  std::int64_t stride = 0;
};

/// One sample without its padding.
struct PlainSample {
  std::vector<std::int64_t> real;
  NodeRows x;
  Buffer adjacency;  ///< [n, padded(n)]
  std::int64_t nodes() const { return static_cast<std::int64_t>(real.size()); }
};

PlainSample plain_sample(const at::Tensor& x, const at::Tensor& adjacency, std::int64_t b,
                         std::vector<std::int64_t> real) {
  PlainSample sample{std::move(real), {}, {}};
  const std::int64_t width = x.size(2);
  const std::int64_t n = padded(sample.nodes());
  sample.x = {zeros(sample.nodes(), padded(width)), width, padded(width)};
  sample.adjacency = zeros(sample.nodes(), n);
  const float* x_rows = x.data_ptr<float>() + b * x.size(1) * width;
  const float* a_rows = adjacency.data_ptr<float>() + b * x.size(1) * x.size(1);
  for (std::int64_t i = 0; i < sample.nodes(); ++i) {
    const std::int64_t row = sample.real[static_cast<std::size_t>(i)];
    std::copy_n(x_rows + row * width, width, sample.x.values.data() + i * padded(width));
    for (std::int64_t j = 0; j < sample.nodes(); ++j) {
      sample.adjacency[static_cast<std::size_t>(i * n + j)] =
          a_rows[row * x.size(1) + sample.real[static_cast<std::size_t>(j)]];
    }
  }
  return sample;
}

/// Adjacency channels of one sample, [channels, stride], packed pairs.
struct ChannelRows {
  ChannelRows(std::int64_t channels, std::int64_t nodes)
      : pairs(pair_count(nodes)), stride(padded(pairs)), values(zeros(channels, stride)) {}
  float* row(std::int64_t channel) { return values.data() + channel * stride; }
  std::int64_t pairs;
  std::int64_t stride;
  Buffer values;
};

void pack_rows(const Buffer& full, std::int64_t nodes, float* packed) {
  const std::int64_t n = padded(nodes);
  for (std::int64_t i = 0; i < nodes; ++i) {
    packed = std::copy_n(full.data() + i * n, i + 1, packed);
  }
}

/// A, A^2, ..., A^count into the first rows.
void write_powers(const PlainSample& sample, std::int64_t count, ChannelRows& channels) {
  const std::int64_t n = padded(sample.nodes());
  Buffer power = sample.adjacency;
  Buffer next = zeros(sample.nodes(), n);
  for (std::int64_t k = 0; k < count; ++k) {
    pack_rows(power, sample.nodes(), channels.row(k));
    if (k + 1 == count) break;
    multiply({.rows = sample.nodes(),
              .columns = n,
              .inner = sample.nodes(),
              .a = power.data(),
              .a_row_stride = n,
              .b = sample.adjacency.data(),
              .b_stride = n,
              .c = next.data(),
              .c_stride = n});
    std::swap(power, next);
  }
}

/// One attention layer's weights in the kernels' form.
class FusedLayer {
 public:
  FusedLayer(const AttentionLayer& layer, AttentionLayer::Wanted wanted)
      : sizes_(layer.sizes()),
        widths_(layer.widths(wanted != AttentionLayer::Wanted::channels)),
        wanted_(wanted),
        values_(layer.value_mlp()),
        pairs_(layer.pair_mlp(), 2.0F) {
    for (const auto& channel : layer.attention()) {
      std::vector<at::Tensor> weights{channel->query->weight, channel->key->weight};
      std::vector<at::Tensor> biases{channel->query->bias, channel->key->bias};
      if (widths_.values > 0) {
        weights.push_back(channel->value->weight);
        biases.push_back(channel->value->bias);
      }
      weights_.emplace_back(at::cat(weights, 1));
      biases_.emplace_back(at::cat(biases).unsqueeze(0));
    }
  }

  const AttentionSizes& sizes() const { return sizes_; }

  /// Reads channels [first, first + C_in), writes the C_out channels behind them, and replaces the
  /// node features.
  void apply(NodeRows& x, std::int64_t nodes, ChannelRows& channels, std::int64_t first,
             Buffer& scratch) const {
    const std::int64_t c_in = sizes_.in_channels;
    const std::int64_t value_stride = c_in * widths_.values;
    ChannelRows input(2 * c_in, nodes);
    Buffer values = zeros(nodes, value_stride);
    SampleAttention attention(widths_);
    attention.set_nodes(x.values.data(), x.stride, nodes);
    for (std::int64_t c = 0; c < c_in; ++c) {
      attention.project(channels.row(first + c), weights_[static_cast<std::size_t>(c)].data(),
                        biases_[static_cast<std::size_t>(c)].data());
      if (wanted_ != AttentionLayer::Wanted::features) attention.attend(input.row(c));
      if (widths_.values > 0)
        attention.copy_values(values.data() + c * widths_.values, value_stride);
    }
    if (wanted_ != AttentionLayer::Wanted::features) {
      std::copy_n(channels.row(first), c_in * channels.stride, input.row(c_in));
      pairs_.apply(input.row(0), input.stride, input.stride, channels.row(first + c_in),
                   channels.stride, scratch);
    }
    if (widths_.values == 0) return;
    x = {zeros(nodes, values_.out_stride()), sizes_.out_features, values_.out_stride()};
    values_.apply(values.data(), value_stride, nodes, x.values.data(), scratch, Activation::tanh);
  }

 private:
  AttentionSizes sizes_;
  AttentionWidths widths_;
  AttentionLayer::Wanted wanted_;
  RowMlp values_;
  ColumnMlp pairs_;
  std::vector<PaddedMatrix> weights_;
  std::vector<PaddedMatrix> biases_;
};

std::vector<FusedLayer> fused_layers(const std::vector<std::shared_ptr<AttentionLayer>>& layers,
                                     AttentionLayer::Wanted last) {
  std::vector<FusedLayer> fused;
  for (const auto& layer : layers)
    fused.emplace_back(*layer, layer == layers.back() ? last : AttentionLayer::Wanted::both);
  return fused;
}

/// Node features of all layers side by side.
class JoinedFeatures {
 public:
  JoinedFeatures(std::int64_t nodes, std::int64_t width)
      : nodes_(nodes), width_(width), values_(zeros(nodes, width)) {}
  void append(const NodeRows& x) {
    for (std::int64_t i = 0; i < nodes_; ++i)
      std::copy_n(x.values.data() + i * x.stride, x.width, values_.data() + i * width_ + used_);
    used_ += x.width;
  }
  const float* data() const { return values_.data(); }
  std::int64_t width() const { return width_; }

 private:
  std::int64_t nodes_;
  std::int64_t width_;
  std::int64_t used_ = 0;
  Buffer values_;
};

/// Calls work(sample, b, scratch) for every sample that has a node.
template <typename Work>
void for_each_sample(const at::Tensor& x, const at::Tensor& adjacency, const GraphMask& mask,
                     const Work& work) {
  const at::Tensor features = x.contiguous();
  const at::Tensor pairs = adjacency.contiguous();
  const auto real = real_nodes(mask.flags, x.size(0), x.size(1));
  at::parallel_for(0, x.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
    Buffer scratch;
    for (std::int64_t b = begin; b < end; ++b) {
      const auto& nodes = real[static_cast<std::size_t>(b)];
      if (!nodes.empty()) work(plain_sample(features, pairs, b, nodes), b, scratch);
    }
  });
}

void write_nodes(const PlainSample& sample, const Buffer& rows, std::int64_t stride, std::int64_t b,
                 const at::Tensor& output) {
  const std::int64_t width = output.size(2);
  for (std::int64_t i = 0; i < sample.nodes(); ++i) {
    std::copy_n(rows.data() + i * stride, width,
                output.data_ptr<float>() +
                    (b * output.size(1) + sample.real[static_cast<std::size_t>(i)]) * width);
  }
}

void write_pairs(const PlainSample& sample, const float* packed, std::int64_t b,
                 const at::Tensor& output) {
  const std::int64_t n = output.size(1);
  float* rows = output.data_ptr<float>() + b * n * n;
  for (std::int64_t i = 0; i < sample.nodes(); ++i) {
    const std::int64_t row = sample.real[static_cast<std::size_t>(i)];
    for (std::int64_t j = 0; j < i; ++j) {
      const std::int64_t column = sample.real[static_cast<std::size_t>(j)];
      const float value = packed[pair_count(i) + j];
      rows[row * n + column] = value;
      rows[column * n + row] = value;
    }
  }
}

}  // namespace

bool fused_inference_fits(const at::Tensor& x) {
  return fused_kernels_fit(x) && !at::GradMode::is_enabled();
}

at::Tensor fused_forward(const ConvolutionNodeScore& network, const at::Tensor& x,
                         const at::Tensor& adjacency, const GraphMask& mask) {
  std::vector<PaddedMatrix> weights;
  std::vector<PaddedMatrix> biases;
  std::int64_t width = x.size(2);
  for (const auto& layer : network.layers()) {
    weights.emplace_back(layer->weight);
    biases.emplace_back(layer->bias.unsqueeze(0));
    width += layer->weight.size(1);
  }
  const RowMlp final_mlp(network.final_mlp());
  const at::Tensor output = torch::zeros_like(x);
  for_each_sample(x, adjacency, mask, [&](PlainSample sample, std::int64_t b, Buffer& scratch) {
    const std::int64_t n = sample.nodes();
    Buffer packed(static_cast<std::size_t>(pair_count(n)));
    pack_rows(sample.adjacency, n, packed.data());
    JoinedFeatures joined(n, width);
    joined.append(sample.x);
    NodeRows h = std::move(sample.x);
    for (std::size_t k = 0; k < weights.size(); ++k) {
      // Queries alone: one projection of the spread features.
      SampleAttention spread({.in = h.width, .attention = 0, .values = weights[k].values.size(1)});
      spread.set_nodes(h.values.data(), h.stride, n);
      spread.project(packed.data(), weights[k].data(), biases[k].data());
      const std::int64_t out = network.layers()[k]->weight.size(1);
      h = {zeros(n, weights[k].stride), out, weights[k].stride};
      spread.copy_values(h.values.data(), h.stride);
      small_matrix::tanh(h.values.data(), 1.0F, h.values.data(), n * h.stride);
      joined.append(h);
    }
    Buffer result = zeros(n, final_mlp.out_stride());
    final_mlp.apply(joined.data(), joined.width(), n, result.data(), scratch, Activation::none);
    write_nodes(sample, result, final_mlp.out_stride(), b, output);
  });
  return output;
}

at::Tensor fused_forward(const AttentionNodeScore& network, const at::Tensor& x,
                         const at::Tensor& adjacency, const GraphMask& mask) {
  const auto layers = fused_layers(network.layers(), AttentionLayer::Wanted::features);
  const RowMlp final_mlp(network.final_mlp());
  std::int64_t channel_total = layers.front().sizes().in_channels;
  std::int64_t width = x.size(2);
  for (const FusedLayer& layer : layers) {
    channel_total += layer.sizes().out_channels;
    width += layer.sizes().out_features;
  }
  const at::Tensor output = torch::zeros_like(x);
  for_each_sample(x, adjacency, mask, [&](PlainSample sample, std::int64_t b, Buffer& scratch) {
    const std::int64_t n = sample.nodes();
    ChannelRows channels(channel_total, n);
    write_powers(sample, layers.front().sizes().in_channels, channels);
    JoinedFeatures joined(n, width);
    joined.append(sample.x);
    NodeRows h = std::move(sample.x);
    std::int64_t first = 0;
    for (const FusedLayer& layer : layers) {
      layer.apply(h, n, channels, first, scratch);
      first += layer.sizes().in_channels;
      // The published network applies a second tanh on top of the layer's own.
      small_matrix::tanh(h.values.data(), 1.0F, h.values.data(), n * h.stride);
      joined.append(h);
    }
    Buffer result = zeros(n, final_mlp.out_stride());
    final_mlp.apply(joined.data(), joined.width(), n, result.data(), scratch, Activation::none);
    write_nodes(sample, result, final_mlp.out_stride(), b, output);
  });
  return output;
}

at::Tensor fused_forward(const AdjacencyScore& network, const at::Tensor& x,
                         const at::Tensor& adjacency, const GraphMask& mask) {
  const auto layers = fused_layers(network.layers(), AttentionLayer::Wanted::channels);
  const ColumnMlp final_mlp(network.final_mlp());
  std::int64_t channel_total = layers.front().sizes().in_channels;
  for (const FusedLayer& layer : layers) channel_total += layer.sizes().out_channels;
  const at::Tensor output = torch::zeros_like(adjacency);
  for_each_sample(x, adjacency, mask, [&](PlainSample sample, std::int64_t b, Buffer& scratch) {
    const std::int64_t n = sample.nodes();
    ChannelRows channels(channel_total, n);
    write_powers(sample, layers.front().sizes().in_channels, channels);
    NodeRows h = std::move(sample.x);
    std::int64_t first = 0;
    for (const FusedLayer& layer : layers) {
      layer.apply(h, n, channels, first, scratch);
      first += layer.sizes().in_channels;
    }
    Buffer score = zeros(1, channels.stride);
    final_mlp.apply(channels.row(0), channels.stride, channels.stride, score.data(),
                    channels.stride, scratch);
    write_pairs(sample, score.data(), b, output);
  });
  return output;
}

}  // namespace equigen::gdss
