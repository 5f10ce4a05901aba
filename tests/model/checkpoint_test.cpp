// SPDX-License-Identifier: MIT
#include "equigen/model/checkpoint.h"

#include <torch/types.h>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "paths.h"
#include "train/linear_model.h"

using namespace equigen;
using equigen::testing::LinearModel;
using equigen::testing::TemporaryFolder;

namespace {

Checkpoint checkpoint_of(const LinearModel& model, std::int64_t step) {
  Checkpoint checkpoint;
  checkpoint.step = step;
  checkpoint.epoch = 3;
  checkpoint.config = {{"model", {{"type", "linear"}, {"depth", 2}}}};
  checkpoint.data = summarise("graphs", equigen::testing::random_graphs(5));
  checkpoint.trainer = {{"seconds", 0.1}};
  checkpoint.model = weights_of(model);
  checkpoint.ema.set("weight", torch::ones({6, 6}));
  checkpoint.optimizer.set("all.0.steps", torch::tensor(std::int64_t{7}));
  return checkpoint;
}

void alter_last_byte(const std::filesystem::path& file) {
  std::string bytes = read_file(file);
  bytes[bytes.size() - 3] = static_cast<char>(bytes[bytes.size() - 3] ^ 1);
  write_file_atomically(file, bytes);
}

}  // namespace

TEST_CASE("checkpoint: all of it reads back") {
  const TemporaryFolder folder;
  const LinearModel model({});
  const auto path = write_checkpoint(folder.path(), checkpoint_of(model, 1000));
  CHECK(path.filename() == "step_00001000.json");
  const Checkpoint read = read_checkpoint(folder / "step_00001000.safetensors");
  CHECK(read.step == 1000);
  CHECK(read.epoch == 3);
  CHECK(read.model_type() == "linear");
  CHECK(read.config.at("model").at("depth") == 2);
  CHECK(read.trainer.at("seconds") == 0.1);
  CHECK(read.data.to_json() == checkpoint_of(model, 1).data.to_json());
  CHECK(torch::equal(read.ema.at("weight"), torch::ones({6, 6})));
  CHECK(read.optimizer.at("all.0.steps").item<std::int64_t>() == 7);
  LinearModel other({}, 99);
  load_weights(other, read.model, "file");
  const Batch own = weights_of(model);
  const Batch loaded = weights_of(other);
  for (const auto& [name, tensor] : own.tensors()) CHECK(torch::equal(tensor, loaded.at(name)));
}

TEST_CASE("checkpoint: a damaged one is refused by name, and the latest whole one is used") {
  const TemporaryFolder folder;
  const LinearModel model({});
  for (const std::int64_t step : {1, 2, 3})
    write_checkpoint(folder.path(), checkpoint_of(model, step));
  const auto tensors = folder / "step_00000003.safetensors";
  const auto description = folder / "step_00000003.json";
  SECTION("tensors truncated") {
    std::filesystem::resize_file(tensors, std::filesystem::file_size(tensors) / 2);
  }
  SECTION("tensors altered") {
    alter_last_byte(tensors);
  }
  SECTION("tensors missing") {
    std::filesystem::remove(tensors);
  }
  SECTION("description truncated") {
    std::filesystem::resize_file(description, 100);
  }
  SECTION("description empty") {
    std::filesystem::resize_file(description, 0);
  }
  SECTION("description altered") {
    std::string content = read_file(description);
    content.replace(content.find("\"epoch\": 3"), 10, "\"epoch\": 4");
    write_file_atomically(description, content);
  }
  CHECK_THROWS_WITH(read_checkpoint(description), ContainsSubstring("step_00000003"));
  CHECK_THROWS_AS(read_checkpoint(description), DataError);
  CHECK(read_latest_checkpoint(folder.path()).step == 2);
}

TEST_CASE("checkpoint: none, none whole, and a newer format are errors") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(read_latest_checkpoint(folder.path()), ContainsSubstring("there is no"));
  CHECK_THROWS_AS(open_checkpoint(folder / "none"), DataError);
  CHECK_THROWS_WITH(open_checkpoint(folder.path(), CheckpointChoice::best),
                    ContainsSubstring("best"));
  write_file_atomically(folder / "step_00000001.json", R"({"format": 99})");
  CHECK_THROWS_WITH(read_checkpoint(folder / "step_00000001.json"), ContainsSubstring("format 99"));
  CHECK_THROWS_WITH(read_latest_checkpoint(folder.path()), ContainsSubstring("none of the 1"));
  write_file_atomically(folder / "best.json", "{");
  CHECK_THROWS_AS(read_best_checkpoint(folder.path()), DataError);
}

TEST_CASE("checkpoint: old ones and leftovers go, the best stays") {
  const TemporaryFolder folder;
  const LinearModel model({});
  for (const std::int64_t step : {1, 2, 3, 4, 5})
    write_checkpoint(folder.path(), checkpoint_of(model, step));
  write_best_checkpoint(folder.path(), {"step_00000002", "validation/loss", 0.25});
  write_file_atomically(folder / "step_00000009.safetensors", "cut off before its description");
  prune_checkpoints(folder.path(), 2);
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    left.push_back(entry.path().filename().string());
  std::ranges::sort(left);
  CHECK(left == std::vector<std::string>{"best.json", "step_00000002.json",
                                         "step_00000002.safetensors", "step_00000004.json",
                                         "step_00000004.safetensors", "step_00000005.json",
                                         "step_00000005.safetensors"});
}

TEST_CASE("weights: of another model are refused with the first differences") {
  LinearModel model({});
  Batch weights = weights_of(model);
  weights.set("bias", torch::zeros({2}));
  weights.set("extra", torch::zeros({2}));
  CHECK_THROWS_WITH(load_weights(model, weights, "x.json"),
                    ContainsSubstring("x.json") &&
                        ContainsSubstring("'bias' is [2] where the model has [6]") &&
                        ContainsSubstring("the model has no 'extra'"));
  CHECK_THROWS_WITH(load_weights(model, {}, "x.json"), ContainsSubstring("'weight' is missing"));
}
