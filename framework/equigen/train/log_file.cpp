// SPDX-License-Identifier: MIT
#include "equigen/train/log_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "equigen/base/log.h"

namespace equigen {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& path)
      : value_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }

 private:
  int value_;
};

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

LogFile::~LogFile() {
  if (!pending_.empty()) write_pending();
}

void LogFile::append(std::string_view record) {
  pending_ += record;
  if (write_pending()) {
    if (failing_) log::info(fmt::format("{} is written again", path_.string()));
    failing_ = false;
    return;
  }
  if (!failing_) {
    log::warning(fmt::format(
        "cannot write {}: {}; training goes on, what is missing is written when it can be",
        path_.string(), std::strerror(errno)));
  }
  failing_ = true;
}

bool LogFile::write_pending() {
  const Descriptor file(path_);
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return false;
  if (!write_all(file.get(), pending_)) {
    const int code = errno;
    // The part that fitted would cut a record in two; on what cannot be cut nothing was written.
    [[maybe_unused]] const int cut = ::ftruncate(file.get(), status.st_size);
    errno = code;
    return false;
  }
  pending_.clear();
  return true;
}

}  // namespace equigen
