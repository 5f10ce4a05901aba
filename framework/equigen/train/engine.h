// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/train/engine_api.h"

/// What stands behind the engine's table of functions (engine_api.h).
namespace equigen {

/// Trains as an experiment says, in a new run folder or on in one that is there. SIGINT and SIGTERM
/// end it after the step, with a checkpoint. Throws any equigen::Error.
TrainingResult run_training(const LoadedExperiment& loaded, const TrainingOptions& options);

/// Draws samples from a stored model into a file; goes on in a file that an earlier call began.
SamplingResult run_sampling(const SamplingOptions& options);

/// Turns a published checkpoint into a model folder.
std::string run_import(const ImportOptions& options);

/// What LibTorch is here, and how fast its matrix product is, as JSON.
std::string engine_info();

}  // namespace equigen
