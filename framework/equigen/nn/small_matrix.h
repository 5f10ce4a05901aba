// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

/// Products of matrices that fit into a core's cache, in float32, with what usually follows fused
/// in. Libraries of linear algebra are made for larger ones: at 20 x 20 the call costs more than
/// the work. The fastest variant that the processor has is chosen at run time.
///
/// Every result depends only on its own inputs, never on threads, alignment or neighbours.
namespace equigen::small_matrix {

/// Columns come in groups of this many; widths and row strides of B and C are multiples of it.
inline constexpr std::int64_t kLanes = 8;

/// Rounds up to a multiple of kLanes.
constexpr std::int64_t padded(std::int64_t count) {
  return (count + kLanes - 1) / kLanes * kLanes;
}

enum class Activation { none, elu, tanh };

/// C = activation(A B + biases), or C += A B. A is rows x inner with any strides (so that a
/// transpose costs nothing), B is inner x columns, C rows x columns, both row-major with `columns`
/// a multiple of kLanes.
struct Product {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t inner = 0;
  const float* a = nullptr;
  std::int64_t a_row_stride = 0;
  std::int64_t a_column_stride = 1;
  const float* b = nullptr;
  std::int64_t b_stride = 0;
  float* c = nullptr;
  std::int64_t c_stride = 0;
  const float* row_bias = nullptr;     ///< one a row, or none
  const float* column_bias = nullptr;  ///< one a column, or none
  bool accumulate = false;             ///< add to C; without biases and activation
  Activation activation = Activation::none;
};

void multiply(const Product& product);

/// y += tanh(scale x), for `count` entries (a multiple of kLanes).
void add_tanh(const float* x, float scale, float* y, std::int64_t count);

/// y = tanh(scale x), for `count` entries (a multiple of kLanes); x may be y.
void tanh(const float* x, float scale, float* y, std::int64_t count);

/// Writes the transpose of a rows x columns matrix.
void transpose(const float* from, std::int64_t from_stride, std::int64_t rows, std::int64_t columns,
               float* to, std::int64_t to_stride);

}  // namespace equigen::small_matrix
