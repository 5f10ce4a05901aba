// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <random>
#include <string>

namespace equigen::testing {

/// The folder tests/ of the source tree (ctest runs in the source folder).
inline std::filesystem::path tests_folder() {
  return std::filesystem::path(EQUIGEN_SOURCE_FOLDER) / "tests";
}

/// The golden files of one system: EQUIGEN_GOLDEN_DIR/<system> where that is set, else
/// ../shared/reference/<system> beside the checkout, else the copy in tests/data/golden.
inline std::filesystem::path golden_folder(const std::string& system) {
  namespace fs = std::filesystem;
  if (const char* folder = std::getenv("EQUIGEN_GOLDEN_DIR"); folder && *folder)
    return fs::path(folder) / system;
  const fs::path beside = fs::path(EQUIGEN_SOURCE_FOLDER) / "../shared/reference" / system;
  if (fs::exists(beside)) return beside;
  return tests_folder() / "data/golden" / system;
}

/// The data folder beside the checkout (data sets that may not be given away), or nothing: the test
/// then says aloud that it is skipped.
inline std::optional<std::filesystem::path> data_beside_checkout(const std::string& name) {
  namespace fs = std::filesystem;
  if (const char* folder = std::getenv("EQUIGEN_DATA");
      folder && fs::exists(fs::path(folder) / name)) {
    return fs::path(folder) / name;
  }
  const fs::path beside = fs::path(EQUIGEN_SOURCE_FOLDER) / "../shared/data" / name;
  return fs::exists(beside) ? std::optional(beside) : std::nullopt;
}

/// An empty folder that goes away with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    path_ =
        std::filesystem::temp_directory_path() /
        fmt::format("equigen-test-{:08x}{:08x}", std::random_device{}(), std::random_device{}());
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace equigen::testing
