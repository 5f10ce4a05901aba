// SPDX-License-Identifier: MIT
#include "equigen/nn/small_matrix.h"

#include "equigen/nn/small_matrix_kernels.h"

namespace equigen::small_matrix {
namespace {

const Kernels& kernels() {
  static constexpr Kernels generic{multiply_kernel, add_tanh_kernel, tanh_kernel};
#ifdef EQUIGEN_AVX2_KERNELS
  static const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return avx2 ? avx2_kernels() : generic;
#else
  return generic;
#endif
}

}  // namespace

void multiply(const Product& product) {
  kernels().multiply(product);
}

void add_tanh(const float* x, float scale, float* y, std::int64_t count) {
  kernels().add_tanh(x, scale, y, count);
}

void tanh(const float* x, float scale, float* y, std::int64_t count) {
  kernels().tanh(x, scale, y, count);
}

void transpose(const float* from, std::int64_t from_stride, std::int64_t rows, std::int64_t columns,
               float* to, std::int64_t to_stride) {
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) to[j * to_stride + i] = from[i * from_stride + j];
  }
}

}  // namespace equigen::small_matrix
