// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/library_folder.h"
#include "equigen/base/text.h"
#include "equigen/cli/data_commands.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/dataset_overview.h"
#include "equigen/download/download_api.h"
#include "equigen/version.h"

namespace equigen::cli {
namespace {

namespace fs = std::filesystem;

/// Opens libequigen_download beside libequigen.so, and with it libcurl.
const DownloadApi& open_download_library() {
  const fs::path path = library_folder() / "libequigen_download.so." EQUIGEN_SOVERSION;
  if (!fs::exists(path))
    throw PluginError("download-missing",
                      fmt::format("this equigen cannot download: {} is not there", path.string()),
                      "it was built without libcurl; build with -DEQUIGEN_BUILD_DOWNLOAD=ON");
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    throw PluginError("download-load", fmt::format("cannot load {}: {}", path.string(), dlerror()),
                      "check that libcurl is installed");
  const auto entry = reinterpret_cast<DownloadEntry>(dlsym(library, kDownloadEntryName));
  if (entry == nullptr || std::string_view(entry()->equigen_version) != EQUIGEN_VERSION)
    throw PluginError("download-entry", fmt::format("{} is not of this equigen", path.string()));
  return *entry();
}

std::vector<PublicDataset> read_catalogue(const fs::path& path) {
  if (path.empty()) return public_datasets();
  return parse_public_datasets(read_file(path), path.string());
}

const PublicDataset& find_in(const std::vector<PublicDataset>& catalogue, const std::string& name) {
  if (const PublicDataset* dataset = find_public_dataset(catalogue, name)) return *dataset;
  std::vector<std::string> names;
  for (const PublicDataset& dataset : catalogue) {
    names.push_back(dataset.name);
    names.insert(names.end(), dataset.aliases.begin(), dataset.aliases.end());
  }
  throw ConfigError("fetch-unknown",
                    fmt::format("'{}' is not in the catalogue of public data sets{}", name,
                                text::did_you_mean(name, names)),
                    "known: " + text::join(names, ", "));
}

fs::path target_folder(const fs::path& wanted) {
  if (!wanted.empty()) return wanted;
  if (const char* variable = std::getenv("EQUIGEN_DATA"); variable != nullptr && *variable != '\0')
    return text::split(variable, ':').front();
  return user_data_folder();
}

std::string outcome_of(const FetchedFile& file) {
  switch (file.state) {
    case FetchedFile::State::present:
      return "was there, checksum right";
    case FetchedFile::State::unproven:
      return "was there; no checksum is published, the one seen is recorded";
    case FetchedFile::State::downloaded:
      break;
  }
  return fmt::format(
      "{}, {}", file.resumed ? "continued to its end" : "downloaded",
      file.checked ? "checksum right" : "no checksum is published, the one seen is recorded");
}

bool is_found(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& root : data_context({}, 0).roots)
    if (fs::equivalent(root, folder, ignored)) return true;
  return false;
}

}  // namespace

int data_fetch(const FetchArguments& arguments) {
  const auto catalogue = read_catalogue(arguments.catalogue);
  const PublicDataset& dataset = find_in(catalogue, arguments.name);
  const fs::path folder = target_folder(arguments.folder);
  fmt::print("{}: {}\nlicence: {}\ncite: {}\n", dataset.name, dataset.description, dataset.licence,
             dataset.citation);
  std::fflush(stdout);
  const StopOnSignal signals;
  const FetchResult result = open_download_library().fetch(
      dataset, folder, {.force = arguments.force, .stop = StopOnSignal::requested});
  for (const FetchedFile& file : result.files)
    fmt::print("{}: {}\n", file.path.string(), outcome_of(file));
  if (result.stopped) {
    fmt::print(stderr, "stopped; what is there is kept, and the same command continues\n");
    return 130;
  }
  fmt::print("its name is {0}: --against {0}, or data/{0} in an experiment\n", dataset.name);
  if (!is_found(folder))
    fmt::print("to use it: export EQUIGEN_DATA={}\n", fs::absolute(folder).string());
  return 0;
}

}  // namespace equigen::cli
