// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace equigen {

/// A log that grows at its end. A log that cannot be written (a full disk) is no reason to lose a
/// training: that is said once, and what is missing is kept and written when it is possible again,
/// so that the file never holds a part of a record.
class LogFile {
 public:
  explicit LogFile(std::filesystem::path path) : path_(std::move(path)) {}
  /// Tries to write what is left.
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  /// Never throws for a file that cannot be written.
  void append(std::string_view record);
  const std::filesystem::path& path() const { return path_; }

 private:
  bool write_pending();

  std::filesystem::path path_;
  std::string pending_;
  bool failing_ = false;
};

}  // namespace equigen
