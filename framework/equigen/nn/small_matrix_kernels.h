// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/nn/small_matrix.h"

/// The kernels of small_matrix.h, compiled once for each instruction set: this header is included
/// by one source file for each, which sets the compiler's flags. All names have internal linkage,
/// and nothing of the standard library is instantiated, so that no code of one variant is used by
/// another.
namespace equigen::small_matrix {

/// One variant of the kernels.
struct Kernels {
  void (*multiply)(const Product&);
  void (*add_tanh)(const float*, float, float*, std::int64_t);
  void (*tanh)(const float*, float, float*, std::int64_t);
};

/// Needs AVX2 and FMA.
const Kernels& avx2_kernels();

namespace {

using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));
using UnalignedLanes =
    float __attribute__((vector_size(kLanes * sizeof(float)), aligned(alignof(float)), may_alias));
using IntegerLanes = std::int32_t __attribute__((vector_size(kLanes * sizeof(float))));

inline Lanes load(const float* from) {
  return *reinterpret_cast<const UnalignedLanes*>(from);
}
inline void store(float* to, Lanes value) {
  *reinterpret_cast<UnalignedLanes*>(to) = value;
}
inline Lanes broadcast(float value) {
  return Lanes{} + value;
}

/// exp(x) by 2^k e^r with |r| <= ln 2 / 2 and a polynomial (coefficients of Cephes' expf);
/// relative error below 2e-7. x is clamped to [-87, 88].
inline Lanes exponential(Lanes x) {
  x = x < -87.0F ? broadcast(-87.0F) : x;
  x = x > 88.0F ? broadcast(88.0F) : x;
  const Lanes rounder = broadcast(12582912.0F);  // 1.5 * 2^23: adding it rounds to an integer
  const Lanes k = (x * 1.44269504088896341F + rounder) - rounder;
  const Lanes r = (x - k * 0.693359375F) + k * 2.12194440e-4F;
  Lanes p = broadcast(1.9875691500e-4F);
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * (r * r) + r + 1.0F;
  const IntegerLanes exponent = (__builtin_convertvector(k, IntegerLanes) + 127) << 23;
  return p * reinterpret_cast<Lanes>(exponent);
}

/// tanh(x): an odd polynomial near 0 (coefficients of Cephes' tanhf), 1 - 2 / (e^2x + 1) elsewhere;
/// error below 2e-7.
inline Lanes hyperbolic_tangent(Lanes x) {
  const Lanes size = x < 0.0F ? -x : x;
  const Lanes far = 1.0F - 2.0F / (exponential(2.0F * size) + 1.0F);
  const Lanes s = x * x;
  Lanes p = broadcast(-5.70498872745e-3F);
  p = p * s + 2.06390887954e-2F;
  p = p * s - 5.37397155531e-2F;
  p = p * s + 1.33314422036e-1F;
  p = p * s - 3.33332819422e-1F;
  const Lanes near = p * s * x + x;
  return size < 0.625F ? near : (x < 0.0F ? -far : far);
}

inline Lanes activated(Lanes x, Activation activation) {
  switch (activation) {
    case Activation::elu:
      return x > 0.0F ? x : exponential(x) - 1.0F;
    case Activation::tanh:
      return hyperbolic_tangent(x);
    case Activation::none:
      break;
  }
  return x;
}

/// Rows x Groups * kLanes entries of C at (row, column), held in registers over the inner sum.
template <int Rows, int Groups>
inline void multiply_block(const Product& p, std::int64_t row, std::int64_t column) {
  Lanes sum[Rows][Groups];
  for (int i = 0; i < Rows; ++i) {
    for (int g = 0; g < Groups; ++g) {
      sum[i][g] = p.accumulate ? load(p.c + (row + i) * p.c_stride + column + g * kLanes) : Lanes{};
    }
  }
  const float* a = p.a + row * p.a_row_stride;
  const float* b = p.b + column;
  for (std::int64_t k = 0; k < p.inner; ++k, a += p.a_column_stride, b += p.b_stride) {
    Lanes values[Groups];
    for (int g = 0; g < Groups; ++g) values[g] = load(b + g * kLanes);
    for (int i = 0; i < Rows; ++i) {
      const Lanes factor = broadcast(a[i * p.a_row_stride]);
      for (int g = 0; g < Groups; ++g) sum[i][g] += factor * values[g];
    }
  }
  for (int i = 0; i < Rows; ++i) {
    for (int g = 0; g < Groups; ++g) {
      Lanes value = sum[i][g];
      if (p.row_bias != nullptr) value += p.row_bias[row + i];
      if (p.column_bias != nullptr) value += load(p.column_bias + column + g * kLanes);
      store(p.c + (row + i) * p.c_stride + column + g * kLanes, activated(value, p.activation));
    }
  }
}

template <int Rows>
inline void multiply_rows(const Product& p, std::int64_t row) {
  std::int64_t column = 0;
  for (; column + 3 * kLanes <= p.columns; column += 3 * kLanes)
    multiply_block<Rows, 3>(p, row, column);
  if (column + 2 * kLanes <= p.columns) {
    multiply_block<Rows, 2>(p, row, column);
  } else if (column < p.columns) {
    multiply_block<Rows, 1>(p, row, column);
  }
}

void multiply_kernel(const Product& p) {
  std::int64_t row = 0;
  for (; row + 4 <= p.rows; row += 4) multiply_rows<4>(p, row);
  switch (p.rows - row) {
    case 3:
      return multiply_rows<3>(p, row);
    case 2:
      return multiply_rows<2>(p, row);
    case 1:
      return multiply_rows<1>(p, row);
    default:
      return;
  }
}

void add_tanh_kernel(const float* x, float scale, float* y, std::int64_t count) {
  for (std::int64_t i = 0; i < count; i += kLanes)
    store(y + i, load(y + i) + hyperbolic_tangent(load(x + i) * scale));
}

void tanh_kernel(const float* x, float scale, float* y, std::int64_t count) {
  for (std::int64_t i = 0; i < count; i += kLanes)
    store(y + i, hyperbolic_tangent(load(x + i) * scale));
}

}  // namespace
}  // namespace equigen::small_matrix
