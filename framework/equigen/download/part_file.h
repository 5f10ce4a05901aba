// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace equigen::download {

/// The bytes of a download so far, in `<target>.part`, with a note of where they come from in
/// `<target>.part.json`, so that a later run continues. Only one process at a time holds a part.
class PartFile {
 public:
  /// Opens what an earlier run left, or starts an empty one. Makes missing folders. Throws
  /// ResourceError: the folder cannot be written, or another process holds the part.
  explicit PartFile(const std::filesystem::path& target);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::int64_t size() const { return size_; }
  const std::string& url() const { return url_; }
  const std::string& validator() const { return validator_; }

  /// Empties the part.
  void clear();
  /// Notes where the bytes come from.
  void set_origin(const std::string& url, const std::string& validator);
  /// Throws ResourceError (disk full); what was written before stays.
  void append(std::string_view bytes);
  void sync();
  /// Gives the part its final name; the note goes.
  void become(const std::filesystem::path& target);
  /// Removes part and note.
  void remove();

 private:
  void read_note();
  void remove_note();
  [[noreturn]] void fail(int code) const;

  std::filesystem::path path_;
  std::filesystem::path note_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;
  std::string url_;
  std::string validator_;
};

}  // namespace equigen::download
