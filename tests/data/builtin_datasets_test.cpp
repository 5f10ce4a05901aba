// SPDX-License-Identifier: MIT
#include "equigen/data/builtin_datasets.h"

#include <chrono>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/dataset.h"
#include "paths.h"

using namespace equigen;
using nlohmann::json;
using testing::TemporaryFolder;

namespace {

void register_once() {
  if (Registry::instance().find(Dataset::kind, "graphs") != nullptr) return;
  RegistryBuilder builder("equigen");
  register_datasets(builder);
  Registry::instance().commit(builder.take());
}

/// A folder with small files, which is also the cache.
class World {
 public:
  World() {
    register_once();
    context_.roots = {folder_.path()};
    context_.cache = folder_ / "cache";
  }
  void store(const std::string& name, std::string_view text) {
    write_file_atomically(folder_ / name, text);
  }
  DataSplits load(const std::string& type, const json& options) const {
    return Registry::instance()
        .create<Dataset>(config::ComponentChoice{type, config::Value::from_json(options)}, context_)
        ->load();
  }
  std::filesystem::path path() const { return folder_.path(); }
  DataContext& context() { return context_; }

 private:
  TemporaryFolder folder_;
  DataContext context_;
};

std::string ten_graphs() {
  std::string text;
  for (int i = 1; i <= 10; ++i) text += R"({"n":)" + std::to_string(i) + ",\"edges\":[]}\n";
  return text;
}

const json kHalf = {
    {"method", "first_fraction"}, {"test_fraction", 0.5}, {"validation_fraction", 0}};

}  // namespace

TEST_CASE("graphs are read, filtered by size and divided") {
  World world;
  world.store("set/a.jsonl.gz", ten_graphs());
  const auto splits = world.load(
      "graphs", {{"file", "set/a.jsonl.gz"}, {"min_nodes", 2}, {"max_nodes", 9}, {"split", kHalf}});
  CHECK(splits.name == "a");
  CHECK(splits.train.size() == 4);
  CHECK(splits.test.size() == 4);
  CHECK(splits.skipped_count == 2);
  CHECK(splits.skipped[1].reason == "10 nodes, more than 9");
}

TEST_CASE("several files are joined, and rows are counted through") {
  World world;
  world.store("a.jsonl", ten_graphs());
  world.store("b.jsonl", "broken\n" + ten_graphs());
  world.store("rows.txt", "9\n11\n");
  const auto splits = world.load(
      "graphs",
      {{"name", "both"},
       {"files", {"a.jsonl", "b.jsonl"}},
       {"split", {{"method", "rows"}, {"test_rows", "rows.txt"}, {"validation_fraction", 0}}}});
  CHECK(splits.name == "both");
  REQUIRE(splits.test.size() == 2);
  CHECK(node_count(splits.test[0]) == 10);
  CHECK(node_count(splits.test[1]) == 1);
  CHECK(splits.train.size() == 18);
  CHECK(splits.skipped_count == 1);
}

TEST_CASE("molecules of other elements are left out and counted") {
  World world;
  world.store("m.smi", "CCO\nCBr\nC[Si]\nOC\n");
  const auto splits =
      world.load("molecules", {{"file", "m.smi"}, {"elements", {"C", "O"}}, {"split", kHalf}});
  CHECK(splits.train.size() == 1);
  CHECK(splits.test.size() == 1);
  CHECK(splits.skipped_count == 2);
  CHECK(splits.skipped[0].reason == "element Br is not among C, O");
}

TEST_CASE("molecules come from a column of a table") {
  World world;
  world.store("m.csv", "id,structure,gap\n1,CCO,0.5\n2,CC,1.5\n");
  const auto splits = world.load(
      "molecules", {{"file", "m.csv"}, {"smiles_column", "structure"}, {"split", kHalf}});
  CHECK(property_or(splits.test[0], "gap", 0) == 0.5);
  CHECK(property_or(splits.train[0], "gap", 0) == 1.5);
}

