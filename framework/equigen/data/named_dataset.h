// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/data/dataset.h"

namespace equigen {

/// Takes `type` and the other keys of a map apart. Throws ConfigError when there is no `type`.
config::ComponentChoice dataset_choice(const config::Value& tree);

/// Creates a data set, loading the plugin that provides it where that is needed, and loads it.
/// Throws ConfigError, PluginError, DataError.
DataSplits load_dataset(const config::ComponentChoice& choice, const DataContext& context);

/// The configuration behind a name: configs/data/<name>.yaml (of the tree that `beside` stands in,
/// of EQUIGEN_CONFIG_PATH, of the installation), or a file <name> that ends in .yaml: a data set,
/// or an experiment with the key `data`. Throws DataError that lists the known names, ConfigError.
config::Value named_dataset(const std::string& name, const std::filesystem::path& beside);

/// The file behind a name, as named_dataset() finds it. Throws DataError that lists the known
/// names.
std::filesystem::path named_dataset_file(const std::string& name,
                                         const std::filesystem::path& beside);

/// Names of all files in the folders configs/data, sorted.
std::vector<std::string> dataset_names(const std::filesystem::path& beside);

/// What a command line calls its data (`--against qm9`, `--against molecules.smi`): a file of
/// samples, which becomes the test part with nothing beside it, or a name as above.
DataSplits load_named_or_file(const std::string& reference, const std::filesystem::path& beside,
                              std::uint64_t seed);

}  // namespace equigen
