// SPDX-License-Identifier: MIT
#include "equigen/train/batch_loader.h"

#include <torch/types.h>

#include "catch.h"
#include "equigen/base/error.h"
#include "train/linear_model.h"

using namespace equigen;
using equigen::testing::LinearModel;
using equigen::testing::random_graphs;

namespace {

std::vector<at::Tensor> take(BatchLoader& loader, int count) {
  std::vector<at::Tensor> batches;
  for (int i = 0; i < count; ++i) batches.push_back(loader.next().batch.at("adjacency"));
  return batches;
}

}  // namespace

TEST_CASE("loader: the order is the same for any number of threads, and can be entered anywhere") {
  const LinearModel model({});
  const std::vector<Sample> samples = random_graphs(23);
  const LoaderOptions options{.batch_size = 5, .threads = 0, .seed = 9};
  BatchLoader reference(model, samples, options, "training");
  CHECK(reference.batches_per_epoch() == 5);
  const std::vector<at::Tensor> expected = take(reference, 15);
  CHECK(expected[4].size(0) == 3);
  CHECK_FALSE(torch::equal(expected[0], expected[5]));
  for (const std::int64_t threads : {0, 1, 3}) {
    LoaderOptions threaded = options;
    threaded.threads = threads;
    BatchLoader loader(model, samples, threaded, "training");
    std::vector<at::Tensor> batches = take(loader, 15);
    for (std::size_t i = 0; i < batches.size(); ++i) CHECK(torch::equal(batches[i], expected[i]));
    loader.seek({1, 3});
    batches = take(loader, 4);
    for (std::size_t i = 0; i < batches.size(); ++i)
      CHECK(torch::equal(batches[i], expected[8 + i]));
    CHECK(loader.position() == LoaderPosition{2, 2});
  }
}

TEST_CASE("loader: every sample comes once an epoch, in order without shuffling") {
  const LinearModel model({});
  const std::vector<Sample> samples = random_graphs(10);
  BatchLoader ordered(model, samples, {.batch_size = 4, .shuffle = false}, "validation");
  const at::Tensor all = torch::cat(take(ordered, 3));
  CHECK(torch::equal(all, model.collate(samples).at("adjacency")));
  BatchLoader shuffled(model, samples, {.batch_size = 4, .seed = 1}, "training");
  const at::Tensor mixed = torch::cat(take(shuffled, 3));
  CHECK(torch::equal(mixed.sum(0), all.sum(0)));
  BatchLoader limited(model, samples, {.batch_size = 4, .batch_limit = 1}, "training");
  CHECK(limited.sample_count() == 4);
  CHECK(limited.batches_per_epoch() == 1);
}

TEST_CASE("loader: samples that do not fit are left out; none that fits is an error") {
  const LinearModel model({});
  std::vector<Sample> samples = random_graphs(6);
  samples.push_back({Graph{50, {}}, {}});
  BatchLoader loader(model, samples, {.batch_size = 4}, "training");
  CHECK(loader.sample_count() == 6);
  CHECK(loader.misfit_count() == 1);
  const std::vector<Sample> large(3, Sample{Graph{50, {}}, {}});
  CHECK_THROWS_WITH(
      BatchLoader(model, large, {}, "training"),
      ContainsSubstring("none of the 3 training samples") && ContainsSubstring("too many nodes"));
  CHECK_THROWS_WITH(BatchLoader(model, {}, {}, "validation"),
                    ContainsSubstring("the validation set is empty"));
}

TEST_CASE("loader: a reason that many samples share is told once, with their number") {
  const LinearModel model({});
  std::vector<Sample> samples = random_graphs(3);
  for (int k = 0; k < 8; ++k) samples.push_back({Graph{50, {}}, {}});
  const UsableSamples usable = find_usable_samples(model, samples);
  CHECK(usable.misfit_count == 8);
  CHECK(usable.reasons == std::vector<std::string>{"sample 3 and 7 more: too many nodes"});
  CHECK_FALSE(usable.has_more_reasons);
}

TEST_CASE("loader: what collate throws arrives with its batch, and the loader goes on") {
  LinearModel::Options options;
  options.fail_at_collate = 1;
  const LinearModel model(options);
  std::vector<Sample> samples(6, Sample{Graph{3, {}}, {}});
  samples[4] = {Graph{3, {{0, 1}}}, {}};
  for (const std::int64_t threads : {0, 2}) {
    BatchLoader loader(model, samples, {.batch_size = 2, .threads = threads, .shuffle = false},
                       "training");
    CHECK_NOTHROW(take(loader, 2));
    CHECK_THROWS_AS(loader.next(), DataError);
    CHECK_NOTHROW(take(loader, 2));
  }
}
