// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "equigen/base/error.h"
#include "equigen/cli/data_commands.h"
#include "equigen/config/value.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/dataset_overview.h"
#include "equigen/data/named_dataset.h"
#include "equigen/report/html.h"

namespace equigen::cli {
namespace {

namespace fs = std::filesystem;

std::string state_of(const DatasetOverview& overview) {
  if (!overview.problem.empty()) return "broken";
  if (overview.is_generated()) return "generated";
  const std::size_t found = overview.files_found();
  if (found == overview.files.size()) return "there";
  if (found == 0) return overview.published != nullptr ? "can be fetched" : "missing";
  return fmt::format("{} of {} files", found, overview.files.size());
}

std::string count_text(std::int64_t count) {
  return report::count_text(count);
}

void line(std::string_view what, std::string_view value) {
  fmt::print("{:<13} {}\n", what, value);
}

void show_source(const DatasetOverview& overview) {
  const PublicDataset* published = overview.published;
  if (published == nullptr) return;
  line("source", published->source);
  line("licence", published->licence);
  line("cite", published->citation);
  line("fetch", fmt::format("equigen data fetch {}", published->name));
  for (const PublicFile& file : published->files) {
    const bool known = !file.expected_text_sha256().empty() || !file.sha256.empty();
    line("", fmt::format("{}: {}", file.path,
                         known ? "checksum known"
                               : "no checksum is published; the first one seen is recorded"));
  }
}

void show_files(const DatasetOverview& overview) {
  for (const DatasetFile& file : overview.files) {
    line("file", file.path.empty()
                     ? fmt::format("{}  (missing)", file.name)
                     : fmt::format("{}  {} bytes", file.path.string(), count_text(file.bytes)));
  }
}

void show_parts(const DatasetOverview& overview) {
  const DataSplits splits = load_named_or_file(overview.config.string(), fs::current_path(), 0);
  line("training", count_text(std::ssize(splits.train)));
  line("validation", count_text(std::ssize(splits.validation)));
  line("test", count_text(std::ssize(splits.test)));
  line("left out", count_text(splits.skipped_count));
  for (const SkippedRow& row : splits.skipped)
    line("", fmt::format("{}: {}", row.source, row.reason));
}

void show_keys(const DatasetOverview& overview) {
  fmt::print("\n{}\n", named_dataset(overview.config.string(), fs::current_path()).to_yaml());
}

}  // namespace

int data_list() {
  const DataContext context = data_context({}, 0);
  const auto overviews = dataset_overviews(fs::current_path(), context);
  std::size_t name_width = 4;
  std::size_t state_width = 5;
  for (const auto& overview : overviews) {
    name_width = std::max(name_width, overview.name.size());
    state_width = std::max(state_width, state_of(overview).size());
  }
  for (const auto& overview : overviews) {
    fmt::print("{:<{}}  {:<8}  {:<{}}  {}\n", overview.name, name_width, overview.structure,
               state_of(overview), state_width,
               overview.problem.empty() ? first_sentence(overview.description) : overview.problem);
  }
  fmt::print("\n`equigen data info NAME` tells more, `equigen data fetch NAME` downloads.\n");
  return 0;
}

int data_info(const std::string& name) {
  const DatasetOverview overview = dataset_overview(name, fs::current_path(), data_context({}, 0));
  if (!overview.problem.empty()) throw ConfigError("data-config", overview.problem);
  line("name", overview.name);
  line("about", overview.description);
  line("structure", overview.structure);
  if (!overview.config.empty()) line("YAML", overview.config.string());
  show_files(overview);
  show_source(overview);
  if (overview.config.empty()) {
    fmt::print("\nThere is no configuration for it: its files can be fetched.\n");
    return 0;
  }
  if (overview.files_found() == overview.files.size()) show_parts(overview);
  show_keys(overview);
  return 0;
}

}  // namespace equigen::cli
