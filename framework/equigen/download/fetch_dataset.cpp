// SPDX-License-Identifier: MIT
#include "equigen/download/fetch_dataset.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <memory>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/download/fetch_record.h"

namespace equigen::download {
namespace {

namespace fs = std::filesystem;

std::string today() {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
}

std::string stored_text(const fs::path& download, const PublicFile& file) {
  std::string text = read_file(download);
  for (const std::string& step : file.steps) text = apply_text_step(step, std::move(text));
  return text;
}

/// Whether the download is stored as it is.
bool is_unchanged(const PublicFile& file) {
  return file.steps.empty() && !file.path.ends_with(".gz");
}

/// A line for each file that shows how far it is.
class FileProgress {
 public:
  explicit FileProgress(std::string title) : title_(std::move(title)) {}
  void update(std::int64_t done, std::int64_t total) {
    if (!line_) line_ = std::make_unique<Progress>(title_, total < 0 ? -1 : total / kUnit, "kB");
    line_->update(done / kUnit);
  }

 private:
  static constexpr std::int64_t kUnit = 1000;
  std::string title_;
  std::unique_ptr<Progress> line_;
};

class FileFetch {
 public:
  FileFetch(const PublicFile& file, const fs::path& folder)
      : file_(file), target_(folder / file.path), record_(target_.parent_path()) {
    expected_ = file.expected_text_sha256();
    const FetchedEntry* entry = record_.find(name());
    if (expected_.empty() && entry != nullptr) {
      expected_ = entry->text_sha256;
      recorded_on_ = entry->date;
    }
  }

  bool is_there() const { return fs::exists(target_); }

  FetchedFile check_present() {
    const std::string seen = sha256(read_file(target_));
    if (expected_.empty()) {
      record_.set(name(), {.url = "", .text_sha256 = seen, .date = today()});
      return {.path = target_, .state = FetchedFile::State::unproven, .url = {}};
    }
    if (seen != expected_) {
      throw DataError("fetch-differs",
                      fmt::format("{} is there, but its content is not the {}: SHA-256 {} "
                                  "instead of {}",
                                  target_.string(), what_was_expected(), seen, expected_),
                      "move it away, or fetch it anew with --force, which replaces it");
    }
    return {.path = target_, .state = FetchedFile::State::present, .checked = true, .url = {}};
  }

  /// Nothing when asked to stop.
  std::optional<FetchedFile> get(DownloadOptions options) {
    DownloadRequest request{.urls = file_.urls,
                            .target = is_unchanged(file_) ? target_ : raw_path(),
                            .size = file_.size,
                            .sha256 = file_.sha256,
                            .md5 = file_.md5};
    request.check = [this](const fs::path& part) { return fault_of_text(part); };
    request.check_proves = !expected_.empty();
    FileProgress progress(file_.path);
    options.progress = [&](std::int64_t done, std::int64_t total) { progress.update(done, total); };
    const auto downloaded = download_file(request, options);
    if (!downloaded) return std::nullopt;
    if (!is_unchanged(file_)) {
      write_file_atomically(target_, stored_text(raw_path(), file_));
      fs::remove(raw_path());
    }
    record_.set(name(), {.url = downloaded->url, .text_sha256 = seen_, .date = today()});
    return FetchedFile{.path = target_,
                       .state = FetchedFile::State::downloaded,
                       .resumed = downloaded->resumed,
                       .checked = !expected_.empty() || !file_.sha256.empty() || !file_.md5.empty(),
                       .url = downloaded->url};
  }

 private:
  std::string name() const { return target_.filename().string(); }
  fs::path raw_path() const { return target_.string() + ".download"; }

  std::string what_was_expected() const {
    return recorded_on_.empty()
               ? "published one"
               : fmt::format("one recorded on {} in {}", recorded_on_, record_.path().string());
  }

  std::string fault_of_text(const fs::path& part) {
    try {
      seen_ = sha256(stored_text(part, file_));
    } catch (const DataError& problem) {
      return problem.message();
    }
    if (expected_.empty() || seen_ == expected_) return {};
    return fmt::format("its text is not the {}: SHA-256 {} instead of {}", what_was_expected(),
                       seen_, expected_);
  }

  const PublicFile& file_;
  fs::path target_;
  FetchRecord record_;
  std::string expected_;
  std::string recorded_on_;
  std::string seen_;
};

}  // namespace

FetchResult fetch_dataset(const PublicDataset& dataset, const fs::path& folder, bool force,
                          const DownloadOptions& options) {
  FetchResult result;
  for (const PublicFile& file : dataset.files) {
    FileFetch fetch(file, folder);
    if (!force && fetch.is_there()) {
      result.files.push_back(fetch.check_present());
      continue;
    }
    auto fetched = fetch.get(options);
    if (!fetched) {
      result.stopped = true;
      break;
    }
    result.files.push_back(std::move(*fetched));
  }
  return result;
}

}  // namespace equigen::download
