// SPDX-License-Identifier: MIT
#include "equigen/download/download_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <thread>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/base/text.h"
#include "equigen/download/part_file.h"

namespace equigen::download {
namespace {

namespace fs = std::filesystem;

/// What is in place of the data, where that can be told by its first bytes; empty: nothing odd.
std::string disguise_of(const fs::path& path) {
  std::array<char, 512> bytes{};
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), bytes.size());
  std::string_view start(bytes.data(), static_cast<std::size_t>(file.gcount()));
  if (start.starts_with("version https://git-lfs")) return "a Git LFS pointer, not the file itself";
  if (start.starts_with("\xef\xbb\xbf")) start.remove_prefix(3);
  const std::string lower = text::lower(text::trim(start));
  if (lower.starts_with("<!doctype html") || lower.starts_with("<html"))
    return "an HTML page, not the file";
  return {};
}

std::string wrong_checksum(const char* kind, const std::string& is, const std::string& expected) {
  if (expected.empty() || is == expected) return {};
  return fmt::format("its {} is {} instead of {}", kind, is, expected);
}

/// What is wrong with the whole file; empty: nothing.
std::string fault_of(const fs::path& path, const DownloadRequest& request) {
  const auto bytes = static_cast<std::int64_t>(fs::file_size(path));
  if (bytes == 0) return "it is empty";
  if (std::string disguise = disguise_of(path); !disguise.empty()) return disguise;
  if (request.size && bytes != *request.size)
    return fmt::format("it has {} bytes instead of {}", bytes, *request.size);
  std::string fault;
  if (!request.sha256.empty())
    fault = wrong_checksum("SHA-256", sha256_of_file(path), request.sha256);
  if (fault.empty() && !request.md5.empty())
    fault = wrong_checksum("MD5", md5_of_file(path), request.md5);
  if (fault.empty() && request.check) fault = request.check(path);
  return fault;
}

void require_space(const DownloadRequest& request, std::int64_t present) {
  if (!request.size) return;
  std::error_code failure;
  const fs::path folder = request.target.has_parent_path() ? request.target.parent_path() : ".";
  const fs::space_info space = fs::space(folder, failure);
  const std::int64_t needed = *request.size - present;
  if (failure || static_cast<std::int64_t>(space.available) >= needed) return;
  throw ResourceError(
      "disk-full",
      fmt::format("{} needs {} more bytes, but {} has only {} left",
                  request.target.filename().string(), needed, folder.string(), space.available),
      "free some space, or choose another folder with --to");
}

/// What became of one mirror.
enum class MirrorEnd { done, stopped, failed };

/// The server sent another part of the file than it was asked for.
struct OtherRange {};

class Download {
 public:
  Download(const DownloadRequest& request, const DownloadOptions& options)
      : request_(request), options_(options), part_(request.target) {}

  std::optional<DownloadedFile> run() {
    require_space(request_, part_.size());
    for (const std::string& url : mirrors()) {
      const MirrorEnd end = try_mirror(url);
      if (end == MirrorEnd::stopped) {
        part_.sync();
        return std::nullopt;
      }
      if (end == MirrorEnd::failed) {
        problems_ += fmt::format("\n  {}: {}", url, problem_);
        continue;
      }
      const std::int64_t bytes = part_.size();
      part_.become(request_.target);
      return DownloadedFile{.url = url, .bytes = bytes, .resumed = resumed_};
    }
    if (part_.size() == 0) part_.remove();
    throw DataError("download-failed",
                    fmt::format("cannot download {}:{}", request_.target.string(), problems_),
                    part_.size() > 0 ? "the same command continues with what is there already"
                                     : "try again later, or get the file by hand and put it there");
  }

 private:
  /// The mirror that the part comes from stands first, so that a later run continues it.
  std::vector<std::string> mirrors() const {
    std::vector<std::string> urls = request_.urls;
    const auto begun = std::ranges::find(urls, part_.url());
    if (begun != urls.end()) std::rotate(urls.begin(), begun, begun + 1);
    return urls;
  }

  bool verifiable() const {
    return !request_.sha256.empty() || !request_.md5.empty() || request_.check_proves;
  }

