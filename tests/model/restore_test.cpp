// SPDX-License-Identifier: MIT
#include "equigen/model/restore.h"

#include <torch/nn/module.h>
#include <torch/types.h>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/plugin/registry.h"
#include "paths.h"
#include "train/linear_model.h"

using namespace equigen;
using equigen::testing::LinearModel;

namespace {

void register_linear_model() {
  if (Registry::instance().find(Model::kind, "linear")) return;
  RegistryBuilder builder("tests");
  builder.add<Model, LinearModel>("linear", "a linear model");
  Registry::instance().commit(builder.take());
}

}  // namespace

TEST_CASE("restore: the model of a checkpoint, with its averages or without") {
  register_linear_model();
  const equigen::testing::TemporaryFolder folder;
  const LinearModel model({.nodes = 4}, 77);
  Checkpoint checkpoint;
  checkpoint.config = {{"model", {{"type", "linear"}, {"nodes", 4}}}};
  checkpoint.model = weights_of(model);
  checkpoint.ema.set("weight", torch::ones({4, 4}));
  write_checkpoint(folder / "checkpoints", checkpoint);
  const RestoredModel last = restore_model(folder.path(), {}, {.use_ema = false});
  CHECK_FALSE(last.ema_used);
  CHECK(torch::equal(weights_of(*last.model).at("weight"), checkpoint.model.at("weight")));
  const RestoredModel averaged = restore_model(folder.path(), {}, {});
  CHECK(averaged.ema_used);
  CHECK(torch::equal(weights_of(*averaged.model).at("weight"), torch::ones({4, 4})));
  const std::vector<std::string> larger{"model.nodes=5"};
  CHECK_THROWS_WITH(restore_model(folder.path(), larger, {}),
                    ContainsSubstring("trained with another model.nodes"));
  const std::vector<std::string> same{"model.nodes=4", "model.largest_batch=3"};
  CHECK_NOTHROW(restore_model(folder.path(), same, {}));
  const std::vector<std::string> wrong{"model.nodes=500"};
  CHECK_THROWS_AS(restore_model(folder.path(), wrong, {}), ConfigError);
}

TEST_CASE("restore: weights of another size are refused") {
  register_linear_model();
  const equigen::testing::TemporaryFolder folder;
  Checkpoint checkpoint;
  checkpoint.config = {{"model", {{"type", "linear"}, {"nodes", 5}}}};
  checkpoint.model = weights_of(LinearModel({.nodes = 4}, 77));
  write_checkpoint(folder / "checkpoints", checkpoint);
  CHECK_THROWS_WITH(restore_model(folder.path(), {}, {}),
                    ContainsSubstring("is [4, 4] where the model has [5, 5]"));
}

TEST_CASE("restore: a checkpoint of an unknown model, or without one, is refused") {
  const equigen::testing::TemporaryFolder folder;
  Checkpoint checkpoint;
  checkpoint.config = {{"name", "nothing"}};
  write_checkpoint(folder / "checkpoints", checkpoint);
  CHECK_THROWS_AS(restore_model(folder.path(), {}, {}), DataError);
  checkpoint.config = {{"model", {{"type", "no_such_model"}}}};
  write_checkpoint(folder / "checkpoints", checkpoint);
  CHECK_THROWS_WITH(restore_model(folder.path(), {}, {}), ContainsSubstring("no_such_model"));
}
