// SPDX-License-Identifier: MIT
#include "gdss/graph_attention.h"

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <torch/autograd.h>
#include <torch/types.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "equigen/nn/dense_gcn.h"
#include "equigen/nn/small_matrix.h"
#include "gdss/pair_channels.h"

namespace equigen::gdss {
namespace {

using small_matrix::padded;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;
using torch::autograd::Variable;

/// Gathers the pairs among some nodes from a packed matrix of all nodes, or scatters them back.
/// Nodes 0, 1, ..., n-1 are the usual case, and then the pairs stand in one piece.
class PairMap {
 public:
  explicit PairMap(const std::vector<std::int64_t>& real) : real_(real) {
    prefix_ = real.empty() || real.back() + 1 == static_cast<std::int64_t>(real.size());
  }
  void gather(const float* from, float* to) const {
    each([&](std::int64_t packed, std::int64_t all) { to[packed] = from[all]; });
  }
  void scatter(const float* from, float* to) const {
    each([&](std::int64_t packed, std::int64_t all) { to[all] = from[packed]; });
  }
  std::int64_t count() const { return pair_count(static_cast<std::int64_t>(real_.size())); }

 private:
  template <typename Visit>
  void each(const Visit& visit) const {
    if (prefix_) {
      for (std::int64_t p = 0; p < count(); ++p) visit(p, p);
      return;
    }
    std::int64_t p = 0;
    for (std::size_t i = 0; i < real_.size(); ++i) {
      for (std::size_t j = 0; j <= i; ++j) visit(p++, pair_count(real_[i]) + real_[j]);
    }
  }

  const std::vector<std::int64_t>& real_;
  bool prefix_ = true;
};

/// Weights and biases of all channels with padded rows, as the kernels want them.
struct PaddedWeights {
  PaddedWeights(const at::Tensor& weight, const at::Tensor& bias, const AttentionWidths& widths) {
    const std::int64_t pad = padded(widths.all()) - widths.all();
    rows = at::constant_pad_nd(weight.detach(), {0, pad}).contiguous();
    biases = at::constant_pad_nd(bias.detach(), {0, pad}).contiguous();
  }
  const float* weight(std::int64_t channel) const {
    return rows.data_ptr<float>() + channel * rows.size(1) * rows.size(2);
  }
  const float* bias(std::int64_t channel) const {
    return biases.data_ptr<float>() + channel * biases.size(1);
  }
  at::Tensor rows;
  at::Tensor biases;
};

/// One sample's inputs and places in the batch.
struct SampleView {
  SampleView(const at::Tensor& x, std::vector<std::int64_t> real_nodes)
      : real(std::move(real_nodes)),
        pairs(real),
        features(static_cast<std::size_t>(static_cast<std::int64_t>(real.size()) * x.size(2))),
        packed(static_cast<std::size_t>(pairs.count())),
        map(packed.size()) {}

  std::vector<std::int64_t> real;
  PairMap pairs;
  std::vector<float> features;
  std::vector<float> packed;
  std::vector<float> map;
};

/// Calls work(chunk, begin, end) for a fixed number of chunks of the batch, whatever the number of
/// threads, so that sums over chunks do not depend on it.
constexpr std::int64_t kChunks = 16;
template <typename Work>
void for_each_chunk(std::int64_t batch, const Work& work) {
  at::parallel_for(0, kChunks, 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t chunk = first; chunk < last; ++chunk)
      work(chunk, batch * chunk / kChunks, batch * (chunk + 1) / kChunks);
  });
}

struct FusedAttention {
  FusedAttention(const at::Tensor& x_, const at::Tensor& channels_, const at::Tensor& weight,
                 const at::Tensor& bias, const at::Tensor& flags, const AttentionWidths& widths_)
      : widths(widths_),
        x(x_.detach().contiguous()),
        channels(channels_.detach().contiguous()),
        weights(weight, bias, widths_),
        real(real_nodes(flags, x_.size(0), x_.size(1))) {}

  std::int64_t channel_count() const { return channels.size(0); }
  std::int64_t batch() const { return x.size(0); }
  float* channel_row(const at::Tensor& of, std::int64_t c, std::int64_t b) const {
    return of.data_ptr<float>() + (c * batch() + b) * of.size(2);
  }

  void load(SampleView& sample, std::int64_t b, SampleAttention& attention) const {
    const std::int64_t width = x.size(2);
    for (std::size_t i = 0; i < sample.real.size(); ++i) {
      const float* row = x.data_ptr<float>() + (b * x.size(1) + sample.real[i]) * width;
      std::copy_n(row, width, sample.features.data() + static_cast<std::int64_t>(i) * width);
    }
    attention.set_nodes(sample.features.data(), width,
                        static_cast<std::int64_t>(sample.real.size()));
  }

  ChannelAttention forward() const {
    ChannelAttention result;
    result.maps = torch::zeros_like(channels);
    const std::int64_t width = channel_count() * widths.values;
    result.values = torch::zeros({batch(), x.size(1), width});
    for_each_chunk(batch(), [&](std::int64_t, std::int64_t begin, std::int64_t end) {
      SampleAttention attention(widths);
      for (std::int64_t b = begin; b < end; ++b) forward_sample(b, attention, result);
    });
    return result;
  }

