// SPDX-License-Identifier: MIT
#pragma once

#include <ATen/core/Tensor.h>

/// Operations whose result for a row does not depend on how many rows there are, where LibTorch's
/// own round differently: what a sampler must use for a sample not to depend on its batch.
namespace equigen::row_stable {

/// x [R, I] times weight [O, I] transposed, plus bias [O] where it is defined. OpenBLAS multiplies
/// small matrices by another kernel, so few rows are multiplied along with rows of zeros; not while
/// gradients are recorded, nor on other devices than the CPU.
at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias = {});

/// atan2, calculated in double precision: LibTorch's vectorised one in single precision rounds the
/// last entries of a tensor otherwise than the others.
at::Tensor atan2(const at::Tensor& sine, const at::Tensor& cosine);

}  // namespace equigen::row_stable
