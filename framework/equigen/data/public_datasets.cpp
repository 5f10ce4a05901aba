// SPDX-License-Identifier: MIT
#include "equigen/data/public_datasets.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "equigen/base/error.h"
#include "equigen/base/text.h"

namespace equigen::embedded {
std::string_view public_datasets_json();
}

namespace equigen {
namespace {

using nlohmann::json;

constexpr std::string_view kFormat = "equigen-public-datasets/1";

[[noreturn]] void refuse(const std::string& source, const std::string& reason) {
  throw DataError("catalogue", fmt::format("the catalogue {}: {}", source, reason));
}

std::vector<std::string> texts_of(const json& entry, const char* key) {
  return entry.contains(key) ? entry.at(key).get<std::vector<std::string>>()
                             : std::vector<std::string>{};
}

std::string text_of(const json& entry, const char* key) {
  return entry.contains(key) && !entry.at(key).is_null() ? entry.at(key).get<std::string>()
                                                         : std::string{};
}

/// The path comes from a file that a user may have got from elsewhere.
void check_path(const std::string& source, const std::string& path) {
  const std::filesystem::path relative(path);
  const bool leaves = std::ranges::find(relative, "..") != relative.end();
  if (path.empty() || relative.is_absolute() || leaves || !relative.has_filename())
    refuse(source, fmt::format("'{}' is not a path below the data folder", path));
}

PublicFile read_file_entry(const json& entry, const std::string& source) {
  PublicFile file;
  file.path = entry.at("path").get<std::string>();
  check_path(source, file.path);
  file.urls = entry.at("urls").get<std::vector<std::string>>();
  if (file.urls.empty()) refuse(source, fmt::format("{} has no address", file.path));
  for (const std::string& url : file.urls) {
    if (!url.starts_with("http://") && !url.starts_with("https://"))
      refuse(source, fmt::format("'{}' is neither an http nor an https address", url));
  }
  if (entry.contains("size") && !entry.at("size").is_null())
    file.size = entry.at("size").get<std::int64_t>();
  file.sha256 = text::lower(text_of(entry, "sha256"));
  file.md5 = text::lower(text_of(entry, "md5"));
  file.text_sha256 = text::lower(text_of(entry, "text_sha256"));
  file.checked = text_of(entry, "checked");
  file.steps = texts_of(entry, "steps");
  for (const std::string& step : file.steps) {
    if (step != "drop_first_line" && step != "json_rows")
      refuse(source, fmt::format("{}: unknown step '{}'", file.path, step));
  }
  return file;
}

PublicDataset read_dataset_entry(const json& entry, const std::string& source) {
  PublicDataset dataset;
  dataset.name = entry.at("name").get<std::string>();
  dataset.aliases = texts_of(entry, "aliases");
  dataset.structure = entry.at("structure").get<std::string>();
  dataset.description = text_of(entry, "description");
  dataset.licence = text_of(entry, "licence");
  dataset.citation = text_of(entry, "citation");
  dataset.source = text_of(entry, "source");
  for (const json& file : entry.at("files")) dataset.files.push_back(read_file_entry(file, source));
  return dataset;
}

std::string drop_first_line(const std::string& text) {
  const auto end = text.find('\n');
  return end == std::string::npos ? std::string{} : text.substr(end + 1);
}

std::int64_t row_number(const json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_string()) {
    if (const auto number = text::to_integer(value.get_ref<const std::string&>())) return *number;
  }
  throw DataError("text-step", fmt::format("{} is not a row number", value.dump()));
}

std::string json_rows(const std::string& text) {
  json rows = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (rows.is_object() && rows.size() == 1) rows = json(rows.begin().value());
  if (!rows.is_array()) throw DataError("text-step", "the text is not a JSON list of row numbers");
  std::string lines;
  for (const json& row : rows) lines += fmt::format("{}\n", row_number(row));
  return lines;
}

}  // namespace

const std::string& PublicFile::expected_text_sha256() const {
  const bool unchanged = steps.empty() && !path.ends_with(".gz");
  return text_sha256.empty() && unchanged ? sha256 : text_sha256;
}

std::vector<PublicDataset> parse_public_datasets(std::string_view text, const std::string& source) {
  const json root = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object()) refuse(source, "not a JSON object");
  try {
    if (root.at("format").get<std::string>() != kFormat)
      refuse(source, fmt::format("its format is not \"{}\"", kFormat));
    std::vector<PublicDataset> datasets;
    for (const json& entry : root.at("datasets"))
      datasets.push_back(read_dataset_entry(entry, source));
    return datasets;
  } catch (const json::exception& problem) {
    refuse(source, problem.what());
  }
}

const std::vector<PublicDataset>& public_datasets() {
  static const std::vector<PublicDataset> datasets =
      parse_public_datasets(embedded::public_datasets_json(), "of this equigen");
  return datasets;
}

const PublicDataset* find_public_dataset(std::span<const PublicDataset> catalogue,
                                         std::string_view name) {
  for (const PublicDataset& dataset : catalogue) {
    if (dataset.name == name) return &dataset;
  }
  for (const PublicDataset& dataset : catalogue) {
    if (std::ranges::find(dataset.aliases, name) != dataset.aliases.end()) return &dataset;
  }
  return nullptr;
}

std::string apply_text_step(const std::string& step, std::string text) {
  if (step == "drop_first_line") return drop_first_line(text);
  if (step == "json_rows") return json_rows(text);
  throw DataError("text-step", fmt::format("there is no step '{}'", step));
}

}  // namespace equigen
