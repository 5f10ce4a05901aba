// SPDX-License-Identifier: MIT
#include "equigen/data/record_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/gzip_members.h"
#include "equigen/base/text.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestPending = std::size_t{1} << 20;

/// Finds the ends of records in a text that comes in pieces.
class RecordScanner {
 public:
  explicit RecordScanner(std::string_view record_end) : record_end_(record_end) {}

  void add(std::string_view piece) {
    for (const char c : piece) {
      ++position_;
      // A doubled quote ends and begins again.
      if (c == '"') in_quotes_ = !in_quotes_;
      if (c != '\n') {
        if (line_.size() <= std::max(record_end_.size(), kLongestCount)) line_ += c;
        continue;
      }
      if (closes_record()) {
        ++count_;
        end_ = position_;
      }
      line_.clear();
    }
  }

  std::int64_t count() const { return count_; }
  /// Bytes up to the end of the last whole record.
  std::int64_t end() const { return end_; }

 private:
  static constexpr std::size_t kLongestCount = 20;

  bool closes_record() {
    if (record_end_ == kTableRow) return !in_quotes_;
    if (record_end_ == kEmptyLine) return line_.empty();
    if (record_end_ != kAtomCount) return record_end_.empty() || line_ == record_end_;
    if (lines_left_ == 0) lines_left_ = text::to_integer(line_).value_or(0) + 2;
    return --lines_left_ == 0;
  }

  std::string_view record_end_;
  std::int64_t lines_left_ = 0;  ///< of a record that states its length
  std::string line_;
  bool in_quotes_ = false;
  std::int64_t position_ = 0;
  std::int64_t end_ = 0;
  std::int64_t count_ = 0;
};

struct WholeRecords {
  std::int64_t count = 0;
  std::int64_t size = 0;  ///< bytes of the file that hold them
};

WholeRecords scan_plain(std::istream& file, std::string_view record_end) {
  RecordScanner scanner(record_end);
  std::array<char, 1 << 16> buffer;
  while (file) {
    file.read(buffer.data(), buffer.size());
    scanner.add({buffer.data(), static_cast<std::size_t>(file.gcount())});
  }
  return {scanner.count(), scanner.end()};
}

/// Counts the records of all complete gzip members; a member that was cut off does not count.
WholeRecords scan_gzip(const std::string& bytes, std::string_view record_end) {
  RecordScanner scanner(record_end);
  WholeRecords whole;
  for_each_gzip_member(bytes, [&](std::string_view text, std::size_t end) {
    scanner.add(text);
    whole = {scanner.count(), static_cast<std::int64_t>(end)};
  });
  return whole;
}

}  // namespace

RecordFile::RecordFile(const fs::path& path, std::string_view record_end, bool append)
    : path_(path), compressed_(without_gz(path) != path) {
  if (path.has_parent_path()) make_folder(path.parent_path());
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (append ? 0 : O_TRUNC);
  descriptor_ = ::open(path.c_str(), flags, 0644);
  if (descriptor_ < 0) fail(errno);
  if (append) keep_whole_records(record_end);
}

RecordFile::~RecordFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void RecordFile::keep_whole_records(std::string_view record_end) {
  std::ifstream file(path_, std::ios::binary);
  const auto whole = compressed_ ? scan_gzip({std::istreambuf_iterator<char>(file), {}}, record_end)
                                 : scan_plain(file, record_end);
  count_ = whole.count;
  size_ = whole.size;
  if (::ftruncate(descriptor_, size_) != 0 || ::lseek(descriptor_, 0, SEEK_END) < 0) {
    const int code = errno;
    ::close(descriptor_);
    descriptor_ = -1;
    fail(code);
  }
}

void RecordFile::add(std::string_view record) {
  pending_ += record;
  ++count_;
  if (pending_.size() > kLargestPending) write_pending();
}

void RecordFile::write_pending() {
  if (pending_.empty()) return;
  const std::string bytes = compressed_ ? gzip_compress(pending_) : pending_;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int code = errno;
      // The part that fitted would cut a record in two.
      if (::ftruncate(descriptor_, size_) == 0) ::lseek(descriptor_, 0, SEEK_END);
      fail(code);
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  size_ += static_cast<std::int64_t>(bytes.size());
  pending_.clear();
}

void RecordFile::flush() {
  write_pending();
  // Pipes and devices cannot be synced.
  if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) fail(errno);
}

void RecordFile::fail(int code) const {
  throw ResourceError(
      "file-write", fmt::format("cannot write {}: {}", path_.string(), std::strerror(code)),
      code == ENOSPC ? "the disk is full; free some space and run again: what was written is kept"
                     : "check the folder's permissions, or choose another one");
}

}  // namespace equigen
