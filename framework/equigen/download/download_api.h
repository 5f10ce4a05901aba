// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "equigen/base/progress.h"
#include "equigen/data/public_datasets.h"

/// What the program calls in libequigen_download: it opens that library, and with it libcurl, only
/// when something is fetched.
namespace equigen {

/// What became of one file.
struct FetchedFile {
  enum class State {
    downloaded,
    present,   ///< it was there already
    unproven,  ///< it was there already, and no checksum of it is known; now one is recorded
  };
  std::filesystem::path path = {};
  State state = State::downloaded;
  bool resumed = false;
  /// Whether a checksum was known before; else the one seen was recorded.
  bool checked = false;
  std::string url = {};
};

struct FetchResult {
  std::vector<FetchedFile> files;
  bool stopped = false;  ///< by the user; parts stay for the next time
};

struct FetchSettings {
  bool force = false;  ///< fetch anew what is there already
  StopRequested stop = {};
};

struct DownloadApi {
  const char* equigen_version;
  /// Fetches all files of a data set into `folder`. Throws DataError, ResourceError.
  FetchResult (*fetch)(const PublicDataset&, const std::filesystem::path& folder,
                       const FetchSettings&);
};

/// The exported function.
using DownloadEntry = const DownloadApi* (*)();
inline constexpr const char* kDownloadEntryName = "equigen_download";

}  // namespace equigen
