// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "equigen/config/value.h"
#include "equigen/data/dataset.h"

namespace equigen {

/// The configuration of a run that finds its files from everywhere: names of data files that were
/// found in the working folder or beside the experiment file, and files that metrics need, become
/// absolute paths. What is found in the data folders stays a name, so that a run can be moved to
/// another machine.
config::Value with_absolute_paths(config::Value tree, const std::filesystem::path& experiment_file,
                                  const DataContext& context);

}  // namespace equigen