  void forward_sample(std::int64_t b, SampleAttention& attention,
                      const ChannelAttention& result) const {
    SampleView sample(x, real[static_cast<std::size_t>(b)]);
    if (sample.real.empty()) return;
    load(sample, b, attention);
    std::vector<float> values(sample.real.size() * static_cast<std::size_t>(widths.values));
    for (std::int64_t c = 0; c < channel_count(); ++c) {
      sample.pairs.gather(channel_row(channels, c, b), sample.packed.data());
      attention.project(sample.packed.data(), weights.weight(c), weights.bias(c));
      attention.attend(sample.map.data());
      sample.pairs.scatter(sample.map.data(), channel_row(result.maps, c, b));
      if (widths.values == 0) continue;
      attention.copy_values(values.data(), widths.values);
      for (std::size_t i = 0; i < sample.real.size(); ++i) {
        float* row = result.values.data_ptr<float>() +
                     (b * x.size(1) + sample.real[i]) * result.values.size(2);
        std::copy_n(values.data() + static_cast<std::int64_t>(i) * widths.values, widths.values,
                    row + c * widths.values);
      }
    }
  }

  struct Gradients {
    at::Tensor x;         ///< [B, N, in]
    at::Tensor channels;  ///< [C, B, pairs]
    at::Tensor weight;    ///< [chunks, C, in, padded(all)]
    at::Tensor bias;      ///< [chunks, C, padded(all)]
  };

  Gradients backward(const at::Tensor& d_values, const at::Tensor& d_maps, bool want_x,
                     bool want_channels) const {
    Gradients result;
    result.x = want_x ? torch::zeros_like(x) : at::Tensor();
    result.channels = want_channels ? torch::zeros_like(channels) : at::Tensor();
    result.weight = torch::zeros({kChunks, channel_count(), x.size(2), padded(widths.all())});
    result.bias = torch::zeros({kChunks, channel_count(), padded(widths.all())});
    const at::Tensor transposed =
        at::constant_pad_nd(weights.rows.transpose(1, 2), {0, padded(widths.in) - widths.in})
            .contiguous();
    for_each_chunk(batch(), [&](std::int64_t chunk, std::int64_t begin, std::int64_t end) {
      SampleAttention attention(widths);
      for (std::int64_t b = begin; b < end; ++b)
        backward_sample(chunk, b, attention, d_values, d_maps, transposed, result);
    });
    return result;
  }

  void backward_sample(std::int64_t chunk, std::int64_t b, SampleAttention& attention,
                       const at::Tensor& d_values, const at::Tensor& d_maps,
                       const at::Tensor& transposed, const Gradients& result) const {
    SampleView sample(x, real[static_cast<std::size_t>(b)]);
    if (sample.real.empty()) return;
    load(sample, b, attention);
    const auto n = static_cast<std::int64_t>(sample.real.size());
    const std::int64_t in = padded(widths.in);
    std::vector<float> d_value_rows(static_cast<std::size_t>(n * widths.values));
    std::vector<float> d_nodes(static_cast<std::size_t>(n * in), 0.0F);
    std::vector<float> d_packed(sample.packed.size());
    for (std::int64_t c = 0; c < channel_count(); ++c) {
      sample.pairs.gather(channel_row(channels, c, b), sample.packed.data());
      sample.pairs.gather(channel_row(d_maps, c, b), sample.map.data());
      for (std::int64_t i = 0; i < n && widths.values > 0; ++i) {
        const float* row =
            d_values.data_ptr<float>() +
            (b * x.size(1) + sample.real[static_cast<std::size_t>(i)]) * d_values.size(2);
        std::copy_n(row + c * widths.values, widths.values,
                    d_value_rows.data() + i * widths.values);
      }
      std::ranges::fill(d_packed, 0.0F);
      attention.project(sample.packed.data(), weights.weight(c), weights.bias(c));
      attention.backward(sample.map.data(), widths.values > 0 ? d_value_rows.data() : nullptr,
                         widths.values, transposed[c].data_ptr<float>(),
                         {.weight = result.weight[chunk][c].data_ptr<float>(),
                          .bias = result.bias[chunk][c].data_ptr<float>(),
                          .nodes = result.x.defined() ? d_nodes.data() : nullptr,
                          .adjacency = result.channels.defined() ? d_packed.data() : nullptr});
      if (result.channels.defined())
        sample.pairs.scatter(d_packed.data(), channel_row(result.channels, c, b));
    }
    for (std::int64_t i = 0; i < n && result.x.defined(); ++i) {
      std::copy_n(d_nodes.data() + i * in, widths.in,
                  result.x.data_ptr<float>() +
                      (b * x.size(1) + sample.real[static_cast<std::size_t>(i)]) * widths.in);
    }
  }

