// SPDX-License-Identifier: MIT
#pragma once

#include <torch/types.h>

#include <optional>
#include <string>

#include "catch.h"
#include "equigen/tensor/safetensors.h"
#include "paths.h"

namespace equigen::testing {

/// A file of a system's golden folder, or nothing (with a warning in the test's output) when it is
/// not there.
inline std::optional<TensorFile> golden_tensors(const std::string& system,
                                                const std::string& name) {
  const auto path = golden_folder(system) / name;
  if (!std::filesystem::exists(path)) {
    WARN("skipped: " << path.string() << " is not there");
    return std::nullopt;
  }
  return read_safetensors(path);
}

/// Fails unless |actual - expected| <= atol + rtol |expected| everywhere. Equal infinities, and
/// values that are undefined on both sides, are no difference.
inline void check_close(const std::string& name, const at::Tensor& actual,
                        const at::Tensor& expected, double atol, double rtol = 0) {
  INFO(name);
  REQUIRE(actual.sizes() == expected.sizes());
  const at::Tensor a = actual.detach().to(torch::kFloat64);
  const at::Tensor b = expected.to(torch::kFloat64);
  const at::Tensor difference =
      torch::where(torch::logical_or(a == b, torch::logical_and(a.isnan(), b.isnan())),
                   torch::zeros_like(b), (a - b).abs());
  INFO("largest difference " << difference.max().item<double>());
  CHECK((difference <= atol + rtol * b.abs().nan_to_num()).all().item<bool>());
}

}  // namespace equigen::testing
