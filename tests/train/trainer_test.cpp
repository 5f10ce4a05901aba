// SPDX-License-Identifier: MIT
#include "equigen/train/trainer.h"

#include <torch/types.h>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/tensor/safetensors.h"
#include "equigen/testing/separate_device.h"
#include "equigen/train/device.h"
#include "equigen/train/run_folder.h"
#include "paths.h"
#include "train/linear_model.h"

using namespace equigen;
using equigen::testing::LinearModel;
using equigen::testing::random_graphs;
using equigen::testing::TemporaryFolder;

namespace {

const std::vector<Sample>& graphs() {
  static const std::vector<Sample> all = random_graphs(30);
  return all;
}

TrainerConfig small_config() {
  TrainerConfig config;
  config.max_steps = 17;
  config.batch_size = 4;
  config.gradient_clip_norm = 1;
  config.log_every_steps = 3;
  config.optimizer.learning_rate = 0.02;
  config.optimizer.weight_decay = 1e-3;
  config.schedule.type = "exponential";
  config.schedule.interval = "epoch";
  config.schedule.gamma = 0.9;
  config.ema.decay = 0.99;
  config.checkpoint.every_steps = 5;
  return config;
}

TrainerSetup setup_for(const std::filesystem::path& folder, const TrainerConfig& config,
                       LinearModel::Options options = {}) {
  TrainerSetup setup;
  setup.model = std::make_shared<LinearModel>(options);
  setup.train = std::span(graphs()).first(22);
  setup.validation = std::span(graphs()).last(8);
  setup.config = config;
  setup.seed = 11;
  setup.folder = folder;
  setup.experiment = {{"model", {{"type", "linear"}}}};
  setup.summary = summarise("graphs", graphs());
  setup.show_progress = false;
  return setup;
}

StopRequested after_steps(int count) {
  return [count, asked = 0]() mutable { return ++asked >= count; };
}

StopRequested never() {
  return [] { return false; };
}

void check_equal(const Batch& a, const Batch& b) {
  REQUIRE(a.size() == b.size());
  for (const auto& [name, tensor] : a.tensors()) {
    INFO(name);
    CHECK(torch::equal(tensor, b.at(name)));
  }
}

/// metrics.jsonl without what measures time.
std::vector<nlohmann::json> figures(const std::filesystem::path& folder) {
  std::vector<nlohmann::json> lines;
  read_lines(folder / "metrics.jsonl", [&](std::string_view line, std::int64_t) {
    nlohmann::json entry = nlohmann::json::parse(line);
    entry.erase("time");
    entry.erase("samples_per_second");
    lines.push_back(std::move(entry));
    return true;
  });
  return lines;
}

void check_same_run(const std::filesystem::path& a, const std::filesystem::path& b) {
  const Checkpoint first = read_latest_checkpoint(a / "checkpoints");
  const Checkpoint second = read_latest_checkpoint(b / "checkpoints");
  CHECK(first.step == second.step);
  check_equal(first.model, second.model);
  check_equal(first.ema, second.ema);
  check_equal(first.optimizer, second.optimizer);
  CHECK(figures(a) == figures(b));
}

}  // namespace

TEST_CASE("trainer: a run that was stopped and resumed equals one that was not, bit for bit") {
  TrainerConfig config = small_config();
  SECTION("with an average, dropout and an exponential schedule") {}
  SECTION("with accumulation and a plateau schedule") {
    config.accumulate_batches = 4;
    config.schedule.type = "plateau";
    config.schedule.plateau_patience = 0;
    config.validate_every_steps = 2;
  }
  SECTION("with sgd, loader threads and early stopping") {
    config.optimizer.type = "sgd";
    config.optimizer.momentum = 0.9;
    config.loader_threads = 3;
    config.early_stopping.patience = 50;
  }
  const TemporaryFolder whole;
  const TemporaryFolder parts;
  Trainer(setup_for(whole.path(), config)).run(never());
  // Stops in the middle of epochs (6 batches each).
  for (const int stop_after : {4, 5, 100}) {
    Trainer trainer(setup_for(parts.path(), config));
    if (std::filesystem::exists(parts / "metrics.jsonl"))
      trainer.resume(read_latest_checkpoint(parts / "checkpoints"));
    trainer.run(after_steps(stop_after));
  }
  check_same_run(whole.path(), parts.path());
}

