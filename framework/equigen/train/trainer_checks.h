// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "equigen/experiment/experiment.h"
#include "equigen/train/metrics_log.h"

namespace equigen {

/// Throws ConfigError that lists every contradiction between the keys of a training: no limit, a
/// schedule or monitor that waits for a figure that is never computed, and the like.
void check_trainer_config(const TrainerConfig& config, bool has_validation_set, bool has_metrics);

/// The figures that early stopping and the best checkpoint wait for.
std::vector<std::string> watched_figures(const TrainerConfig& config);

/// Throws ConfigError, with a suggestion, when `watched` begins with `group` ("metric/") and is
/// none of the figures.
void require_watched_figure(const std::string& watched, const std::string& group,
                            const NamedValues& figures);

}  // namespace equigen
