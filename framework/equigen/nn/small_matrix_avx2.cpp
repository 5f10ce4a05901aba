// SPDX-License-Identifier: MIT
#include "equigen/nn/small_matrix_kernels.h"

namespace equigen::small_matrix {

const Kernels& avx2_kernels() {
  static constexpr Kernels kernels{multiply_kernel, add_tanh_kernel, tanh_kernel};
  return kernels;
}

}  // namespace equigen::small_matrix
