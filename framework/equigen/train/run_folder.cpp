// SPDX-License-Identifier: MIT
#include "equigen/train/run_folder.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <ctime>

#include "equigen/base/error.h"
#include "equigen/base/file.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

std::string date_time() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%d_%H-%M-%S}", fmt::localtime(now));
}

/// A run that cannot write its log would lose everything at its first checkpoint.
void require_writable(const fs::path& folder) {
  const fs::path probe = folder / ".writable";
  write_file_atomically(probe, "");
  std::error_code ignored;
  fs::remove(probe, ignored);
}

}  // namespace

/// A lock on a file, which the system takes back when the process ends, however it ends.
class RunFolder::Lock {
 public:
  explicit Lock(const fs::path& file)
      : file_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {}
  ~Lock() {
    if (file_ >= 0) ::close(file_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  /// False when another holds it. File systems without locks refuse nothing.
  bool take() const {
    return file_ < 0 || ::flock(file_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
  }

 private:
  int file_;
};

void RunFolder::lock() {
  auto lock = std::make_shared<const Lock>(path_ / ".lock");
  if (!lock->take()) {
    throw ResourceError("run-busy",
                        fmt::format("another process trains in {} already", path_.string()),
                        "wait until it ends, or stop it first: Ctrl-C saves its state");
  }
  lock_ = std::move(lock);
}

RunFolder RunFolder::create(const fs::path& output, const std::string& name) {
  make_folder(output / name);
  const std::string base = date_time();
  for (int number = 1;; ++number) {
    const fs::path path = output / name / (number == 1 ? base : fmt::format("{}_{}", base, number));
    std::error_code failure;
    if (fs::create_directory(path, failure)) {
      RunFolder folder(path);
      folder.make_folders();
      folder.lock();
      return folder;
    }
    if (failure) {
      throw ResourceError(
          "file-write",
          fmt::format("cannot make the run folder {}: {}", path.string(), failure.message()),
          "check the permissions, or choose another folder with output=FOLDER");
    }
  }
}

RunFolder RunFolder::open(const fs::path& path) {
  if (!fs::is_directory(path)) {
    throw DataError("run-missing", fmt::format("there is no run folder {}", path.string()));
  }
  RunFolder folder(path);
  if (!fs::is_directory(folder.checkpoints())) {
    throw DataError(
        "run-missing",
        fmt::format("{} is not a run folder: it has no folder checkpoints/", path.string()));
  }
  folder.make_folders();
  folder.lock();
  return folder;
}

void RunFolder::make_folders() const {
  for (const fs::path& folder : {checkpoints(), samples(), report()}) make_folder(folder);
  require_writable(path_);
  require_writable(checkpoints());
}

void RunFolder::describe(const config::Value& configuration,
                         std::string_view environment_json) const {
  write_file_atomically(config(), configuration.to_yaml());
  write_file_atomically(environment(), environment_json);
}

}  // namespace equigen