TEST_CASE("trainer: a run that was killed goes on from its last checkpoint to the same numbers") {
  const TemporaryFolder whole;
  const TemporaryFolder killed;
  Trainer(setup_for(whole.path(), small_config())).run(never());
  struct Kill {};
  {
    Trainer trainer(setup_for(killed.path(), small_config()));
    CHECK_THROWS_AS(trainer.run([asked = 0]() mutable -> bool {
      if (++asked == 13) throw Kill();
      return false;
    }),
                    Kill);
  }
  const Checkpoint last = read_latest_checkpoint(killed / "checkpoints");
  CHECK(last.step == 10);
  Trainer trainer(setup_for(killed.path(), small_config()));
  trainer.resume(last);
  CHECK(trainer.run(never()).end == "max_steps");
  check_same_run(whole.path(), killed.path());
}

TEST_CASE("trainer: on another device a run stops, goes on and learns as on the CPU") {
  const TemporaryFolder here;
  const TemporaryFolder there;
  TrainerConfig config = small_config();
  config.accumulate_batches = 2;
  Trainer(setup_for(here.path(), config, {.dropout = 0})).run(never());
  for (const int stop_after : {6, 100}) {
    TrainerSetup setup = setup_for(there.path(), config, {.dropout = 0});
    setup.device = equigen::testing::separate_device();
    Trainer trainer(std::move(setup));
    if (std::filesystem::exists(there / "metrics.jsonl"))
      trainer.resume(read_latest_checkpoint(there / "checkpoints"));
    trainer.run(after_steps(stop_after));
  }
  const Checkpoint first = read_latest_checkpoint(here / "checkpoints");
  const Checkpoint second = read_latest_checkpoint(there / "checkpoints");
  CHECK(first.step == second.step);
  for (const auto& [name, tensor] : first.ema.tensors()) {
    INFO(name);
    CHECK(second.ema.at(name).allclose(tensor, 1e-4, 1e-5));
  }
}

TEST_CASE("trainer: limits, early stopping and stop requests end a run and say why") {
  TrainerConfig config = small_config();
  const auto end_of = [](const TrainerConfig& settings, const StopRequested& stop = never()) {
    const TemporaryFolder folder;
    return Trainer(setup_for(folder.path(), settings)).run(stop);
  };
  TrainingOutcome outcome = end_of(config);
  CHECK(outcome.end == "max_steps");
  CHECK(outcome.step == 17);
  CHECK(outcome.validation_loss.has_value());
  config.max_steps = -1;
  config.max_epochs = 2;
  outcome = end_of(config);
  CHECK(outcome.end == "max_epochs");
  CHECK(outcome.step == 12);
  outcome = end_of(config, after_steps(3));
  CHECK(outcome.interrupted);
  CHECK(outcome.step == 3);
  config.max_epochs = 100000;
  config.max_time = "0.05 s";
  CHECK(end_of(config).end == "max_time");
  config.max_time.clear();
  config.early_stopping.patience = 2;
  config.early_stopping.minimum_change = 1000;
  outcome = end_of(config);
  CHECK(outcome.end == "early_stopping");
  CHECK(outcome.epoch == 3);
}

TEST_CASE("trainer: keeps the last checkpoints and the best by a metric") {
  const TemporaryFolder folder;
  TrainerConfig config = small_config();
  config.max_steps = 30;
  config.sampling.every_steps = 4;
  config.checkpoint = {
      .every_steps = 5, .keep_last = 2, .best_metric = "metric/score", .best_direction = "higher"};
  TrainerSetup setup = setup_for(folder.path(), config);
  setup.measure = [](Model&, std::int64_t step) -> NamedValues {
    if (step == 16) throw DataError("test", "no valid sample");
    return {{"score", step == 8 ? 1.0 : 0.5}};
  };
  Trainer(std::move(setup)).run(never());
  std::vector<std::string> names;
  for (const auto& path : list_checkpoints(folder / "checkpoints"))
    names.push_back(path.stem().string());
  CHECK(names == std::vector<std::string>{"step_00000008", "step_00000025", "step_00000030"});
  const auto best = read_best_checkpoint(folder / "checkpoints");
  REQUIRE(best.has_value());
  CHECK(best->name == "step_00000008");
  CHECK(best->value == 1.0);
  CHECK(open_checkpoint(folder.path(), CheckpointChoice::best).step == 8);
  CHECK(open_checkpoint(folder.path()).step == 30);
}