  AttentionWidths widths;
  at::Tensor x;
  at::Tensor channels;
  PaddedWeights weights;
  std::vector<std::vector<std::int64_t>> real;
};

/// The fused kernel with its gradient. Nothing but the inputs is kept: the backward pass repeats
/// the forward one sample at a time, which costs less than storing and reading its steps.
class AttentionFunction : public torch::autograd::Function<AttentionFunction> {
 public:
  static tensor_list forward(AutogradContext* context, const Variable& x, const Variable& channels,
                             const Variable& weight, const Variable& bias, const Variable& flags,
                             std::int64_t attention, std::int64_t values, std::int64_t heads,
                             double scale) {
    context->save_for_backward({x, channels, weight, bias, flags});
    context->saved_data["attention"] = attention;
    context->saved_data["values"] = values;
    context->saved_data["heads"] = heads;
    context->saved_data["scale"] = scale;
    const AttentionWidths widths{x.size(2), attention, values, heads, static_cast<float>(scale)};
    const ChannelAttention result =
        FusedAttention(x, channels, weight, bias, flags, widths).forward();
    return {result.values, result.maps};
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const auto saved = context->get_saved_variables();
    const AttentionWidths widths{saved[0].size(2), context->saved_data["attention"].toInt(),
                                 context->saved_data["values"].toInt(),
                                 context->saved_data["heads"].toInt(),
                                 static_cast<float>(context->saved_data["scale"].toDouble())};
    const FusedAttention fused(saved[0], saved[1], saved[2], saved[3], saved[4], widths);
    const auto result = fused.backward(gradients[0].contiguous(), gradients[1].contiguous(),
                                       context->needs_input_grad(0), context->needs_input_grad(1));
    return {result.x,
            result.channels,
            result.weight.sum(0).narrow(-1, 0, widths.all()),
            result.bias.sum(0).narrow(-1, 0, widths.all()),
            {},
            {},
            {},
            {},
            {}};
  }
};

}  // namespace

std::vector<std::vector<std::int64_t>> real_nodes(const at::Tensor& flags, std::int64_t batch,
                                                  std::int64_t nodes) {
  std::vector<std::vector<std::int64_t>> real(static_cast<std::size_t>(batch));
  const at::Tensor rows = flags.defined() ? flags.contiguous() : flags;
  for (std::int64_t b = 0; b < batch; ++b) {
    for (std::int64_t i = 0; i < nodes; ++i) {
      if (!rows.defined() || rows.data_ptr<float>()[b * nodes + i] != 0.0F)
        real[static_cast<std::size_t>(b)].push_back(i);
    }
  }
  return real;
}

bool fused_kernels_fit(const at::Tensor& x) {
  return x.device().is_cpu() && x.scalar_type() == torch::kFloat32;
}

ChannelAttention channel_attention_by_operators(const at::Tensor& x, const at::Tensor& channels,
                                                const at::Tensor& weight, const at::Tensor& bias,
                                                const AttentionWidths& widths) {
  const std::int64_t c = channels.size(0);
  const std::int64_t batch = x.size(0);
  const std::int64_t n = x.size(1);
  // (A_n x) W = A_n (x W): one product serves queries, keys and values.
  const at::Tensor normalised = normalised_adjacency(unpack_pairs(channels, n));
  const at::Tensor spread = at::matmul(normalised, x.unsqueeze(0)).view({c, batch * n, -1});
  const at::Tensor all = at::baddbmm(bias.unsqueeze(1), spread, weight).view({c * batch, n, -1});
  const auto heads = [&](std::int64_t start) {
    return all.narrow(-1, start, widths.attention)
        .unflatten(-1, {widths.heads, -1})
        .transpose(1, 2);
  };
  const at::Tensor logits =
      at::matmul(heads(0), heads(widths.attention).transpose(-1, -2)) * widths.scale;
  const at::Tensor map = at::tanh(logits).mean(1);
  ChannelAttention result;
  result.maps = pack_pairs(((map + map.transpose(-1, -2)) / 2).view({c, batch, n, n}));
  if (widths.values > 0) {
    result.values = all.narrow(-1, 2 * widths.attention, widths.values)
                        .reshape({c, batch, n, -1})
                        .permute({1, 2, 0, 3})
                        .flatten(2);
  }
  return result;
}

ChannelAttention channel_attention(const at::Tensor& x, const at::Tensor& channels,
                                   const at::Tensor& weight, const at::Tensor& bias,
                                   const at::Tensor& flags, const AttentionWidths& widths) {
  if (!fused_kernels_fit(x) || weight.scalar_type() != torch::kFloat32)
    return channel_attention_by_operators(x, channels, weight, bias, widths);
  const at::Tensor some_flags = flags.defined() ? flags : torch::ones({x.size(0), x.size(1)});
  tensor_list result =
      AttentionFunction::apply(x, channels, weight, bias, some_flags, widths.attention,
                               widths.values, widths.heads, static_cast<double>(widths.scale));
  return {widths.values > 0 ? result[0] : at::Tensor(), result[1]};
}

}  // namespace equigen::gdss
