// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "equigen/model/model.h"
#include "equigen/train/batch_loader.h"
#include "equigen/train/metrics_log.h"

namespace equigen {

/// The mean loss of a fixed set. Its noise depends only on the seed and the batch, so that the
/// values of a run, and of runs with the same data and seed, can be compared.
class Validation {
 public:
  /// Throws DataError when no sample fits the model.
  Validation(Model& model, std::span<const Sample> samples, LoaderOptions options,
             at::Device device, bool bfloat16);

  /// "loss" and the terms, means over the samples. Without gradients, in evaluation mode; leaves
  /// the model in training mode.
  NamedValues run();

 private:
  void keep(const LoadedBatch& loaded);

  Model& model_;
  BatchLoader loader_;
  std::uint64_t seed_;
  at::Device device_;
  bool bfloat16_;
  std::vector<LoadedBatch> kept_;  ///< on the device, while all of them are small
  std::int64_t kept_bytes_ = 0;
};

}  // namespace equigen
