// SPDX-License-Identifier: MIT
#include "equigen/nn/row_stable.h"

#include <torch/types.h>

namespace equigen::row_stable {
namespace {

/// OpenBLAS's kernels for small matrices are not used for results of more entries.
constexpr std::int64_t kLargestSmallResult = 1200;

}  // namespace

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  const std::int64_t rows = x.size(0);
  const std::int64_t enough = kLargestSmallResult / weight.size(0) + 1;
  const bool is_training = at::GradMode::is_enabled() && weight.requires_grad();
  if (rows >= enough || is_training || !x.device().is_cpu()) return torch::linear(x, weight, bias);
  const at::Tensor more = torch::zeros({enough, x.size(1)}, x.options());
  more.narrow(0, 0, rows).copy_(x);
  return torch::linear(more, weight, bias).narrow(0, 0, rows);
}

at::Tensor atan2(const at::Tensor& sine, const at::Tensor& cosine) {
  return torch::atan2(sine.to(torch::kFloat64), cosine.to(torch::kFloat64)).to(sine.scalar_type());
}

}  // namespace equigen::row_stable