TEST_CASE("data sets in files of their own keep their parts") {
  World world;
  world.store("train.smi", "CCO\nCC\nC\n");
  world.store("valid.smi", "CN\n");
  world.store("test.smi", "CF\nCCF\n");
  const auto splits = world.load(
      "molecules",
      {{"file", "train.smi"},
       {"split",
        {{"method", "files"}, {"validation_files", {"valid.smi"}}, {"test_files", {"test.smi"}}}}});
  CHECK(splits.train.size() == 3);
  CHECK(splits.validation.size() == 1);
  CHECK(splits.test.size() == 2);
}

TEST_CASE("a limit keeps the first samples of each part") {
  World world;
  world.store("a.jsonl", ten_graphs());
  const auto splits = world.load("graphs", {{"file", "a.jsonl"}, {"limit", 2}, {"split", kHalf}});
  CHECK(splits.train.size() == 2);
  CHECK(splits.test.size() == 2);
}

TEST_CASE("data that cannot be used is a data error that says why") {
  World world;
  CHECK_THROWS_WITH(world.load("graphs", {{"file", "missing.jsonl"}}),
                    ContainsSubstring("looked in: " + world.path().string()));
  CHECK_THROWS_WITH(world.load("graphs", {{"file", "a.jsonl"}, {"root", "/nowhere"}}),
                    ContainsSubstring("/nowhere"));
  world.store("empty.jsonl", "");
  CHECK_THROWS_WITH(world.load("graphs", {{"file", "empty.jsonl"}}), ContainsSubstring("is empty"));
  world.store("broken.jsonl", "x\ny\n");
  CHECK_THROWS_WITH(
      world.load("graphs", {{"file", "broken.jsonl"}}),
      ContainsSubstring("all 2 rows were skipped") && ContainsSubstring("broken.jsonl:2"));
  world.store("m.smi", "CCO\n");
  CHECK_THROWS_WITH(world.load("graphs", {{"file", "m.smi"}}),
                    ContainsSubstring("a molecule in a data set of graphs"));
}

TEST_CASE("options that contradict each other are configuration errors") {
  World world;
  world.store("a.jsonl", ten_graphs());
  for (const auto& options : {
           json{{"split", kHalf}},
           json{{"file", "a.jsonl"}, {"files", {"a.jsonl"}}},
           json{{"file", "a.jsonl"}, {"split", {{"method", "rows"}}}},
           json{{"file", "a.jsonl"}, {"split", {{"test_rows", "a"}}}},
           json{{"file", "a.jsonl"}, {"split", {{"method", "files"}}}},
           json{{"file", "a.jsonl"}, {"min_nodes", 5}, {"max_nodes", 4}},
           json{{"file", "a.jsonl"}, {"split", {{"test_fraction", 1.5}}}},
           json{{"fil", "a.jsonl"}},
       }) {
    INFO(options.dump());
    CHECK_THROWS_AS(world.load("graphs", options), ConfigError);
  }
  CHECK_THROWS_AS(world.load("molecules", {{"file", "a.jsonl"}, {"elements", {"Xx"}}}),
                  ConfigError);
  CHECK_THROWS_AS(world.load("graph_generator",
                             {{"recipe", {{"type", "tree"}}}, {"split", {{"method", "rows"}}}}),
                  ConfigError);
  CHECK_THROWS_AS(world.load("graph_generator", json::object()), ConfigError);
  CHECK_THROWS_WITH(world.load("graph_generator", {{"recipe", {{"type", "planer"}}}}),
                    ContainsSubstring("planar"));
}

