// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/experiment/experiment.h"

namespace equigen {

/// Throws ConfigError that lists every contradiction between the keys of a training: no limit, a
/// schedule or monitor that waits for a figure that is never computed, and the like.
void check_trainer_config(const TrainerConfig& config, bool has_validation_set, bool has_metrics);

}  // namespace equigen
