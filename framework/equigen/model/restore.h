// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "equigen/config/schema.h"
#include "equigen/model/checkpoint.h"
#include "equigen/model/model.h"

namespace equigen {

struct RestoreOptions {
  CheckpointChoice choice = CheckpointChoice::latest;
  bool use_ema = true;  ///< where the checkpoint has averages
  at::Device device = at::kCPU;
};

struct RestoredModel {
  std::shared_ptr<Model> model;
  Checkpoint checkpoint;
  config::Value config;  ///< the checkpoint's configuration with the overrides
  bool ema_used = false;
};

/// Creates the model that a configuration names, loading the plugin that provides it.
/// Throws ConfigError, PluginError.
std::shared_ptr<Model> create_model(const config::ComponentChoice& choice, const DataSummary& data);

/// Creates the model that a checkpoint (see open_checkpoint) names, with its stored configuration
/// changed by `overrides` ("model.sampler.steps=100"), and loads its weights. Only keys that say
/// how a trained model samples may be changed (FieldRefinement::at_sampling). Throws DataError,
/// ConfigError, PluginError.
RestoredModel restore_model(const std::filesystem::path& path,
                            std::span<const std::string> overrides, const RestoreOptions& options);

}  // namespace equigen
