// SPDX-License-Identifier: MIT
#include "equigen/train/engine.h"

#include <torch/types.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <nlohmann/json.hpp>

#include "equigen/train/device.h"
#include "equigen/version.h"

namespace equigen {
namespace {

/// The best of several products of two 512 x 512 matrices, in GFLOP/s.
double matrix_product_gflops() {
  constexpr double kOperations = 2.0 * 512 * 512 * 512;
  const at::Tensor a = torch::ones({512, 512});
  double seconds = std::numeric_limits<double>::infinity();
  for (int repeat = 0; repeat < 5; ++repeat) {
    const auto start = std::chrono::steady_clock::now();
    const at::Tensor product = torch::mm(a, a);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    seconds = std::min(seconds, elapsed.count());
  }
  return kOperations / seconds / 1e9;
}

}  // namespace

std::string engine_info() {
  // The reference BLAS stays below 5 GFLOP/s on any processor; OpenBLAS is above 20 on one core of
  // a decade ago.
  constexpr double kSlowGflops = 8;
  nlohmann::json info = describe_environment();
  const double gflops = matrix_product_gflops();
  info["matmul_gflops"] = gflops;
  info["slow_blas"] = gflops < kSlowGflops;
  return info.dump();
}

}  // namespace equigen

extern "C" __attribute__((visibility("default"))) const equigen::EngineApi* equigen_engine() {
  static const equigen::EngineApi api{EQUIGEN_VERSION, equigen::run_training, equigen::run_sampling,
                                      equigen::run_import, equigen::engine_info};
  return &api;
}
