// SPDX-License-Identifier: MIT
#include "equigen/base/zip_archive.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <memory>

#include "equigen/base/cut_zip.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"

namespace equigen {
namespace {

constexpr std::uint64_t kLargestTotal = std::uint64_t{4} << 30;

struct ZipCloser {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

/// Reads one file; on failure returns false and says why in `content`.
bool read_entry(zip_t* archive, zip_uint64_t index, std::uint64_t size, std::string& content) {
  const std::unique_ptr<zip_file_t, ZipCloser> file(zip_fopen_index(archive, index, 0));
  if (!file) {
    content = fmt::format("cannot be read: {}", zip_strerror(archive));
    return false;
  }
  content.resize(size + 1);
  std::uint64_t have = 0;
  while (have <= size) {
    const auto count = zip_fread(file.get(), content.data() + have, size + 1 - have);
    if (count == 0) break;
    if (count < 0) {
      content = "its bytes are damaged";
      return false;
    }
    have += static_cast<std::uint64_t>(count);
  }
  if (have != size) {
    content = "its size is not the one that the archive states";
    return false;
  }
  content.resize(size);
  return true;
}

}  // namespace

void for_each_zip_entry(const std::filesystem::path& path,
                        const std::function<bool(std::string_view)>& wanted,
                        const std::function<void(std::string_view, std::string)>& entry,
                        const std::function<void(std::string_view, std::string)>& skip,
                        std::uint64_t limit) {
  int code = 0;
  const std::unique_ptr<zip_t, ZipCloser> archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (!archive) {
    if (for_each_entry_of_cut_zip(read_file(path), wanted, entry, skip, limit)) return;
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    throw DataError("zip-damaged", fmt::format("{} cannot be read: {}", path.string(), reason));
  }
  std::uint64_t total = 0;
  const auto count = zip_get_num_entries(archive.get(), 0);
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(std::max<zip_int64_t>(count, 0)); ++i) {
    zip_stat_t info;
    zip_stat_init(&info);
    if (zip_stat_index(archive.get(), i, 0, &info) != 0 || (info.valid & ZIP_STAT_NAME) == 0)
      continue;
    const std::string_view name = info.name;
    if (name.ends_with('/') || !wanted(name)) continue;
    if ((info.valid & ZIP_STAT_SIZE) == 0 || info.size > limit) {
      skip(name, fmt::format("larger than {} MB", limit >> 20));
      continue;
    }
    total += info.size;
    if (total > kLargestTotal)
      throw DataError("zip-damaged", fmt::format("{} holds more than 4 GiB", path.string()),
                      "divide it");
    std::string content;
    if (read_entry(archive.get(), i, info.size, content))
      entry(name, std::move(content));
    else
      skip(name, std::move(content));
  }
}

}  // namespace equigen
