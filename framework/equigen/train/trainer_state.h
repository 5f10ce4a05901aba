// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "equigen/train/batch_loader.h"
#include "equigen/train/metrics_log.h"

namespace equigen {

/// Where a training stands, besides tensors: all that a resumed run needs to go on as if it had
/// never stopped. Random numbers need no state: they derive from the seed and the step.
struct TrainerState {
  std::int64_t step = 0;    ///< optimiser steps done
  LoaderPosition position;  ///< next batch
  double seconds = 0;       ///< time spent training
  NamedValues sums;         ///< losses since the last line of the log
  std::int64_t summed_steps = 0;
  double last_loss = 0;         ///< of the last step
  NamedValues last_validation;  ///< "loss" and terms; empty before the first

  void add_losses(const NamedValues& losses);
  /// Mean losses since the last call, which it forgets.
  NamedValues take_means();

  nlohmann::json to_json() const;
  static TrainerState from_json(const nlohmann::json& json);
};

}  // namespace equigen
