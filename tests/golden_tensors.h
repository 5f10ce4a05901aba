// SPDX-License-Identifier: MIT
#pragma once

#include <torch/types.h>

#include <optional>
#include <string>

#include "catch.h"
#include "equigen/tensor/safetensors.h"
#include "paths.h"

namespace equigen::testing {

/// Says that a golden file is not there: a failure where EQUIGEN_GOLDEN_DIR names a folder that has
/// this system, since that folder is to be checked, or no folder at all; else a warning in the
/// test's output.
inline void report_missing_golden(const std::string& system, const std::filesystem::path& path) {
  const char* named = std::getenv("EQUIGEN_GOLDEN_DIR");
  if (named && *named &&
      (!std::filesystem::is_directory(named) || std::filesystem::exists(golden_folder(system))))
    FAIL(path.string() << " is not there");
  WARN("skipped: " << path.string() << " is not there");
}

/// A file of a system's golden folder, or nothing when it is not there (see above).
inline std::optional<TensorFile> golden_tensors(const std::string& system,
                                                const std::string& name) {
  const auto path = golden_folder(system) / name;
  if (!std::filesystem::exists(path)) {
    report_missing_golden(system, path);
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
