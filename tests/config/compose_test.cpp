// SPDX-License-Identifier: MIT
#include "equigen/config/compose.h"

#include <cstdlib>
#include <fstream>

#include "catch.h"
#include "paths.h"

using namespace equigen::config;
using equigen::testing::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

/// A tree with configs/ and one experiment.
class Tree {
 public:
  Tree() {
    write("configs/model/small.yaml", "type: gdss\ndepth: 2\nnetwork: {width: 8}\n");
    write("configs/model/large.yaml", "defaults: [small]\ndepth: 9\n");
    write("configs/trainer/fast.yaml", "max_steps: 10\noptimizer: {rate: 0.1}\n");
    write("configs/trainer/slow.yaml", "max_steps: 1000\noptimizer: {rate: 0.001}\n");
  }

  void write(const std::string& name, const std::string& content) const {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << content;
  }

  fs::path experiment(const std::string& content) const {
    write("experiments/gdss/run.yaml", content);
    return folder_ / "experiments/gdss/run.yaml";
  }

  Value composed(const std::string& content, std::vector<std::string> overrides = {}) const {
    Problems problems;
    Value value = compose(experiment(content), overrides, problems);
    INFO((problems.empty() ? std::string() : problems.render()));
    CHECK(problems.empty());
    return value;
  }

