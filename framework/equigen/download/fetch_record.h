// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace equigen::download {

/// What was seen of a file when it was fetched.
struct FetchedEntry {
  std::string url;
  std::string text_sha256;  ///< of the stored text, uncompressed
  std::string date;         ///< UTC
};

/// The file `fetched.json` beside fetched data: checksums that no publisher states are recorded
/// here when they are seen first, and checked from then on.
class FetchRecord {
 public:
  /// Reads the record of a folder; an empty one when there is none. Throws DataError when it is
  /// damaged.
  explicit FetchRecord(const std::filesystem::path& folder);

  const std::filesystem::path& path() const { return path_; }
  /// The entry of a file name, or nullptr.
  const FetchedEntry* find(const std::string& file) const;
  /// Sets an entry and writes the record. Throws ResourceError.
  void set(const std::string& file, const FetchedEntry& entry);

 private:
  std::filesystem::path path_;
  std::map<std::string, FetchedEntry> entries_;
};

}  // namespace equigen::download
