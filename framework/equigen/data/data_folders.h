// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "equigen/data/dataset.h"

namespace equigen {

/// Where data sets go that belong to no project: $XDG_DATA_HOME/equigen/data, else
/// $HOME/.local/share/equigen/data, else the working folder.
std::filesystem::path user_data_folder();

/// Where data sets are looked for, in this order: the folders of EQUIGEN_DATA (several with ':'),
/// the working folder, the folder of `experiment_file`, ../shared/data of these folders and of all
/// above them, and user_data_folder(). The cache is <cache folder>/data.
DataContext data_context(const std::filesystem::path& experiment_file, std::uint64_t seed);

/// Folders that EQUIGEN_DATA names and that are not there.
std::vector<std::filesystem::path> missing_data_folders();

/// Finds a data file. An absolute name stands for itself; another is looked for in `root` (the key
/// `root` of a data set) where it is given, then in the context's folders.
/// Throws DataError that lists the folders that were tried.
std::filesystem::path find_data_file(const std::string& name, const std::string& root,
                                     const DataContext& context);

}  // namespace equigen
