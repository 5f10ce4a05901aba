// SPDX-License-Identifier: MIT
#include "gdss/sample_attention.h"

#include <algorithm>
#include <cmath>

#include "equigen/nn/small_matrix.h"
#include "gdss/pair_channels.h"

namespace equigen::gdss {
namespace {

using small_matrix::multiply;
using small_matrix::padded;
using small_matrix::Product;

void resize_zero(std::vector<float>& buffer, std::int64_t rows, std::int64_t columns) {
  buffer.assign(static_cast<std::size_t>(rows * columns), 0.0F);
}

}  // namespace

void SampleAttention::set_nodes(const float* x, std::int64_t stride, std::int64_t nodes) {
  const std::int64_t in = padded(widths_.in);
  if (nodes != nodes_ || x_.empty()) {
    nodes_ = nodes;
    const std::int64_t n = padded(nodes);
    const std::int64_t head = widths_.attention / widths_.heads;
    resize_zero(x_, nodes, in);
    resize_zero(normalised_, nodes, n);
    resize_zero(row_sum_, nodes, 1);
    resize_zero(row_scale_, nodes, 1);
    resize_zero(spread_, nodes, in);
    resize_zero(projected_, nodes, padded(widths_.all()));
    resize_zero(keys_, head, n);
    resize_zero(logits_, nodes, n);
    resize_zero(map_, nodes, n);
  }
  for (std::int64_t i = 0; i < nodes; ++i)
    std::copy_n(x + i * stride, widths_.in, x_.data() + i * in);
}

void SampleAttention::normalise(const float* adjacency) {
  const std::int64_t n = padded(nodes_);
  float* d = normalised_.data();
  for (std::int64_t i = 0; i < nodes_; ++i) {
    for (std::int64_t j = 0; j < i; ++j) d[j * n + i] = d[i * n + j] = *adjacency++;
    d[i * n + i] = 1.0F;
    ++adjacency;
  }
  for (std::int64_t i = 0; i < nodes_; ++i) {
    float sum = 0;
    for (std::int64_t j = 0; j < nodes_; ++j) sum += d[i * n + j];
    row_sum_[static_cast<std::size_t>(i)] = sum;
    row_scale_[static_cast<std::size_t>(i)] = 1.0F / std::sqrt(std::max(sum, 1.0F));
  }
  for (std::int64_t i = 0; i < nodes_; ++i) {
    const float scale = row_scale_[static_cast<std::size_t>(i)];
    for (std::int64_t j = 0; j < nodes_; ++j)
      d[i * n + j] *= scale * row_scale_[static_cast<std::size_t>(j)];
  }
}

void SampleAttention::project(const float* adjacency, const float* weight, const float* bias) {
  const std::int64_t in = padded(widths_.in);
  const std::int64_t all = padded(widths_.all());
  normalise(adjacency);
  multiply({.rows = nodes_,
            .columns = in,
            .inner = nodes_,
            .a = normalised_.data(),
            .a_row_stride = padded(nodes_),
            .b = x_.data(),
            .b_stride = in,
            .c = spread_.data(),
            .c_stride = in});
  multiply({.rows = nodes_,
            .columns = all,
            .inner = widths_.in,
            .a = spread_.data(),
            .a_row_stride = in,
            .b = weight,
            .b_stride = all,
            .c = projected_.data(),
            .c_stride = all,
            .column_bias = bias});
}

void SampleAttention::head_product(std::int64_t head) {
  const std::int64_t n = padded(nodes_);
  const std::int64_t all = padded(widths_.all());
  const std::int64_t width = widths_.attention / widths_.heads;
  const float* queries = projected_.data() + head * width;
  small_matrix::transpose(queries + widths_.attention, all, nodes_, width, keys_.data(), n);
  multiply({.rows = nodes_,
            .columns = n,
            .inner = width,
            .a = queries,
            .a_row_stride = all,
            .b = keys_.data(),
            .b_stride = n,
            .c = logits_.data(),
            .c_stride = n});
}

void SampleAttention::attend(float* map) {
  const std::int64_t n = padded(nodes_);
  std::ranges::fill(map_, 0.0F);
  for (std::int64_t head = 0; head < widths_.heads; ++head) {
    head_product(head);
    small_matrix::add_tanh(logits_.data(), widths_.scale, map_.data(), nodes_ * n);
  }
  const float half = 0.5F / static_cast<float>(widths_.heads);
  for (std::int64_t i = 0; i < nodes_; ++i) {
    for (std::int64_t j = 0; j <= i; ++j)
      *map++ =
          (map_[static_cast<std::size_t>(i * n + j)] + map_[static_cast<std::size_t>(j * n + i)]) *
          half;
  }
}

void SampleAttention::copy_values(float* values, std::int64_t stride) const {
  const std::int64_t all = padded(widths_.all());
  for (std::int64_t i = 0; i < nodes_; ++i)
    std::copy_n(projected_.data() + i * all + 2 * widths_.attention, widths_.values,
                values + i * stride);
}

void SampleAttention::backward_head(std::int64_t head) {
  const std::int64_t n = padded(nodes_);
  const std::int64_t all = padded(widths_.all());
  const std::int64_t width = widths_.attention / widths_.heads;
  head_product(head);
  small_matrix::tanh(logits_.data(), widths_.scale, logits_.data(), nodes_ * n);
  // d logits = d map (1 - tanh^2) scale; map_ holds the gradient of the map here.
  for (std::int64_t k = 0; k < nodes_ * n; ++k) {
    const auto at = static_cast<std::size_t>(k);
    logits_[at] = map_[at] * (1.0F - logits_[at] * logits_[at]) * widths_.scale;
  }
  const std::int64_t columns = padded(width);
  const auto copy_head = [&](std::int64_t start, std::vector<float>& to) {
    for (std::int64_t i = 0; i < nodes_; ++i)
      std::copy_n(projected_.data() + i * all + start + head * width, width,
                  to.data() + i * columns);
  };
  copy_head(0, head_queries_);
  copy_head(widths_.attention, head_keys_);
  const auto gradient = [&](bool transposed, const std::vector<float>& other, std::int64_t start) {
    multiply({.rows = nodes_,
              .columns = columns,
              .inner = nodes_,
              .a = logits_.data(),
              .a_row_stride = transposed ? 1 : n,
              .a_column_stride = transposed ? n : 1,
              .b = other.data(),
              .b_stride = columns,
              .c = head_result_.data(),
              .c_stride = columns});
    for (std::int64_t i = 0; i < nodes_; ++i)
      std::copy_n(head_result_.data() + i * columns, width,
                  d_projected_.data() + i * all + start + head * width);
  };
  gradient(false, head_keys_, 0);
  gradient(true, head_queries_, widths_.attention);
}

void SampleAttention::backward(const float* map, const float* values, std::int64_t values_stride,
                               const float* transposed_weight, const Gradients& gradients) {
  const std::int64_t n = padded(nodes_);
  const std::int64_t in = padded(widths_.in);
  const std::int64_t all = padded(widths_.all());
  const std::int64_t head = padded(widths_.attention / widths_.heads);
  resize_zero(head_queries_, nodes_, head);
  resize_zero(head_keys_, nodes_, head);
  resize_zero(head_result_, nodes_, head);
  resize_zero(d_projected_, nodes_, all);
  const float share = 1.0F / static_cast<float>(widths_.heads);
  for (std::int64_t i = 0; i < nodes_; ++i) {
    for (std::int64_t j = 0; j < i; ++j) {
      const float half = 0.5F * share * *map++;
      map_[static_cast<std::size_t>(i * n + j)] = half;
      map_[static_cast<std::size_t>(j * n + i)] = half;
    }
    map_[static_cast<std::size_t>(i * n + i)] = share * *map++;
  }
  for (std::int64_t h = 0; h < widths_.heads; ++h) backward_head(h);
  for (std::int64_t i = 0; values != nullptr && i < nodes_; ++i)
    std::copy_n(values + i * values_stride, widths_.values,
                d_projected_.data() + i * all + 2 * widths_.attention);
  multiply({.rows = widths_.in,
            .columns = all,
            .inner = nodes_,
            .a = spread_.data(),
            .a_row_stride = 1,
            .a_column_stride = in,
            .b = d_projected_.data(),
            .b_stride = all,
            .c = gradients.weight,
            .c_stride = all,
            .accumulate = true});
  for (std::int64_t i = 0; i < nodes_; ++i) {
    for (std::int64_t k = 0; k < all; ++k)
      gradients.bias[k] += d_projected_[static_cast<std::size_t>(i * all + k)];
  }
  if (gradients.nodes != nullptr || gradients.adjacency != nullptr)
    backward_nodes(transposed_weight, gradients);
}

void SampleAttention::backward_nodes(const float* transposed_weight, const Gradients& gradients) {
  const std::int64_t n = padded(nodes_);
  const std::int64_t in = padded(widths_.in);
  const std::int64_t all = padded(widths_.all());
  resize_zero(d_spread_, nodes_, in);
  multiply({.rows = nodes_,
            .columns = in,
            .inner = widths_.all(),
            .a = d_projected_.data(),
            .a_row_stride = all,
            .b = transposed_weight,
            .b_stride = in,
            .c = d_spread_.data(),
            .c_stride = in});
  if (gradients.nodes != nullptr) {
    multiply({.rows = nodes_,
              .columns = in,
              .inner = nodes_,
              .a = normalised_.data(),
              .a_row_stride = n,
              .b = d_spread_.data(),
              .b_stride = in,
              .c = gradients.nodes,
              .c_stride = in,
              .accumulate = true});
  }
  if (gradients.adjacency != nullptr) backward_adjacency(gradients.adjacency);
}

void SampleAttention::backward_adjacency(float* gradient) {
  const std::int64_t n = padded(nodes_);
  const std::int64_t in = padded(widths_.in);
  resize_zero(x_transposed_, widths_.in, n);
  small_matrix::transpose(x_.data(), in, nodes_, widths_.in, x_transposed_.data(), n);
  // logits_ becomes the gradient of the normalised adjacency D_ij = s_i A_ij s_j.
  multiply({.rows = nodes_,
            .columns = n,
            .inner = widths_.in,
            .a = d_spread_.data(),
            .a_row_stride = in,
            .b = x_transposed_.data(),
            .b_stride = n,
            .c = logits_.data(),
            .c_stride = n});
  const auto both = [&](std::int64_t i, std::int64_t j) {
    return logits_[static_cast<std::size_t>(i * n + j)] +
           logits_[static_cast<std::size_t>(j * n + i)];
  };
  // s_i = max(r_i, 1)^(-1/2), so ds_i / dr_i = -1/2 s_i^3 where r_i >= 1, and
  // sum_j (dD_ij + dD_ji) A_ij s_j = sum_j (dD_ij + dD_ji) D_ij / s_i.
  std::vector<float> row(static_cast<std::size_t>(nodes_), 0.0F);
  for (std::int64_t i = 0; i < nodes_; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (row_sum_[at] < 1.0F) continue;
    float sum = 0;
    for (std::int64_t j = 0; j < nodes_; ++j)
      sum += both(i, j) * normalised_[static_cast<std::size_t>(i * n + j)];
    row[at] = -0.5F * sum * row_scale_[at] * row_scale_[at];
  }
  for (std::int64_t i = 0; i < nodes_; ++i) {
    const auto at = static_cast<std::size_t>(i);
    for (std::int64_t j = 0; j < i; ++j) {
      const auto to = static_cast<std::size_t>(j);
      *gradient++ += both(i, j) * row_scale_[at] * row_scale_[to] + row[at] + row[to];
    }
    ++gradient;  // the diagonal is overwritten by 1
  }
}

}  // namespace equigen::gdss
