// SPDX-License-Identifier: MIT
#include "equigen/download/part_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "equigen/base/error.h"
#include "equigen/base/file.h"

namespace equigen::download {

namespace fs = std::filesystem;

PartFile::PartFile(const fs::path& target)
    : path_(target.string() + ".part"), note_(target.string() + ".part.json") {
  if (target.has_parent_path()) make_folder(target.parent_path());
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) fail(errno);
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int code = errno;
    ::close(descriptor_);
    if (code == EWOULDBLOCK)
      throw ResourceError("download-busy",
                          fmt::format("another process is downloading {}", target.string()),
                          "wait until it has finished");
    fail(code);
  }
  size_ = ::lseek(descriptor_, 0, SEEK_END);
  read_note();
}

PartFile::~PartFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void PartFile::read_note() {
  std::error_code ignored;
  if (size_ == 0 || !fs::exists(note_, ignored)) return;
  const auto note = nlohmann::json::parse(read_file(note_), nullptr, /*allow_exceptions=*/false);
  const auto text_of = [&](const char* key) {
    const bool there = note.is_object() && note.contains(key) && note[key].is_string();
    return there ? note[key].get<std::string>() : std::string{};
  };
  url_ = text_of("url");
  validator_ = text_of("validator");
}

void PartFile::fail(int code) const {
  throw ResourceError(
      code == ENOSPC ? "disk-full" : "download-write",
      fmt::format("cannot write {}: {}", path_.string(), std::strerror(code)),
      code == ENOSPC || code == EDQUOT || code == EFBIG
          ? "free some space, or choose another folder with --to; the same command then continues"
          : "check the folder's permissions, or choose another one with --to");
}

void PartFile::clear() {
  if (::ftruncate(descriptor_, 0) != 0) fail(errno);
  size_ = 0;
  ::lseek(descriptor_, 0, SEEK_SET);
  url_.clear();
  validator_.clear();
  remove_note();
}

void PartFile::set_origin(const std::string& url, const std::string& validator) {
  if (url == url_ && validator == validator_) return;
  url_ = url;
  validator_ = validator;
  write_file_atomically(note_,
                        nlohmann::json{{"url", url}, {"validator", validator}}.dump() + "\n");
}

void PartFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    size_ += written;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void PartFile::sync() {
  if (::fsync(descriptor_) != 0) fail(errno);
}

void PartFile::become(const fs::path& target) {
  sync();
  if (::rename(path_.c_str(), target.c_str()) != 0) fail(errno);
  remove_note();
}

void PartFile::remove() {
  std::error_code ignored;
  fs::remove(path_, ignored);
  remove_note();
}

void PartFile::remove_note() {
  std::error_code ignored;
  fs::remove(note_, ignored);
}

}  // namespace equigen::download