  std::string problems_of(const std::string& content,
                          std::vector<std::string> overrides = {}) const {
    Problems problems;
    compose(experiment(content), overrides, problems);
    return problems.empty() ? "" : problems.render();
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("compose: groups go under their key, later entries replace, own keys come last") {
  const Tree tree;
  const Value value = tree.composed(
      "defaults: [model/large, trainer/fast, trainer/slow]\n"
      "model:\n  network: {depth: 4}\ntrainer: {max_steps: 7}\n");
  CHECK(value.to_json() == nlohmann::json::parse(R"({"model": {"type": "gdss", "depth": 9,
            "network": {"width": 8, "depth": 4}},
            "trainer": {"max_steps": 7, "optimizer": {"rate": 0.001}}})"));
  CHECK_THAT(value.at_path("model.depth")->origin().source, ContainsSubstring("large.yaml"));
  CHECK(value.at_path("trainer.max_steps")->origin().line == 4);
}

TEST_CASE("compose: overrides set, remove, choose files and address items of lists") {
  const Tree tree;
  const std::string text = "defaults: [model/small, trainer/fast]\nmetrics: [a, b]\nname: x\n";
  CHECK(tree.composed(text, {"trainer=slow"}).at_path("trainer.max_steps")->text() == "1000");
  CHECK(tree.composed(text, {"trainer.max_steps=5", "trainer=slow"})
            .at_path("trainer.max_steps")
            ->text() == "5");
  CHECK(tree.composed("trainer: {max_steps: 1, other: 2}\n", {"trainer=slow"})
            .find("trainer")
            ->find("other") == nullptr);
  const Value value = tree.composed(
      text, {"metrics.1=c", "~name", "model.network.width=[1, 2]", "new.key={a: 1}", "empty="});
  CHECK(value.find("metrics")->to_json() == nlohmann::json{"a", "c"});
  CHECK(value.find("name") == nullptr);
  CHECK(value.at_path("model.network.width.1")->text() == "2");
  CHECK(value.at_path("new.key.a")->origin().where() == "command line, argument 4: new.key={a: 1}");
  CHECK(value.find("empty")->text().empty());
  CHECK(tree.composed("model: gdss\n", {"model.depth=3"}).find("model")->to_json() ==
        nlohmann::json{{"type", "gdss"}, {"depth", 3}});
}

namespace {

/// The options of `model` that were written for its type.
std::vector<std::string> options_in_force(const Value& tree) {
  std::vector<std::string> names;
  for (const auto& entry : tree.find("model")->entries())
    if (entry.key != "type" && entry.written_for.empty()) names.push_back(entry.key);
  return names;
}

}  // namespace

TEST_CASE("compose: another type leaves the options of the earlier one behind") {
  using Names = std::vector<std::string>;
  const Tree tree;
  const std::string text = "defaults: [model/small]\n";
  CHECK(options_in_force(tree.composed(text)) == Names{"depth", "network"});
  CHECK(options_in_force(tree.composed(text + "model: {type: pard}\n")).empty());
  CHECK(options_in_force(tree.composed(text + "model: {type: gdss, width: 1}\n")) ==
        Names{"depth", "network", "width"});
  const Value other = tree.composed(text + "model: {type: pard, depth: 3}\n");
  CHECK(options_in_force(other) == Names{"depth"});
  CHECK(other.find("model")->entries()[2].written_for == "gdss");

  tree.write("configs/model/other.yaml", "defaults: [small]\ntype: pard\nblocks: 2\n");
  CHECK(options_in_force(tree.composed("defaults: [model/other]\n")) == Names{"blocks"});
  CHECK(options_in_force(tree.composed("defaults: [model/other]\nmodel: {rank: 1}\n")) ==
        Names{"blocks", "rank"});

  CHECK(options_in_force(tree.composed(text, {"model.type=pard"})).empty());
  CHECK(options_in_force(tree.composed(text, {"model.type=gdss"})) == Names{"depth", "network"});
  CHECK(options_in_force(tree.composed(text, {"model.blocks=4", "model.type=pard"})) ==
        Names{"blocks"});
}

TEST_CASE("compose: wrong overrides are reported with the argument") {
  const Tree tree;
  const std::string text = "name: x\nlist: [1]\n";
  CHECK(tree.problems_of(text, {"name"}) ==
        R"(error: 'name' is not an override                                    [config-override]
  --> command line, argument 1: name
   = write key.path=value, or ~key.path to remove a key
1 error in the configuration; nothing was run.)");
  CHECK_THAT(tree.problems_of(text, {"a..b=1"}), ContainsSubstring("is not an override"));
  CHECK_THAT(tree.problems_of(text, {"name=1", "~nam"}),
             ContainsSubstring("argument 2: ~nam") && ContainsSubstring("did you mean 'name'?"));
  CHECK_THAT(tree.problems_of(text, {"list.4=1"}), ContainsSubstring("leads nowhere"));
  CHECK_THAT(tree.problems_of(text, {"name=[1"}), ContainsSubstring("argument 1: name=[1"));
  CHECK_THAT(tree.problems_of(text, {"seed=010"}), ContainsSubstring("write 10"));
}

TEST_CASE("compose: references take whole values, stand in text and read the environment") {
  const Tree tree;
  ::setenv("EQUIGEN_TEST_WORD", "blue", 1);
  const Value value = tree.composed(
      "size: 12\nname: run_${size}_${env:EQUIGEN_TEST_WORD}\ncopy: ${map}\n"
      "map: {a: '${size}', b: '${name}'}\nother: ${env:EQUIGEN_TEST_ABSENT,3}\nraw: $${x}\n");
  ::unsetenv("EQUIGEN_TEST_WORD");
  CHECK(value.find("name")->text() == "run_12_blue");
  CHECK(value.find("copy")->to_json() == nlohmann::json{{"a", 12}, {"b", "run_12_blue"}});
  CHECK(value.find("other")->to_json() == 3);
  CHECK(value.find("raw")->text() == "${x}");
  CHECK(value.at_path("map.b")->origin().line == 4);
}

TEST_CASE("compose: a reference may name a value that has only a default") {
  const Tree tree;
  Problems problems;
  const auto defaults = [](const Value&) {
    return Value::from_json({{"trainer", {{"batch_size", 128}}}});
  };
  const Value value = compose(tree.experiment("sampling: {batch_size: '${trainer.batch_size}'}\n"),
                              {}, problems, defaults);
  CHECK(problems.empty());
  CHECK(value.at_path("sampling.batch_size")->to_json() == 128);
}

TEST_CASE("compose: a circle of references is printed once") {
  const Tree tree;
  const std::string text = tree.problems_of("a: ${b}\nb: x${c}\nc: ${a}\n");
  CHECK_THAT(text, ContainsSubstring("references go round in a circle") &&
                       ContainsSubstring("a -> b -> c -> a") &&
                       ContainsSubstring("1 error in the configuration"));
  CHECK_THAT(tree.problems_of("a: ${a}\n"), ContainsSubstring("a -> a"));
  CHECK_THAT(tree.problems_of("a: {b: '${a}'}\n"), ContainsSubstring("circle"));
}

TEST_CASE("compose: references that lead nowhere or grow without bound are reported") {
  const Tree tree;
  CHECK_THAT(tree.problems_of("trainer: {steps: 1}\nx: ${trainer.stesp}\n"),
             ContainsSubstring("nothing stands at 'trainer.stesp'") &&
                 ContainsSubstring("did you mean 'trainer.steps'?"));
  CHECK_THAT(tree.problems_of("x: ${env:EQUIGEN_TEST_ABSENT}\n"),
             ContainsSubstring("EQUIGEN_TEST_ABSENT is not set"));
  CHECK_THAT(tree.problems_of("x: ${open\n"), ContainsSubstring("is not a reference"));
  CHECK_THAT(tree.problems_of("x: {a: ${b}}\n"), ContainsSubstring("a reference needs quotes"));
  CHECK_THAT(tree.problems_of("m: {a: 1}\nx: text ${m}\n"),
             ContainsSubstring("is not a single value"));
  std::string bomb = "x0: lol\n";
  std::string lists = "x0: [1, 2]\n";
  for (int i = 1; i < 40; ++i) {
    bomb += fmt::format("x{}: ${{x{}}}${{x{}}}\n", i, i - 1, i - 1);
    lists += fmt::format("x{}: ['${{x{}}}', '${{x{}}}']\n", i, i - 1, i - 1);
  }
  CHECK_THAT(tree.problems_of(bomb), ContainsSubstring("expand without bound"));
  CHECK_THAT(tree.problems_of(lists), ContainsSubstring("expand without bound"));
}

TEST_CASE("compose: missing and circular files are reported with the nearest name") {
  const Tree tree;
  CHECK_THAT(tree.problems_of("defaults: [model/smal]\n"),
             ContainsSubstring("run.yaml:1:12") && ContainsSubstring("did you mean 'small'?") &&
                 ContainsSubstring("looked for smal.yaml in"));
  CHECK_THAT(tree.problems_of("defaults:\n  - model: small\n"),
             ContainsSubstring("write model/small"));
  CHECK_THAT(tree.problems_of("defaults: [_self_, ../secret/x]\n"),
             ContainsSubstring("own keys always come last") && ContainsSubstring("2 errors"));
  tree.write("configs/model/one.yaml", "defaults: [two]\n");
  tree.write("configs/model/two.yaml", "defaults: [one]\n");
  CHECK_THAT(tree.problems_of("defaults: [model/one]\n"),
             ContainsSubstring("files include each other in a circle"));
  // What might stand in the missing file is not asked for.
  CHECK_THAT(tree.problems_of("defaults: [model/smal]\na: ${model.depth}\n"),
             ContainsSubstring("1 error in"));
  Problems problems;
  compose(tree.experiment("a: 1\n").parent_path() / "rum.yaml", {}, problems);
  CHECK_THAT(problems.render(),
             ContainsSubstring("there is no file") && ContainsSubstring("run.yaml'?"));
  CHECK(problems.stopped());
}

TEST_CASE("compose: the folder configs/ is found from a file, from its folder and from below") {
  const equigen::testing::TemporaryFolder tree;
  std::filesystem::create_directories(tree / "configs/data");
  std::filesystem::create_directories(tree / "experiments/deep");
  for (const char* start : {"", "experiments", "experiments/deep", "experiments/missing.yaml"}) {
    INFO(start);
    const auto folders = config_folders(tree / start);
    REQUIRE(!folders.empty());
    CHECK(folders.front().lexically_normal() == (tree / "configs").lexically_normal());
  }
}

TEST_CASE("compose: a program from the build folder finds the source tree's configs anywhere") {
  const equigen::testing::TemporaryFolder elsewhere;
  const auto folders = config_folders(elsewhere.path());
  const auto has_data_set = [](const auto& folder) {
    return std::filesystem::exists(folder / "data/qm9.yaml");
  };
  CHECK(std::ranges::any_of(folders, has_data_set));
}

TEST_CASE("compose: a saved configuration takes overrides and keeps its other text") {
  Problems problems;
  const Value saved = parse_yaml("name: ${raw}\nsize: 3\n", "config.yaml", problems);
  const std::vector<std::string> overrides{"size=4", "copy=${size}"};
  const Value value = apply_overrides(saved, overrides, problems);
  CHECK(problems.empty());
  CHECK(value.to_json() == nlohmann::json{{"name", "${raw}"}, {"size", 4}, {"copy", 4}});
}
