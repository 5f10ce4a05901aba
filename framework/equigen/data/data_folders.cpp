// SPDX-License-Identifier: MIT
#include "equigen/data/data_folders.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/text.h"
#include "equigen/data/public_datasets.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

void add_folder(std::vector<fs::path>& folders, const fs::path& folder) {
  std::error_code ignored;
  const auto clean = fs::weakly_canonical(folder, ignored);
  if (!fs::is_directory(clean, ignored)) return;
  if (std::ranges::find(folders, clean) == folders.end()) folders.push_back(clean);
}

/// Folders named by the user, in their order.
std::vector<fs::path> folders_of_environment() {
  std::vector<fs::path> folders;
  const char* const variable = std::getenv("EQUIGEN_DATA");
  if (!variable) return folders;
  for (const auto& folder : text::split(variable, ':'))
    if (!folder.empty()) folders.emplace_back(folder);
  return folders;
}

/// The command that fetches a file of a public data set, or where to look for what can be fetched.
std::string how_to_get(const std::string& file) {
  const std::string folder =
      "set EQUIGEN_DATA, or data.root in the YAML, to the folder that holds it";
  for (const PublicDataset& dataset : public_datasets())
    if (std::ranges::find(dataset.files, file, &PublicFile::path) != dataset.files.end())
      return fmt::format("fetch it with: equigen data fetch {}; or {}", dataset.name, folder);
  return folder + "; `equigen data list` shows which data sets can be fetched";
}

/// Data beside a checkout: shared/data next to the folder or next to one above it.
void add_shared_folders(std::vector<fs::path>& folders, fs::path start) {
  for (; start.has_relative_path(); start = start.parent_path()) {
    add_folder(folders, start / "../shared/data");
  }
}

}  // namespace

fs::path user_data_folder() {
  if (const char* folder = std::getenv("XDG_DATA_HOME"); folder && *folder)
    return fs::path(folder) / "equigen" / "data";
  if (const char* home = std::getenv("HOME"); home && *home)
    return fs::path(home) / ".local/share/equigen/data";
  return fs::current_path();
}

std::vector<fs::path> missing_data_folders() {
  std::vector<fs::path> missing;
  std::error_code ignored;
  for (const auto& folder : folders_of_environment())
    if (!fs::is_directory(folder, ignored)) missing.push_back(folder);
  return missing;
}

DataContext data_context(const fs::path& experiment_file, std::uint64_t seed) {
  DataContext context;
  for (const auto& folder : folders_of_environment()) add_folder(context.roots, folder);
  const fs::path here = fs::current_path();
  const fs::path beside =
      experiment_file.empty() ? here : fs::absolute(experiment_file).parent_path();
  add_folder(context.roots, here);
  add_folder(context.roots, beside);
  add_shared_folders(context.roots, here);
  add_shared_folders(context.roots, beside);
  add_folder(context.roots, user_data_folder());
  context.cache = cache_folder() / "data";
  context.seed = seed;
  return context;
}

fs::path find_data_file(const std::string& name, const std::string& root,
                        const DataContext& context) {
  std::vector<fs::path> folders;
  if (!root.empty()) folders.emplace_back(root);
  folders.insert(folders.end(), context.roots.begin(), context.roots.end());
  const fs::path wanted(name);
  std::error_code ignored;
  if (wanted.is_absolute()) {
    if (fs::exists(wanted, ignored)) return wanted;
    throw DataError("data-file-missing", fmt::format("there is no data file {}", name));
  }
  std::string tried;
  for (const auto& folder : folders) {
    if (fs::exists(folder / wanted, ignored)) return folder / wanted;
    tried += (tried.empty() ? "" : ", ") + folder.string();
  }
  for (const auto& folder : missing_data_folders())
    tried += fmt::format("{}{} (of EQUIGEN_DATA; there is no such folder)",
                         tried.empty() ? "" : ", ", folder.string());
  throw DataError("data-file-missing",
                  fmt::format("there is no data file {}; looked in: {}", name, tried),
                  how_to_get(name));
}

}  // namespace equigen
