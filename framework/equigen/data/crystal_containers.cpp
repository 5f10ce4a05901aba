// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/gzip_members.h"
#include "equigen/base/tar_archive.h"
#include "equigen/base/zip_archive.h"
#include "equigen/data/crystal_files.h"
#include "equigen/data/plain_text.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNamedRows = 20;
constexpr std::uint64_t kLargestArchived = std::uint64_t{1} << 28;  // bytes of one file

void append(SampleFile& whole, SampleFile part) {
  for (const auto row : part.rows) whole.rows.push_back(whole.row_count + row);
  std::ranges::move(part.samples, std::back_inserter(whole.samples));
  std::ranges::move(part.texts, std::back_inserter(whole.texts));
  whole.row_count += part.row_count;
  whole.skipped_count += part.skipped_count;
  whole.invalid_count += part.invalid_count;
  const auto take = [](std::vector<SkippedRow>& all, std::vector<SkippedRow>& more) {
    for (SkippedRow& row : more)
      if (all.size() < kNamedRows) all.push_back(std::move(row));
  };
  take(whole.skipped, part.skipped);
  take(whole.invalid, part.invalid);
}

/// By the name; hidden files are none of crystals.
bool is_crystal_file(const fs::path& file) {
  constexpr std::array<std::string_view, 6> kKnown{".cif", ".poscar", ".extxyz",
                                                   ".xyz", ".jsonl",  ".csv"};
  return !file.filename().string().starts_with('.') &&
         std::ranges::find(kKnown, sample_format(file)) != kKnown.end();
}

/// A file beside others is meant to hold a crystal, even where nothing in it looks like one.
SampleFile one_at_least(SampleFile part, const SampleFileOptions& options) {
  if (!options.to_be_judged || !part.samples.empty() || part.skipped_count != 1) return part;
  SampleFile judged;
  add_unreadable_crystal(judged, part.skipped.front(), "", options);
  return judged;
}

/// Rows are named "archive.zip:folder/file.cif, line 1".
SampleFile parse_archived(const fs::path& archive, const fs::path& name, std::string content,
                          const SampleFileOptions& options) {
  Unpacked inner = unpacked(std::move(content), kLargestArchived);
  SampleFile part = parse_crystals(plain_text(std::move(inner.text)), sample_format(name),
                                   name.string(), options, inner.problem);
  for (auto* rows : {&part.skipped, &part.invalid})
    for (SkippedRow& row : *rows) {
      const auto colon = row.source.rfind(':');
      row.source = fmt::format("{}:{}, line {}", archive.string(), name.string(),
                               row.source.substr(colon + 1));
    }
  return one_at_least(std::move(part), options);
}

std::string stored_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

CrystalText read_crystal_text(const fs::path& path) {
  try {
    return {plain_text(read_file(path)), {}};
  } catch (const DataError& error) {
    if (error.identifier() != "file-damaged") throw;
    Unpacked found = unpacked(stored_bytes(path));
    if (found.text.empty() || found.problem.empty()) throw;
    return {plain_text(std::move(found.text)), std::move(found.problem)};
  }
}

SampleFile read_crystal_archive(const fs::path& path, const SampleFileOptions& options) {
  SampleFile whole;
  const auto skip = [&](std::string_view name, std::string reason) {
    const std::string source =
        name.empty() ? path.string() : fmt::format("{}:{}", path.string(), name);
    add_unreadable_crystal(whole, {source, std::move(reason)}, "", options);
  };
  const auto entry = [&](std::string_view name, std::string content) {
    try {
      append(whole, parse_archived(path, name, std::move(content), options));
    } catch (const DataError& error) {
      skip(name, error.message());
    }
  };
  const auto wanted = [](std::string_view name) { return is_crystal_file(name); };
  const bool is_zip = sample_format(path) == ".zip";
  (is_zip ? for_each_zip_entry : for_each_tar_entry)(path, wanted, entry, skip, kLargestArchived);
  return whole;
}

SampleFile read_crystal_folder(const fs::path& path, const SampleFileOptions& options) {
  std::vector<fs::path> files;
  std::error_code failure, ignored;
  for (fs::recursive_directory_iterator entry(path, failure), end; !failure && entry != end;
       entry.increment(failure))
    if (entry->is_regular_file(ignored) && is_crystal_file(entry->path()))
      files.push_back(entry->path());
  if (failure)
    throw DataError("file-unreadable",
                    fmt::format("cannot read the folder {}: {}", path.string(), failure.message()));
  if (files.empty())
    throw DataError("file-is-folder",
                    fmt::format("{} is a folder without files of crystals", path.string()));
  std::ranges::sort(files);
  SampleFile whole;
  for (const fs::path& file : files) {
    try {
      const CrystalText content = read_crystal_text(file);
      append(whole, one_at_least(parse_crystals(content.text, sample_format(file), file.string(),
                                                options, content.cut),
                                 options));
    } catch (const DataError& error) {
      add_unreadable_crystal(whole, {file.string(), error.message()}, "", options);
    }
  }
  return whole;
}

}  // namespace equigen
