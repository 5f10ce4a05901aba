// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "equigen/model/model.h"
#include "equigen/train/batch_loader.h"
#include "equigen/train/metrics_log.h"
#include "equigen/train/optimizer.h"

namespace equigen {

struct StepOptions {
  at::Device device = at::kCPU;
  bool bfloat16 = false;  ///< autocast of the loss
  double clip_norm = 0;   ///< 0: none
  double clip_value = 0;  ///< 0: none; applied after clip_norm
};

struct StepResult {
  NamedValues losses;          ///< "loss" (the total), then the terms; means over the batches
  NamedValues gradient_norms;  ///< by parameter group, before clipping
  std::string non_finite;      ///< what was not finite ("loss term 'x' is nan"); then nothing was
                               ///< stepped
};

/// Loss of a batch with the options' autocast.
Loss loss_of(Model& model, const Batch& batch, NoiseStream& noise, bool bfloat16);

/// One optimiser step: mean gradient over the batches, clipping, update. Copies to the host once.
StepResult training_step(Model& model, Optimizer& optimizer, std::span<const LoadedBatch> batches,
                         NoiseStream& noise, double learning_rate, const StepOptions& options);

}  // namespace equigen