TEST_CASE("generated graphs follow the parameters of their recipe") {
  const World world;
  const auto splits =
      world.load("graph_generator",
                 {{"recipe", {{"type", "grid"}, {"min_side", 2}, {"max_side", 3}}}, {"count", 10}});
  CHECK(splits.name == "generated_grid");
  CHECK(splits.train.size() + splits.validation.size() + splits.test.size() == 10);
  for (const auto& sample : splits.train) {
    CHECK(node_count(sample) >= 4);
    CHECK(node_count(sample) <= 9);
  }
  CHECK_THROWS_WITH(world.load("graph_generator", {{"recipe", {{"type", "grid"}, {"radius", 2}}}}),
                    ContainsSubstring("radius"));
}

TEST_CASE("every recipe makes a data set with the published settings") {
  const World world;
  for (const auto* recipe :
       {"community", "grid", "caveman", "erdos_renyi", "sbm", "planar", "tree", "lobster"}) {
    INFO(recipe);
    CHECK(
        world.load("graph_generator", {{"recipe", {{"type", recipe}}}, {"count", 6}}).test.size() ==
        1);
  }
}

TEST_CASE("neighbourhoods are cut out of an edge list that is looked for like data") {
  World world;
  std::string edges;
  for (int i = 0; i < 60; ++i) {
    for (int step = 1; step <= 3; ++step)
      edges += std::to_string(i) + " " + std::to_string((i + step) % 60) + "\n";
  }
  world.store("large.txt", edges);
  const auto splits = world.load(
      "graph_generator", {{"recipe", {{"type", "ego"}, {"file", "large.txt"}}}, {"count", 10}});
  CHECK(node_count(splits.train[0]) == 7);
}

TEST_CASE("enumerated molecules are complete, filtered, and come from the cache again") {
  const World world;
  const auto all = world.load("enumerated_molecules", {{"max_heavy_atoms", 3}});
  const auto again = world.load("enumerated_molecules", {{"max_heavy_atoms", 3}});
  CHECK(all.train == again.train);
  const auto carbon =
      world.load("enumerated_molecules",
                 {{"max_heavy_atoms", 3}, {"min_heavy_atoms", 2}, {"elements", {"C"}}});
  for (const auto& sample : carbon.train) {
    CHECK(node_count(sample) >= 2);
    for (const auto& atom : std::get<Molecule>(sample.structure).atoms)
      CHECK(atom.atomic_number == 6);
  }
  CHECK(carbon.skipped_count == 0);
}

TEST_CASE("community_small is divided as published") {
  const auto folder = testing::data_beside_checkout("community_small");
  if (!folder) {
    WARN("skipped: community_small is not beside the checkout");
    return;
  }
  World world;
  world.context().roots = {folder->parent_path()};
  const auto splits = world.load(
      "graphs",
      {{"file", "community_small/community_small.jsonl.gz"},
       {"split",
        {{"method", "first_fraction"}, {"test_fraction", 0.2}, {"validation_fraction", 0}}}});
  CHECK(splits.train.size() == 80);
  CHECK(splits.test.size() == 20);
  CHECK(summarise("community_small", splits.train).max_size() <= 20);
}

TEST_CASE("QM9 is divided as published and loads from the cache at once", "[slow]") {
  const auto folder = testing::data_beside_checkout("qm9");
  if (!folder) {
    WARN("skipped: qm9 is not beside the checkout");
    return;
  }
  World world;
  world.context().roots = {folder->parent_path()};
  const json options = {
      {"file", "qm9/qm9.smi.gz"},
      {"split",
       {{"method", "rows"}, {"test_rows", "qm9/test_rows.txt.gz"}, {"validation_fraction", 0}}}};
  const auto first = world.load("molecules", options);
  CHECK(first.skipped_count == 0);
  CHECK(first.test.size() == 13082);
  CHECK(first.train.size() == 120803);
  const auto start = std::chrono::steady_clock::now();
  const auto second = world.load("molecules", options);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  CHECK(second.train == first.train);
  CHECK(taken.count() < 5);
  WARN("loaded from the cache in " << taken.count() << " s");
  const auto summary = summarise("qm9", second.train);
  CHECK(summary.max_size() == 9);
  CHECK(summary.elements == std::vector<int>{6, 7, 8, 9});
}
