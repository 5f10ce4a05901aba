// SPDX-License-Identifier: MIT
#include "equigen/data/sample_stream.h"

#include <fmt/format.h>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/data/sample_statistics.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

/// All pieces put together.
SampleFile streamed(const std::filesystem::path& path, std::int64_t rows_at_once) {
  SampleFile whole;
  stream_sample_file(
      path, {},
      [&](SampleFile piece) {
        for (auto& sample : piece.samples) whole.samples.push_back(std::move(sample));
        for (const auto row : piece.rows) whole.rows.push_back(row);
        for (auto& row : piece.skipped) whole.skipped.push_back(std::move(row));
        whole.row_count += piece.row_count;
        whole.skipped_count += piece.skipped_count;
      },
      rows_at_once);
  return whole;
}

}  // namespace

TEST_CASE("sample stream: pieces of any size give what reading the whole file gives") {
  const TemporaryFolder folder;
  const auto [name, text] = GENERATE(table<std::string, std::string>({
      {"a.smi", "smiles name\nCC first\n# note\n\nC1CC\nCCO\r\nC#N x=1\nCCC"},
      {"a.csv", "\nsmiles,note\nCC,\"two\nlines, quoted\"\nC1CC,x\n\"CC\"\"O\",y\nCCO,z\n,\nCCC,q"},
      {"a.jsonl",
       "{\"n\": 1, \"edges\": []}\n\nnothing\n{\"smiles\": \"CO\"}\n{\"n\": 2, \"edges\": "
       "[[0, 1]]}"},
      {"a.g6", "Bw\nxx!\n\nC~\nA_\n"},
      {"a.smi.gz", "C\nCC\nCCC\n"},
  }));
  const auto path = folder / name;
  write_file_atomically(path, text);
  const SampleFile whole = read_sample_file(path);
  const auto size = GENERATE(1, 2, 3, 1000);
  INFO(name << " in pieces of " << size);
  const SampleFile pieces = streamed(path, size);
  CHECK(pieces.samples == whole.samples);
  CHECK(pieces.rows == whole.rows);
  CHECK(pieces.row_count == whole.row_count);
  CHECK(pieces.skipped_count == whole.skipped_count);
  REQUIRE(pieces.skipped.size() == whole.skipped.size());
  for (std::size_t i = 0; i < whole.skipped.size(); ++i) {
    CHECK(pieces.skipped[i].source == whole.skipped[i].source);
    CHECK(pieces.skipped[i].reason == whole.skipped[i].reason);
  }
}

TEST_CASE("sample stream: records of an SDF stay whole") {
  const TemporaryFolder folder;
  const auto path = folder / "a.sdf";
  {
    write_file_atomically(folder / "a.smi", "CC\nCCO\nC#N\nc1ccccc1\n");
    const auto writer = open_sample_writer(path);
    writer->write(read_sample_file(folder / "a.smi").samples);
    writer->flush();
  }
  const SampleFile whole = read_sample_file(path);
  REQUIRE(whole.samples.size() == 4);
  for (const int size : {1, 3}) CHECK(streamed(path, size).samples == whole.samples);
}

TEST_CASE(
    "sample stream: a missing file, a Git LFS pointer and a table without SMILES are errors") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(streamed(folder / "none.smi", 10), DataError);
  write_file_atomically(folder / "pointer.smi", "version https://git-lfs.github.com/spec/v1\n");
  CHECK_THROWS_AS(streamed(folder / "pointer.smi", 10), DataError);
  write_file_atomically(folder / "table.csv", "a,b\n1,2\n");
  CHECK_THROWS_AS(streamed(folder / "table.csv", 10), DataError);
}

TEST_CASE("sample statistics: counts, ranges and repeats of graphs") {
  std::vector<Sample> samples;
  for (int n = 1; n <= 100; ++n) samples.push_back({Graph{n, {}}, {{"size", double(n)}}});
  samples.push_back({Graph{3, {{0, 1}}}, {}});
  samples.push_back({Graph{3, {{1, 2}}}, {}});
  const SampleStatistics found = describe_samples(samples);
  CHECK(found.count == 102);
  CHECK(found.distinct == 101);
  REQUIRE(found.repeated.size() == 1);
  CHECK(found.repeated[0].count == 2);
  const ClassCounts& nodes = found.classes.at(0);
  CHECK(nodes.classes.size() <= 20);
  CHECK(nodes.classes.front() == "1-5");
  CHECK(nodes.counts.front() == 7);
  REQUIRE(found.properties.size() == 1);
  CHECK(found.properties[0].minimum == 1);
  CHECK(found.properties[0].maximum == 100);
  CHECK(found.properties[0].mean == Approx(50.5));
  CHECK(describe_samples({}).count == 0);
}
