// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/data/dataset.h"
#include "equigen/experiment/experiment.h"

namespace equigen {

/// What a training would only find out at its end is tried on a few samples of the data before its
/// first step: whether samples can be written to `sampling.file`, whether the files that metrics
/// need are there, and whether the figures that are watched are among those of the metrics.
/// Throws ConfigError.
void rehearse(const Experiment& experiment, const DataSplits& data);

}  // namespace equigen