TEST_CASE("trainer: a figure of the training itself can be watched") {
  const TemporaryFolder folder;
  TrainerConfig config = small_config();
  config.checkpoint.best_metric = "train/norm";
  Trainer(setup_for(folder.path(), config)).run(never());
  const auto best = read_best_checkpoint(folder / "checkpoints");
  REQUIRE(best.has_value());
  CHECK(best->metric == "train/norm");
}

TEST_CASE("trainer: a watched figure that never comes ends the run, with its state saved") {
  const TemporaryFolder folder;
  TrainerConfig config = small_config();
  config.sampling.every_steps = 4;
  std::string suggestion;
  SECTION("of the metrics") {
    config.checkpoint.best_metric = "metric/degre_mmd";
    suggestion = "did you mean 'metric/degree_mmd'?";
  }
  SECTION("of the validation") {
    config.early_stopping = {.metric = "validation/los", .patience = 3};
    suggestion = "did you mean 'validation/loss'?";
  }
  SECTION("of the training") {
    config.early_stopping = {.metric = "train/matrx", .patience = 3};
    suggestion = "did you mean 'train/matrix'?";
  }
  TrainerSetup setup = setup_for(folder.path(), config);
  setup.measure = [](Model&, std::int64_t) -> NamedValues { return {{"degree_mmd", 1.0}}; };
  Trainer trainer(std::move(setup));
  CHECK_THROWS_WITH(trainer.run(never()), ContainsSubstring(suggestion));
  CHECK_NOTHROW(read_latest_checkpoint(folder / "checkpoints"));
}

TEST_CASE("trainer: a full disk stops the logs, not the training") {
  const TemporaryFolder folder;
  const auto fill_disk = [&, is_full = false]() mutable {
    if (std::exchange(is_full, true)) return false;
    std::filesystem::remove(folder / "metrics.jsonl");
    std::filesystem::create_symlink("/dev/full", folder / "metrics.jsonl");
    return false;
  };
  CHECK(Trainer(setup_for(folder.path(), small_config())).run(fill_disk).end == "max_steps");
  CHECK(read_latest_checkpoint(folder / "checkpoints").step == 17);
}

TEST_CASE("trainer: a loss that is not finite stops the run with the batch and the state saved") {
  const TemporaryFolder folder;
  TrainerConfig config = small_config();
  config.validate_every_epochs = 0;
  LinearModel::Options options;
  options.nan_at_call = 7;
  Trainer trainer(setup_for(folder.path(), config, options));
  CHECK_THROWS_WITH(trainer.run(never()), ContainsSubstring("loss term 'norm' is nan at step 7") &&
                                              ContainsSubstring("non_finite_step_00000007"));
  const TensorFile batch = read_safetensors(folder / "non_finite_step_00000007.safetensors");
  CHECK(batch.tensors.at("adjacency").size(0) == 4);
  const Checkpoint saved = read_latest_checkpoint(folder / "checkpoints");
  CHECK(saved.step == 7);
  for (const auto& [name, tensor] : saved.model.tensors())
    CHECK(torch::isfinite(tensor).all().item<bool>());
}

TEST_CASE("trainer: a sample that cannot be collated stops the run with the state saved") {
  const TemporaryFolder folder;
  LinearModel::Options options;
  options.fail_at_collate = std::ssize(std::get<Graph>(graphs()[3].structure).edges);
  Trainer trainer(setup_for(folder.path(), small_config(), options));
  CHECK_THROWS_AS(trainer.run(never()), DataError);
  CHECK_NOTHROW(read_latest_checkpoint(folder / "checkpoints"));
}

