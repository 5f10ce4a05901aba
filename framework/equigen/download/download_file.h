// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "equigen/base/progress.h"
#include "equigen/download/transfer.h"

namespace equigen::download {

struct DownloadRequest {
  std::vector<std::string> urls;     ///< mirrors, tried in this order
  std::filesystem::path target;      ///< where the file goes
  std::optional<std::int64_t> size;  ///< bytes it must have
  std::string sha256 = {};           ///< it must hash to; empty: not known
  std::string md5 = {};              ///< likewise
  /// A further check of the whole file; returns what is wrong with it, empty: nothing. May be
  /// missing.
  std::function<std::string(const std::filesystem::path&)> check = {};
  bool check_proves = false;  ///< `check` compares with a known checksum
};

struct DownloadOptions {
  int attempts = 5;  ///< of one address in a row that bring nothing new
  double first_wait_s = 1;
  double longest_wait_s = 60;
  TransferLimits limits = {};
  StopRequested stop = {};
  /// Told how many bytes are there, and of how many (-1: not known).
  std::function<void(std::int64_t, std::int64_t)> progress = {};
};

struct DownloadedFile {
  std::string url;
  std::int64_t bytes = 0;
  bool resumed = false;  ///< continued what an earlier run left
};

/// Downloads a file: continues what an earlier run left (only where the server vouches that it is
/// the same file, or a checksum will tell), tries again with growing waits when the connection
/// breaks off, stalls or the server is busy, goes on to the next mirror when an address does not
/// work, and gives `target` its name only when every check has passed. A file that fails a check is
/// removed and got once more from the start; when it fails again, its mirror is given up. Git LFS
/// pointers and HTML pages are not taken for the file.
///
/// Returns nothing when asked to stop; the part stays for the next run. Throws DataError
/// ("download-failed") that names every mirror and what was wrong with it, ResourceError (disk
/// full, folder not writable).
std::optional<DownloadedFile> download_file(const DownloadRequest& request,
                                            const DownloadOptions& options = {});

}  // namespace equigen::download
