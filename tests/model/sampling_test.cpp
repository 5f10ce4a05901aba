// SPDX-License-Identifier: MIT
#include "equigen/model/sampling.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/data/sample_files.h"
#include "paths.h"
#include "train/linear_model.h"

using namespace equigen;
using equigen::testing::LinearModel;

TEST_CASE("sampling: the same samples whatever the batch size and the first index") {
  LinearModel model({});
  const std::vector<Sample> all = draw_samples(model, {.count = 20, .batch_size = 20, .seed = 5});
  CHECK(all.size() == 20);
  CHECK((draw_samples(model, {.count = 20, .batch_size = 3, .seed = 5}) == all));
  const std::vector<Sample> part =
      draw_samples(model, {.count = 5, .first_index = 7, .batch_size = 2, .seed = 5});
  CHECK((part == std::vector<Sample>(all.begin() + 7, all.begin() + 12)));
  CHECK((draw_samples(model, {.count = 20, .seed = 6}) != all));
}

TEST_CASE("sampling: a lack of memory halves the batch, and one sample that does not fit is told") {
  LinearModel::Options options;
  options.largest_batch = 3;
  LinearModel limited(options);
  LinearModel model({});
  CHECK((draw_samples(limited, {.count = 10, .batch_size = 8, .seed = 5}) ==
         draw_samples(model, {.count = 10, .seed = 5})));
  options.largest_batch = 0;
  LinearModel none(options);
  CHECK_THROWS_AS(draw_samples(none, {.count = 4, .batch_size = 4}), ResourceError);
}

TEST_CASE("sampling: stops when asked, with what is finished") {
  LinearModel model({});
  int batches = 0;
  DrawOptions options{.count = 100, .batch_size = 10};
  options.stop = [&] { return batches == 3; };
  std::int64_t received = 0;
  CHECK(draw_samples(model, options, [&](std::vector<Sample> batch) {
          ++batches;
          received += std::ssize(batch);
        }) == 30);
  CHECK(received == 30);
}

namespace {

struct FileRun {
  const equigen::testing::TemporaryFolder folder = {};
  std::filesystem::path file = folder / "samples.jsonl";
  LinearModel model{LinearModel::Options{}};
  DrawOptions options{.count = 12, .batch_size = 4, .seed = 5, .show_progress = false};

  FileJobResult draw(const std::string& checkpoint, ExistingFile existing = ExistingFile::keep) {
    return draw_samples_to_file(model, {file, {{"checkpoint", checkpoint}}, existing}, options);
  }
  /// Stops after the first batch.
  FileJobResult draw_some(const std::string& checkpoint,
                          ExistingFile existing = ExistingFile::keep) {
    int asked = 0;
    options.stop = [&] { return ++asked > 1; };
    const FileJobResult result = draw(checkpoint, existing);
    options.stop = [] { return false; };
    return result;
  }
  std::vector<Sample> expected(std::int64_t count, std::uint64_t seed = 5) {
    return draw_samples(model, {.count = count, .seed = seed, .show_progress = false});
  }
};

}  // namespace

TEST_CASE("sampling: a file that was left by a stopped call is gone on with") {
  FileRun run;
  CHECK(run.draw_some("a").written == 4);
  // A kill in the middle of a line.
  const std::string whole = read_file(run.file);
  write_file_atomically(run.file, whole.substr(0, whole.size() - 5));
  const FileJobResult result = run.draw("a");
  CHECK(result.resumed == 3);
  CHECK(result.written == 12);
  CHECK((read_sample_file(run.file).samples == run.expected(12)));
}

TEST_CASE("sampling: a finished file is recognised, can be made longer, and is never cut") {
  FileRun run;
  run.draw("a");
  const auto written = std::filesystem::last_write_time(run.file);
  CHECK(run.draw("a").resumed == 12);
  CHECK(std::filesystem::last_write_time(run.file) == written);
  run.options.count = 17;
  CHECK(run.draw("a").resumed == 12);
  CHECK((read_sample_file(run.file).samples == run.expected(17)));
  run.options.count = 5;
  CHECK_THROWS_WITH(run.draw("a"), ContainsSubstring("holds 17 of these samples already"));
  CHECK((read_sample_file(run.file).samples == run.expected(17)));
}

TEST_CASE("sampling: other content of a file is kept unless it is to be replaced") {
  FileRun run;
  SECTION("a file of somebody else") {
    write_file_atomically(run.file, "precious\n");
    CHECK_THROWS_WITH(run.draw("a"), ContainsSubstring("nothing says what it was made from") &&
                                         ContainsSubstring("--restart"));
    CHECK(read_file(run.file) == "precious\n");
  }
  SECTION("another checkpoint and seed") {
    run.draw_some("a");
    run.options.seed = 6;
    CHECK_THROWS_WITH(run.draw("b"), ContainsSubstring("seed (5, now 6), another checkpoint"));
    CHECK((read_sample_file(run.file).samples == run.expected(4)));
    run.options.seed = 5;
  }
  SECTION("samples that were changed afterwards") {
    run.draw("a");
    write_file_atomically(run.file, "precious\n");
    CHECK_THROWS_WITH(run.draw("a"), ContainsSubstring("changed after it was drawn"));
    CHECK(read_file(run.file) == "precious\n");
  }
  CHECK(run.draw("c", ExistingFile::replace_other).written == 12);
  CHECK((read_sample_file(run.file).samples == run.expected(12)));
  CHECK(run.draw("c").resumed == 12);
}

TEST_CASE("sampling: a file stays whole until its replacement is, which can be interrupted") {
  FileRun run;
  run.draw("a");
  const std::string before = read_file(run.file);
  CHECK(run.draw_some("b", ExistingFile::replace).written == 4);
  CHECK(read_file(run.file) == before);
  CHECK(run.draw("a").resumed == 12);
  const FileJobResult result = run.draw("b", ExistingFile::replace);
  CHECK(result.resumed == 4);
  CHECK(result.written == 12);
  CHECK(run.draw("b").resumed == 12);
  CHECK_FALSE(std::filesystem::exists(run.folder / "samples.jsonl.replacement"));
  CHECK(run.draw("b", ExistingFile::replace).resumed == 0);
}
