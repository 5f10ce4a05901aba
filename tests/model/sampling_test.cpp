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

TEST_CASE("sampling: a file that was left by a stopped call is gone on with, another is replaced") {
  const equigen::testing::TemporaryFolder folder;
  const auto file = folder / "samples.jsonl";
  const auto state = folder / "samples.jsonl.state.json";
  LinearModel model({});
  const std::vector<Sample> expected = draw_samples(model, {.count = 12, .seed = 5});
  DrawOptions options{.count = 12, .batch_size = 4, .seed = 5, .show_progress = false};
  int asked = 0;
  options.stop = [&] { return ++asked > 1; };
  CHECK(draw_samples_to_file(model, {file, "a"}, options).written == 4);
  CHECK(std::filesystem::exists(state));
  // A kill in the middle of a line.
  const std::string whole = read_file(file);
  write_file_atomically(file, whole.substr(0, whole.size() - 5));
  options.stop = [] { return false; };
  SECTION("the same job") {
    const FileJobResult result = draw_samples_to_file(model, {file, "a"}, options);
    CHECK(result.resumed == 3);
    CHECK(result.written == 12);
  }
  SECTION("another origin") {
    CHECK(draw_samples_to_file(model, {file, "b"}, options).resumed == 0);
  }
  CHECK_FALSE(std::filesystem::exists(state));
  CHECK((read_sample_file(file).samples == expected));
}
