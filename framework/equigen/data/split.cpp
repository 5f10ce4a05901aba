// SPDX-License-Identifier: MIT
#include "equigen/data/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_set>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/base/random.h"
#include "equigen/base/text.h"

namespace equigen {
namespace {

/// True for the samples that were chosen.
using Choice = std::vector<bool>;

Choice first_of(std::size_t count, std::size_t chosen) {
  Choice choice(count, false);
  std::fill_n(choice.begin(), static_cast<std::ptrdiff_t>(std::min(count, chosen)), true);
  return choice;
}

Choice random_of(std::size_t count, std::size_t chosen, std::uint64_t seed,
                 std::string_view purpose) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  RandomStream(seed, purpose).shuffle(std::span(order));
  Choice choice(count, false);
  for (std::size_t i = 0; i < std::min(count, chosen); ++i) choice[order[i]] = true;
  return choice;
}

Choice rows_of(const std::vector<std::int64_t>& rows, const std::vector<std::int64_t>& wanted) {
  const std::unordered_set<std::int64_t> set(wanted.begin(), wanted.end());
  Choice choice(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) choice[i] = set.contains(rows[i]);
  return choice;
}

std::size_t share_of(std::size_t count, double fraction) {
  return static_cast<std::size_t>(std::floor(fraction * static_cast<double>(count)));
}

/// At least one, since a fraction above 0 asks for a part.
std::size_t rounded_share(std::size_t count, double fraction) {
  if (fraction <= 0 || count == 0) return 0;
  const auto share = std::llround(fraction * static_cast<double>(count));
  return static_cast<std::size_t>(std::max<long long>(1, share));
}

/// Moves the chosen samples out; the others stay, in order.
std::vector<Sample> take(std::vector<Sample>& samples, const Choice& choice) {
  std::vector<Sample> taken;
  std::vector<Sample> rest;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    (choice[i] ? taken : rest).push_back(std::move(samples[i]));
  }
  samples = std::move(rest);
  return taken;
}

Choice test_choice(const SampleFile& file, const SplitConfig& config,
                   const std::vector<std::int64_t>& test_rows) {
  const auto count = file.samples.size();
  if (config.method == "first_fraction") {
    return first_of(count, share_of(count, config.test_fraction));
  }
  if (config.method == "rows") return rows_of(file.rows, test_rows);
  return random_of(count, rounded_share(count, config.test_fraction), config.seed, "test split");
}

void require_part(const DataSplits& splits, const std::vector<Sample>& part,
                  std::string_view part_name) {
  if (!part.empty()) return;
  std::string left_out;
  if (splits.skipped_count > 0)
    left_out = fmt::format("; {} rows of its files were left out:", splits.skipped_count);
  for (const auto& row : splits.skipped)
    left_out += fmt::format("\n  {}: {}", row.source, row.reason);
  throw DataError(
      "data-empty-split",
      fmt::format("the {} part of data set {} is empty ({} training, {} validation, {} test){}",
                  part_name, splits.name, splits.train.size(), splits.validation.size(),
                  splits.test.size(), left_out),
      splits.skipped_count > 0 ? "mend these rows, or change data.split"
                               : "change data.split: its fractions, rows or files");
}

void add_skipped(DataSplits& splits, const SampleFile& file) {
  splits.skipped_count += file.skipped_count;
  for (const auto& row : file.skipped) {
    if (splits.skipped.size() < 20) splits.skipped.push_back(row);
  }
}

}  // namespace

void SplitConfig::declare(config::Declaration<SplitConfig>& keys) {
  keys.doc("How the data set is divided into a training, a validation and a test part.");
  keys.field("method", &SplitConfig::method,
             "fraction: test part at random; first_fraction: the first rows (floor of the share), "
             "as in GraphRNN and GDSS; rows: the rows that a file lists; files: files of their own")
      .choices({"fraction", "first_fraction", "rows", "files"});
  keys.field("test_fraction", &SplitConfig::test_fraction,
             "share of the test part, for the methods fraction and first_fraction")
      .above(0)
      .below(1);
  keys.field("test_rows", &SplitConfig::test_rows,
             "for the method rows: file of the test part's row numbers, one from 0 a line; the "
             "other rows are for training");
  keys.field("test_files", &SplitConfig::test_files, "for the method files: the test part");
  keys.field("validation_files", &SplitConfig::validation_files,
             "for the method files: the validation part");
  keys.field("validation_fraction", &SplitConfig::validation_fraction,
             "share of the training part that is taken out for validation, unless files give it; 0 "
             "keeps all for training and validates on the test part")
      .at_least(0)
      .below(1);
  keys.field("seed", &SplitConfig::seed, "of the random parts; independent of the run's seed");
}

std::vector<std::int64_t> read_row_numbers(const std::filesystem::path& path,
                                           std::int64_t row_count) {
  std::vector<std::int64_t> rows;
  read_lines(path, [&](std::string_view line, std::int64_t number) {
    line = text::trim(line);
    if (line.empty()) return true;
    const auto row = text::to_integer(line);
    if (!row) {
      throw DataError(
          "data-row-file",
          fmt::format("{}:{}: '{}' is not a row number", path.string(), number, line.substr(0, 40)),
          "the file lists one row number from 0 a line");
    }
    if (*row < 0 || *row >= row_count) {
      throw DataError("data-row-file",
                      fmt::format("{}:{}: row {} does not exist, the data has rows 0 to {}",
                                  path.string(), number, *row, row_count - 1),
                      "the file belongs to another version of the data set");
    }
    rows.push_back(*row);
    return true;
  });
  if (rows.empty()) {
    throw DataError("data-row-file", fmt::format("{} lists no rows", path.string()));
  }
  return rows;
}

DataSplits split_samples(const std::string& name, SplitSource source, const SplitConfig& config,
                         const std::vector<std::int64_t>& test_rows) {
  DataSplits splits;
  splits.name = name;
  add_skipped(splits, source.main);
  add_skipped(splits, source.validation);
  add_skipped(splits, source.test);
  if (config.method == "files") {
    splits.test = std::move(source.test.samples);
  } else {
    splits.test = take(source.main.samples, test_choice(source.main, config, test_rows));
  }
  splits.train = std::move(source.main.samples);
  splits.validation = std::move(source.validation.samples);
  if (splits.validation.empty() && config.validation_fraction > 0) {
    const auto count = splits.train.size();
    splits.validation =
        take(splits.train, random_of(count, rounded_share(count, config.validation_fraction),
                                     config.seed, "validation split"));
    require_part(splits, splits.validation, "validation");
  }
  require_part(splits, splits.train, "training");
  require_part(splits, splits.test, "test");
  if (splits.validation.empty()) {
    splits.validation = splits.test;
    log::info(
        fmt::format("data set {} has no validation part (data.split.validation_fraction is "
                    "0): the test part takes its place",
                    name));
  }
  return splits;
}

}  // namespace equigen
