// SPDX-License-Identifier: MIT
#include "equigen/data/split.h"

#include <fstream>
#include <set>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "paths.h"

using namespace equigen;
using testing::TemporaryFolder;

namespace {

/// Graphs whose node count is their row + 1.
SampleFile numbered(std::int64_t count) {
  SampleFile file;
  for (std::int64_t row = 0; row < count; ++row) {
    Graph graph;
    graph.node_count = static_cast<std::int32_t>(row + 1);
    file.samples.emplace_back().structure = graph;
    file.rows.push_back(row);
  }
  file.row_count = count;
  return file;
}

std::vector<std::int64_t> rows_of(const std::vector<Sample>& part) {
  std::vector<std::int64_t> rows;
  for (const auto& sample : part) rows.push_back(node_count(sample) - 1);
  return rows;
}

DataSplits split(std::int64_t count, const SplitConfig& config,
                 const std::vector<std::int64_t>& test_rows = {}) {
  return split_samples("toy", {numbered(count), {}, {}}, config, test_rows);
}

void store(const std::filesystem::path& path, std::string_view text) {
  write_file_atomically(path, text);
}

}  // namespace

TEST_CASE("the first rows are the test part, rounded down") {
  const auto parts =
      split(587, {.method = "first_fraction", .test_fraction = 0.2, .validation_fraction = 0});
  CHECK(parts.test.size() == 117);
  CHECK(parts.train.size() == 470);
  CHECK(rows_of(parts.test).back() == 116);
  CHECK(rows_of(parts.train).front() == 117);
}

TEST_CASE("without a validation part the test part takes its place") {
  const auto parts =
      split(10, {.method = "first_fraction", .test_fraction = 0.2, .validation_fraction = 0});
  CHECK(parts.validation == parts.test);
}

TEST_CASE("the parts of a random split are disjoint, complete, ordered and repeatable") {
  const SplitConfig config{.test_fraction = 0.1, .validation_fraction = 0.25, .seed = 3};
  const auto parts = split(100, config);
  CHECK(parts.test.size() == 10);
  CHECK(parts.validation.size() == 23);
  CHECK(parts.train.size() == 67);
  std::set<std::int64_t> all;
  for (const auto* part : {&parts.train, &parts.validation, &parts.test}) {
    const auto rows = rows_of(*part);
    CHECK(std::is_sorted(rows.begin(), rows.end()));
    all.insert(rows.begin(), rows.end());
  }
  CHECK(all.size() == 100);
  CHECK(rows_of(split(100, config).test) == rows_of(parts.test));
  auto other = config;
  other.seed = 4;
  CHECK(rows_of(split(100, other).test) != rows_of(parts.test));
}

TEST_CASE("listed rows are the test part, skipped rows keep their numbers") {
  SampleFile file = numbered(6);
  file.samples.erase(file.samples.begin() + 2);  // row 2 was broken
  file.rows.erase(file.rows.begin() + 2);
  const auto parts =
      split_samples("toy", {file, {}, {}}, {.method = "rows", .validation_fraction = 0}, {5, 2, 0});
  CHECK(rows_of(parts.test) == std::vector<std::int64_t>{0, 5});
  CHECK(rows_of(parts.train) == std::vector<std::int64_t>{1, 3, 4});
}

TEST_CASE("separate files are the parts") {
  const auto parts = split_samples("toy", {numbered(5), numbered(2), numbered(3)},
                                   {.method = "files", .validation_fraction = 0.5}, {});
  CHECK(parts.train.size() == 5);
  CHECK(parts.validation.size() == 2);
  CHECK(parts.test.size() == 3);
}

TEST_CASE("an empty part is an error that names it") {
  CHECK_THROWS_WITH(split(4, {.method = "first_fraction", .test_fraction = 0.2}),
                    ContainsSubstring("test part"));
  CHECK_THROWS_WITH(split(2, {.test_fraction = 0.9}), ContainsSubstring("part of data set toy"));
  CHECK_THROWS_AS(split(3, {.method = "rows"}, {0, 1, 2}), DataError);
}

TEST_CASE("row numbers are read from plain and gzip files") {
  const TemporaryFolder folder;
  store(folder / "rows.txt", "3\n0\n\n2\n");
  store(folder / "rows.txt.gz", "1\n");
  CHECK(read_row_numbers(folder / "rows.txt", 4) == std::vector<std::int64_t>{3, 0, 2});
  CHECK(read_row_numbers(folder / "rows.txt.gz", 4) == std::vector<std::int64_t>{1});
}

TEST_CASE("rubbish in a file of row numbers is named with its line") {
  const TemporaryFolder folder;
  store(folder / "rows.txt", "0\nabc\n");
  CHECK_THROWS_WITH(read_row_numbers(folder / "rows.txt", 4),
                    ContainsSubstring("rows.txt:2: 'abc'"));
  store(folder / "rows.txt", "0\n4\n");
  CHECK_THROWS_WITH(read_row_numbers(folder / "rows.txt", 4),
                    ContainsSubstring("rows.txt:2: row 4 does not exist"));
  store(folder / "rows.txt", "-1\n");
  CHECK_THROWS_AS(read_row_numbers(folder / "rows.txt", 4), DataError);
  store(folder / "rows.txt", "\n");
  CHECK_THROWS_WITH(read_row_numbers(folder / "rows.txt", 4), ContainsSubstring("no rows"));
}
