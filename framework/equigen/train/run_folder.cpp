// SPDX-License-Identifier: MIT
#include "equigen/train/run_folder.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <ctime>

#include "equigen/base/error.h"
#include "equigen/base/file.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

std::string date_time() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%d_%H-%M-%S}", fmt::localtime(now));
}

/// A run that cannot write its log would lose everything at its first checkpoint.
void require_writable(const fs::path& folder) {
  const fs::path probe = folder / ".writable";
  write_file_atomically(probe, "");
  std::error_code ignored;
  fs::remove(probe, ignored);
}

}  // namespace

RunFolder RunFolder::create(const fs::path& output, const std::string& name) {
  make_folder(output / name);
  const std::string base = date_time();
  for (int number = 1;; ++number) {
    const fs::path path = output / name / (number == 1 ? base : fmt::format("{}_{}", base, number));
    std::error_code failure;
    if (fs::create_directory(path, failure)) {
      const RunFolder folder(path);
      folder.make_folders();
      return folder;
    }
    if (failure) {
      throw ResourceError(
          "file-write",
          fmt::format("cannot make the run folder {}: {}", path.string(), failure.message()),
          "check the permissions, or choose another folder with output=FOLDER");
    }
  }
}

RunFolder RunFolder::open(const fs::path& path) {
  if (!fs::is_directory(path)) {
    throw DataError("run-missing", fmt::format("there is no run folder {}", path.string()));
  }
  const RunFolder folder(path);
  if (!fs::is_directory(folder.checkpoints())) {
    throw DataError(
        "run-missing",
        fmt::format("{} is not a run folder: it has no folder checkpoints/", path.string()));
  }
  folder.make_folders();
  return folder;
}

void RunFolder::make_folders() const {
  for (const fs::path& folder : {checkpoints(), samples(), report()}) make_folder(folder);
  require_writable(path_);
  require_writable(checkpoints());
}

void RunFolder::describe(const config::Value& configuration,
                         std::string_view environment_json) const {
  write_file_atomically(config(), configuration.to_yaml());
  write_file_atomically(environment(), environment_json);
}

}  // namespace equigen
