// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "equigen/config/value.h"
#include "equigen/data/dataset.h"
#include "equigen/model/importer.h"

namespace equigen {

/// Writes a model folder that `sample` runs: config.yaml and checkpoints/. `data_options` is the
/// configuration of the data set (with `type`); `data` its summary: samples get their sizes from
/// it. Returns the checkpoint's description. Throws DataError when the data does not belong to the
/// model (another structure, larger samples), ResourceError.
std::filesystem::path write_model_folder(const std::filesystem::path& folder,
                                         const std::string& name, const ImportedModel& model,
                                         const config::Value& data_options,
                                         const DataSummary& data);

}  // namespace equigen
