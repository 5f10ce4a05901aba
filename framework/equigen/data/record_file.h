// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace equigen {

/// In place of a record's last line: each begins with a line that says how many lines follow the
/// one behind it, as in .xyz files.
inline constexpr std::string_view kAtomCount = "<count>";

/// In place of a record's last line: each ends with an empty line, and has none within.
inline constexpr std::string_view kEmptyLine = "<empty>";

/// In place of a record's last line: each is a row of a .csv, whose quoted fields may hold line
/// ends.
inline constexpr std::string_view kTableRow = "<row>";

/// A text file of records that grows at its end and survives a kill: what was flushed is whole, and
/// what was cut off is removed when the file is opened again. With a name that ends in .gz every
/// flush adds one gzip member; programs read the members as one stream.
class RecordFile {
 public:
  /// `record_end` is the line that closes a record, or one of those above; empty: each line is a
  /// record. Without `append` an old file is emptied. Makes missing folders. Throws ResourceError.
  RecordFile(const std::filesystem::path& path, std::string_view record_end, bool append);
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  /// Adds one record, with the end of its last line. May write, without flushing.
  void add(std::string_view record);
  /// Writes what is pending and syncs. Throws ResourceError; what was flushed before stays whole.
  void flush();
  /// Records that are in the file or pending.
  std::int64_t count() const { return count_; }

 private:
  void write_pending();
  void keep_whole_records(std::string_view record_end);
  [[noreturn]] void fail(int code) const;

  std::filesystem::path path_;
  bool compressed_;
  int descriptor_ = -1;
  std::string pending_;
  std::int64_t count_ = 0;
  std::int64_t size_ = 0;  ///< bytes of whole records in the file
};

}  // namespace equigen