TEST_CASE("trainer: overfitting one batch drives its loss down") {
  const TemporaryFolder folder;
  TrainerConfig config = small_config();
  config.max_steps = 150;
  config.overfit_batches = 1;
  config.schedule.type = "constant";
  config.validate_every_epochs = 0;
  Trainer(setup_for(folder.path(), config)).run(never());
  const std::vector<nlohmann::json> lines = figures(folder.path());
  CHECK(lines.back().at("train/loss").get<double>() <
        0.7 * lines.front().at("train/loss").get<double>());
}

TEST_CASE("trainer: bfloat16 trains") {
  const TemporaryFolder folder;
  TrainerConfig config = small_config();
  config.precision = "bfloat16";
  CHECK(Trainer(setup_for(folder.path(), config)).run(never()).step == 17);
}

TEST_CASE("trainer: refuses a checkpoint of another model or shape") {
  const TemporaryFolder folder;
  Trainer(setup_for(folder.path(), small_config())).run(after_steps(2));
  Checkpoint checkpoint = read_latest_checkpoint(folder / "checkpoints");
  {
    LinearModel::Options larger;
    larger.nodes = 9;
    Trainer trainer(setup_for(folder.path(), small_config(), larger));
    CHECK_THROWS_WITH(trainer.resume(checkpoint),
                      ContainsSubstring("'weight' is [6, 6] where the model has [9, 9]"));
  }
  Trainer trainer(setup_for(folder.path(), small_config()));
  checkpoint.config["model"]["type"] = "gaussian";
  CHECK_THROWS_WITH(trainer.resume(checkpoint), ContainsSubstring("of model 'gaussian'"));
}

TEST_CASE("trainer: a run folder that cannot be written is an error before training") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "file", "");
  CHECK_THROWS_AS(RunFolder::create(folder / "file", "name"), ResourceError);
  CHECK_THROWS_AS(Trainer(setup_for(folder / "file", small_config())), ResourceError);
  CHECK_THROWS_AS(RunFolder::open(folder / "none"), DataError);
  CHECK_THROWS_AS(RunFolder::open(folder.path()), DataError);
  std::filesystem::path path;
  {
    const RunFolder run = RunFolder::create(folder / "runs", "name");
    const RunFolder next = RunFolder::create(folder / "runs", "name");
    CHECK(run.path() != next.path());
    path = run.path();
    CHECK_THROWS_WITH(RunFolder::open(path), ContainsSubstring("another process trains in"));
  }
  CHECK_NOTHROW(RunFolder::open(path));
}

TEST_CASE("trainer: a disk that fills up while saving leaves the checkpoint before") {
  if (!std::filesystem::exists("/dev/full")) return;
  const TemporaryFolder folder;
  Trainer(setup_for(folder.path(), small_config())).run(after_steps(2));
  Trainer trainer(setup_for(folder.path(), small_config()));
  trainer.resume(read_latest_checkpoint(folder / "checkpoints"));
  const std::filesystem::path next = folder / "checkpoints/step_00000005.safetensors";
  std::int64_t expected = 2;
  SECTION("for good") {
    std::filesystem::create_directories(next / "in_the_way");
  }
  SECTION("for a moment: a second attempt is made before leaving") {
    // The temporary name of the next file of tensors leads to a device that is always full.
    std::filesystem::create_symlink("/dev/full",
                                    next.string() + fmt::format(".{}.tmp", ::getpid()));
    expected = 5;
  }
  CHECK_THROWS_AS(trainer.run(never()), ResourceError);
  CHECK(read_latest_checkpoint(folder / "checkpoints").step == expected);
}

TEST_CASE("device: a GPU that is not there is an error that says what to do") {
  CHECK(choose_device("cpu").is_cpu());
  CHECK_NOTHROW(choose_device("auto"));
  CHECK_THROWS_WITH(choose_device("cuda:77"),
                    ContainsSubstring("cuda:77") && ContainsSubstring("device=cpu"));
  CHECK_THROWS_AS(choose_device("tpu"), ConfigError);
  CHECK(describe_environment().at("threads").get<int>() >= 1);
}
