// SPDX-License-Identifier: MIT
#include "equigen/experiment/experiment.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/plugin/registry.h"
#include "paths.h"

using namespace equigen;
using equigen::testing::TemporaryFolder;

namespace {

/// A model and a data set without keys, so that experiments can be checked without plugins.
struct EmptyConfig {
  static void declare(config::Declaration<EmptyConfig>&) {}
};
struct ModelKind {
  static constexpr std::string_view kind = "model";
  using Create = std::shared_ptr<ModelKind>();
  virtual ~ModelKind() = default;
};
struct DatasetKind {
  static constexpr std::string_view kind = "dataset";
  using Create = std::shared_ptr<DatasetKind>();
  virtual ~DatasetKind() = default;
};
struct TestModel : ModelKind {
  using Config = EmptyConfig;
  explicit TestModel(const Config&) {}
};
struct TestDataset : DatasetKind {
  using Config = EmptyConfig;
  explicit TestDataset(const Config&) {}
};

void register_test_components() {
  static const bool done = [] {
    RegistryBuilder builder("test");
    builder.add<ModelKind, TestModel>("test_model", "a model");
    builder.add<DatasetKind, TestDataset>("test_data", "a data set");
    Registry::instance().commit(builder.take());
    return true;
  }();
  REQUIRE(done);
}

constexpr const char* kBase = "model: {type: test_model}\ndata: {type: test_data}\n";

LoadedExperiment load(const TemporaryFolder& folder, const std::string& text,
                      const std::vector<std::string>& overrides = {}) {
  register_test_components();
  write_file_atomically(folder / "run.yaml", kBase + text);
  return load_experiment(folder / "run.yaml", overrides);
}

}  // namespace

TEST_CASE("experiment: defaults complete what a file leaves out, overrides win") {
  const TemporaryFolder folder;
  const auto loaded = load(folder, "trainer: {max_steps: 5}\n", {"trainer.batch_size=3", "seed=9"});
  CHECK(loaded.experiment.trainer.max_steps == 5);
  CHECK(loaded.experiment.trainer.batch_size == 3);
  CHECK(loaded.experiment.seed == 9);
  CHECK(loaded.experiment.trainer.optimizer.beta2 == 0.999);
  CHECK(loaded.tree.at_path("trainer.optimizer.beta2")->text() == "0.999");
}

TEST_CASE("experiment: the saved configuration reads back as the same experiment") {
  const TemporaryFolder folder;
  const auto loaded =
      load(folder, "trainer: {max_epochs: 2, max_time: 4 min}\nsampling: {seed: 3}\n");
  write_file_atomically(folder / "saved.yaml", loaded.tree.to_yaml());
  const auto again = load_experiment(folder / "saved.yaml", {});
  CHECK(again.tree.to_json() == loaded.tree.to_json());
  CHECK(again.experiment.sampling.seed == 3U);
}

TEST_CASE("experiment: contradictions are reported with their place") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(load(folder, "trainer: {batch_size: 4}\n"),
                    ContainsSubstring("no limit") && ContainsSubstring("run.yaml:3"));
  CHECK_THROWS_WITH(load(folder, "trainer: {max_time: soon}\n"),
                    ContainsSubstring("not a duration"));
  CHECK_THROWS_WITH(load(folder, "device: tpu\n"), ContainsSubstring("no device 'tpu'"));
  CHECK_THROWS_WITH(
      load(folder,
           "trainer: {max_steps: 1, validate_every_epochs: 0, early_stopping: {patience: 3}}\n"),
      ContainsSubstring("never comes"));
  CHECK_THROWS_WITH(load(folder, "trainer: {max_steps: 1, checkpoint: {best_metric: fid}}\n"),
                    ContainsSubstring("'fid'"));
  CHECK_THROWS_WITH(
      load(folder, "trainer: {max_steps: 1, early_stopping: {patience: 3, metric: fid}}\n"),
      ContainsSubstring("'fid'"));
  CHECK_THROWS_WITH(load(folder, "trainer: {max_time: 0 s}\n"), ContainsSubstring("no time"));
  CHECK_THROWS_WITH(load(folder, "name: ../../esc\n"), ContainsSubstring("'../../esc'"));
  CHECK_THROWS_WITH(load(folder,
                         "trainer: {max_steps: 1, optimizer: {learning_rate: 0.01}, "
                         "schedule: {minimum_learning_rate: 0.1}}\n"),
                    ContainsSubstring("0.1 is above the learning rate 0.01"));
}

TEST_CASE("experiment: plugin paths are relative to the file and saved as absolute ones") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "mine");
  const auto loaded = load(folder, "plugins: [mine]\n");

  CHECK(loaded.experiment.plugins == std::vector<std::string>{(folder / "mine").string()});
}

TEST_CASE("experiment: durations have a unit") {
  CHECK(parse_duration("90 s") == 90.0);
  CHECK(parse_duration("1.5h") == 5400.0);
  CHECK(parse_duration("2 d") == 172800.0);
  CHECK_FALSE(parse_duration("90"));
  CHECK_FALSE(parse_duration("min"));
  CHECK_FALSE(parse_duration("1 week"));
}
