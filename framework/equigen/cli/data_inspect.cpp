// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/cli/data_commands.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/dataset_overview.h"
#include "equigen/data/named_dataset.h"
#include "equigen/data/sample_files.h"
#include "equigen/data/sample_statistics.h"
#include "equigen/report/data_page.h"
#include "equigen/report/html.h"

namespace equigen::cli {
namespace {

namespace fs = std::filesystem;

constexpr double kBarWidth = 40;

/// Samples with what is told about them.
struct Inspected {
  std::string title;
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<Sample> samples;
  std::int64_t skipped_count = 0;
  std::vector<SkippedRow> skipped;

  void add_fact(std::string name, std::string value) {
    facts.emplace_back(std::move(name), std::move(value));
  }
};

std::string count_text(std::int64_t count) {
  return report::count_text(count);
}

Inspected inspect_file(const fs::path& path, const SampleFileOptions& options) {
  SampleFile file = read_sample_file(path, options);
  Inspected result{.title = path.string(),
                   .facts = {},
                   .samples = std::move(file.samples),
                   .skipped_count = file.skipped_count,
                   .skipped = std::move(file.skipped)};
  result.add_fact("file size",
                  count_text(static_cast<std::int64_t>(fs::file_size(path))) + " bytes");
  result.add_fact("rows", count_text(file.row_count));
  return result;
}

Inspected inspect_named(const std::string& name) {
  const DatasetOverview overview = dataset_overview(name, fs::current_path(), data_context({}, 0));
  if (overview.config.empty())
    throw DataError("data-unread", fmt::format("there is no configuration for {}", overview.name),
                    fmt::format("`equigen data fetch {}` gets its files", overview.name));
  DataSplits splits = load_named_or_file(name, fs::current_path(), 0);
  Inspected result{.title = splits.name,
                   .facts = {},
                   .samples = {},
                   .skipped_count = splits.skipped_count,
                   .skipped = std::move(splits.skipped)};
  const auto add = [&](const char* part, std::vector<Sample>& samples) {
    result.add_fact(part, count_text(std::ssize(samples)));
    std::ranges::move(samples, std::back_inserter(result.samples));
    samples.clear();
  };
  add("training", splits.train);
  // Without a validation part of its own, the test part stands in for it.
  if (splits.validation == splits.test)
    result.add_fact("validation", "none");
  else
    add("validation", splits.validation);
  add("test", splits.test);
  return result;
}

void add_counts(const SampleStatistics& statistics, Inspected& inspected) {
  const std::int64_t filled = statistics.count - statistics.empty - statistics.without_smiles;
  inspected.add_fact("samples", count_text(statistics.count));
  const std::pair<const char*, std::int64_t> kinds[] = {{"graphs", statistics.graphs},
                                                        {"molecules", statistics.molecules},
                                                        {"crystals", statistics.crystals}};
  for (const auto& [kind, count] : kinds)
    if (count > 0 && count < statistics.count) inspected.add_fact(kind, count_text(count));
  inspected.add_fact("distinct", count_text(statistics.distinct));
  inspected.add_fact("repeated", count_text(filled - statistics.distinct));
  if (statistics.empty > 0) inspected.add_fact("empty", count_text(statistics.empty));
  if (statistics.without_smiles > 0)
    inspected.add_fact("impossible", count_text(statistics.without_smiles));
  if (statistics.with_positions > 0)
    inspected.add_fact("with positions", count_text(statistics.with_positions));
  inspected.add_fact("left out", count_text(inspected.skipped_count));
}

void print_bars(const ClassCounts& item) {
  const auto total = std::accumulate(item.counts.begin(), item.counts.end(), std::int64_t{0});
  if (total == 0) return;
  fmt::print("\n{}  ({} {}{})\n", item.title, count_text(total), item.unit,
             std::isfinite(item.mean) ? ", mean " + report::figure_text(item.mean) : "");
  const auto most = static_cast<double>(*std::ranges::max_element(item.counts));
  std::size_t width = 0;
  for (const std::string& name : item.classes) width = std::max(width, name.size());
  for (std::size_t k = 0; k < item.classes.size(); ++k) {
    const auto count = static_cast<double>(item.counts[k]);
    std::string bar;
    for (int i = 0; i < static_cast<int>(std::ceil(kBarWidth * count / most)); ++i) bar += "█";
    fmt::print("  {:>{}}  {:>10}  {:>5.1f} %  {}\n", item.classes[k], width,
               count_text(item.counts[k]), 100 * count / static_cast<double>(total), bar);
  }
}

void print_properties(const std::vector<PropertySummary>& properties) {
  if (properties.empty()) return;
  std::size_t width = 8;
  for (const PropertySummary& item : properties) width = std::max(width, item.name.size());
  fmt::print("\n{:<{}}  {:>10}  {:>10}  {:>10}  {:>10}\n", "property", width, "values", "least",
             "mean", "greatest");
  for (const PropertySummary& item : properties) {
    fmt::print("{:<{}}  {:>10}  {:>10}  {:>10}  {:>10}\n", item.name, width, count_text(item.count),
               report::figure_text(item.minimum), report::figure_text(item.mean),
               report::figure_text(item.maximum));
  }
}

void print_rows(const Inspected& inspected, const SampleStatistics& statistics) {
  if (!statistics.repeated.empty()) fmt::print("\nrepeated most\n");
  for (const RepeatedSample& item : statistics.repeated)
    fmt::print("  {:>6} x  {}\n", item.count, report::clean_text(item.text));
  if (inspected.skipped_count == 0) return;
  fmt::print("\nrows left out\n");
  for (const SkippedRow& row : inspected.skipped)
    fmt::print("  {}: {}\n", row.source, report::clean_text(row.reason));
  const std::int64_t more = inspected.skipped_count - std::ssize(inspected.skipped);
  if (more > 0) fmt::print("  and {} more\n", count_text(more));
}

}  // namespace

int data_inspect(const InspectArguments& arguments) {
  const fs::path path(arguments.reference);
  const bool is_yaml = path.extension() == ".yaml" || path.extension() == ".yml";
  const bool is_file = fs::is_regular_file(path) && !is_yaml;
  if (!is_file && (!arguments.column.empty() || arguments.keep_hydrogens))
    throw ConfigError("data-options", "--column and --keep-hydrogens are for files",
                      "a data set's YAML says how its files are read");
  Inspected inspected = is_file ? inspect_file(path, {.smiles_column = arguments.column,
                                                      .keep_hydrogens = arguments.keep_hydrogens,
                                                      .cif_column = arguments.column})
                                : inspect_named(arguments.reference);
  SampleStatistics statistics = describe_samples(inspected.samples);
  add_counts(statistics, inspected);
  fmt::print("{}\n", inspected.title);
  for (const auto& [name, value] : inspected.facts) fmt::print("  {:<15} {:>14}\n", name, value);
  for (const ClassCounts& item : statistics.classes) print_bars(item);
  print_properties(statistics.properties);
  print_rows(inspected, statistics);
  if (!arguments.report.empty()) {
    const auto page =
        report::write_data_page(arguments.report, {.title = inspected.title,
                                                   .subtitle = "What equigen data inspect found",
                                                   .facts = inspected.facts,
                                                   .statistics = std::move(statistics),
                                                   .samples = inspected.samples,
                                                   .skipped_count = inspected.skipped_count,
                                                   .skipped = inspected.skipped});
    fmt::print("\n{}\n", page.string());
  }
  return 0;
}

}  // namespace equigen::cli
