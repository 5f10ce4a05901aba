// SPDX-License-Identifier: MIT
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace equigen {

/// The device behind "auto" (a GPU where there is one, else the CPU), "cpu", "cuda" or "cuda:N".
/// Throws ConfigError for another word, ResourceError when the GPU is not there.
at::Device choose_device(const std::string& name);

/// Sets how many CPU threads LibTorch and parallel_for use; 0: one a core.
void use_threads(std::int64_t threads);

/// What runs here: versions of equigen and LibTorch, compiler, BLAS library, threads, GPUs,
/// processor, memory.
nlohmann::json describe_environment();

}  // namespace equigen