  /// Gets the file whole, twice if the first one fails a check.
  MirrorEnd try_mirror(const std::string& url) {
    if (part_.url() != url) part_.clear();
    resumed_ = part_.size() > 0;
    for (int whole = 0; whole < 2; ++whole) {
      const MirrorEnd end = get_whole(url);
      if (end != MirrorEnd::done) return end;
      problem_ = fault_of(part_.path(), request_);
      if (problem_.empty()) return MirrorEnd::done;
      part_.clear();
      resumed_ = false;
      log::warning(fmt::format("{} was refused and removed: {}", url, problem_));
    }
    return MirrorEnd::failed;
  }

  /// Repeats the request until the server has sent the file to its end. Attempts that bring new
  /// bytes cost nothing: a large file may break off often.
  MirrorEnd get_whole(const std::string& url) {
    double wait_s = options_.first_wait_s;
    std::int64_t most = part_.size();
    for (int failures = 0; failures < options_.attempts;) {
      const TransferResult result = get_once(url);
      if (result.end == TransferEnd::complete) return MirrorEnd::done;
      if (result.end == TransferEnd::stopped) return MirrorEnd::stopped;
      problem_ = result.message;
      if (!worth_repeating(result)) return MirrorEnd::failed;
      if (part_.size() > most) {
        most = part_.size();
        failures = 0;
        wait_s = options_.first_wait_s;
      }
      if (++failures == options_.attempts) break;
      const double asked_s = std::min(result.retry_after_s, options_.longest_wait_s);
      log::info(fmt::format("{}: {}; trying again", url, problem_));
      if (!wait(std::max(wait_s, asked_s))) return MirrorEnd::stopped;
      wait_s = std::min(2 * wait_s, options_.longest_wait_s);
    }
    return MirrorEnd::failed;
  }

  static bool worth_repeating(const TransferResult& result) {
    if (result.end == TransferEnd::broken_off) return true;
    const long status = result.status;
    return result.end == TransferEnd::status &&
           (status == 408 || status == 416 || status == 429 || status >= 500);
  }

  TransferResult get_once(const std::string& url) {
    // Bytes of unknown origin may only be continued when the end result is checked.
    if (part_.size() > 0 && part_.validator().empty() && !verifiable()) part_.clear();
    if (request_.size && part_.size() == *request_.size) return {.end = TransferEnd::complete};
    if (request_.size && part_.size() > *request_.size) part_.clear();
    const TransferRequest transfer_request{.url = url,
                                           .first_byte = part_.size(),
                                           .validator = part_.validator(),
                                           .limits = options_.limits};
    std::int64_t total = -1;
    const BodySink sink{.begin =
                            [&](const ResponseHead& head) {
                              begin(url, head);
                              total = head.total.value_or(request_.size.value_or(-1));
                            },
                        .add =
                            [&](std::string_view bytes) {
                              part_.append(bytes);
                              if (options_.progress) options_.progress(part_.size(), total);
                            }};
    TransferResult result;
    try {
      result = transfer(transfer_request, sink, options_.stop);
    } catch (const OtherRange&) {
      part_.clear();
      return {.end = TransferEnd::broken_off, .message = "it sent another part than asked for"};
    }
    // 416: there is nothing behind the part; either it is whole or it is of another file.
    if (result.end == TransferEnd::status && result.status == 416) {
      if (!request_.size && verifiable() && fault_of(part_.path(), request_).empty())
        return {.end = TransferEnd::complete};
      part_.clear();
    }
    return result;
  }

  void begin(const std::string& url, const ResponseHead& head) {
    if (head.first_byte != part_.size()) {
      if (head.first_byte != 0) throw OtherRange{};
      part_.clear();
      resumed_ = false;
    }
    part_.set_origin(url, head.validator);
  }

  /// Returns false when asked to stop meanwhile.
  bool wait(double seconds) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (std::chrono::steady_clock::now() < end) {
      if (options_.stop && options_.stop()) return false;
      std::this_thread::sleep_for(
          std::min(std::chrono::duration<double>(0.05), std::chrono::duration<double>(seconds)));
    }
    return true;
  }

  const DownloadRequest& request_;
  const DownloadOptions& options_;
  PartFile part_;
  std::string problem_;
  std::string problems_;
  bool resumed_ = false;
};

}  // namespace

std::optional<DownloadedFile> download_file(const DownloadRequest& request,
                                            const DownloadOptions& options) {
  return Download(request, options).run();
}

}  // namespace equigen::download
