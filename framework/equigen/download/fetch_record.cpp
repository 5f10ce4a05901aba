// SPDX-License-Identifier: MIT
#include "equigen/download/fetch_record.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "equigen/base/error.h"
#include "equigen/base/file.h"

namespace equigen::download {

using nlohmann::json;

FetchRecord::FetchRecord(const std::filesystem::path& folder) : path_(folder / "fetched.json") {
  std::error_code ignored;
  if (!std::filesystem::exists(path_, ignored)) return;
  try {
    const json root = json::parse(read_file(path_));
    for (const auto& [file, entry] : root.at("files").items()) {
      entries_[file] = {.url = entry.at("url").get<std::string>(),
                        .text_sha256 = entry.at("text_sha256").get<std::string>(),
                        .date = entry.at("date").get<std::string>()};
    }
  } catch (const json::exception& problem) {
    throw DataError("fetch-record",
                    fmt::format("{} is damaged: {}", path_.string(), problem.what()),
                    "remove it; checksums are then recorded anew");
  }
}

const FetchedEntry* FetchRecord::find(const std::string& file) const {
  const auto found = entries_.find(file);
  return found == entries_.end() ? nullptr : &found->second;
}

void FetchRecord::set(const std::string& file, const FetchedEntry& entry) {
  entries_[file] = entry;
  json root = {{"format", "equigen-fetched/1"}, {"files", json::object()}};
  for (const auto& [name, known] : entries_) {
    root["files"][name] = {
        {"url", known.url}, {"text_sha256", known.text_sha256}, {"date", known.date}};
  }
  write_file_atomically(path_, root.dump(1) + "\n");
}

}  // namespace equigen::download
