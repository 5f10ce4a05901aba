// SPDX-License-Identifier: MIT
#include "equigen/testing/dataset_contract.h"

#include "catch.h"
#include "equigen/data/builtin_datasets.h"
#include "equigen/data/file_datasets.h"
#include "equigen/data/generated_datasets.h"
#include "equigen/testing/example_samples.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

enum class Fault { none, random, edge, mixed, empty_part, wrong_skips };

/// A data set that breaks one rule.
template <Fault fault>
class FaultyDataset final : public Dataset {
 public:
  struct Config {
    std::int64_t count = 8;
    static void declare(config::Declaration<Config>& keys) {
      keys.doc("Graphs for the tests of the contract.");
      keys.field("count", &Config::count, "how many").at_least(1);
    }
  };
  FaultyDataset(Config config, const DataContext& context) : config_(config), context_(context) {}

  DataSplits load() override {
    const std::vector<Sample> graphs = example_graphs(config_.count);
    DataSplits splits{"faulty", graphs, graphs, graphs, 0, {}};
    Graph& graph = std::get<Graph>(splits.train[3].structure);
    if (fault == Fault::random) graph.node_count += static_cast<std::int32_t>(context_.seed);
    if (fault == Fault::edge) graph.edges.emplace_back(2, 1);
    if (fault == Fault::mixed) splits.test[0] = single_node("molecule");
    if (fault == Fault::empty_part) splits.validation.clear();
    if (fault == Fault::wrong_skips) splits.skipped.push_back({"file:1", "why"});
    return splits;
  }

 private:
  Config config_;
  DataContext context_;
};

struct UndocumentedConfig {
  double share = 2.0;
  static void declare(config::Declaration<UndocumentedConfig>& keys) {
    keys.doc("A default outside its range, and a key without documentation.");
    keys.field("share", &UndocumentedConfig::share, "").range(0, 1);
  }
};

class UndocumentedDataset final : public Dataset {
 public:
  using Config = UndocumentedConfig;
  UndocumentedDataset(Config, const DataContext&) {}
  DataSplits load() override { return {}; }
};

void register_datasets_and_recipes() {
  register_for_tests(register_datasets);
}

}  // namespace

TEST_CASE("contract: a sound data set breaks no rule") {
  const ContractReport report = dataset_contract<FaultyDataset<Fault::none>>();
  INFO(report.text());
  CHECK(report.violations().empty());
  CHECK(report.rules().size() == 10);
  CHECK_NOTHROW(report.require());
}

TEST_CASE("contract: each fault of a data set breaks its rule") {
  CHECK(dataset_contract<FaultyDataset<Fault::random>>().violates("deterministic"));
  CHECK(dataset_contract<FaultyDataset<Fault::edge>>().violates("well-formed"));
  CHECK(dataset_contract<FaultyDataset<Fault::mixed>>().violates("one structure"));
  CHECK(dataset_contract<FaultyDataset<Fault::empty_part>>().violates("parts"));
  CHECK(dataset_contract<FaultyDataset<Fault::wrong_skips>>().violates("counted skips"));
  const ContractReport undocumented = dataset_contract<UndocumentedDataset>();
  CHECK(undocumented.violates("documented keys"));
  CHECK(undocumented.violates("valid defaults"));
  CHECK_THROWS_WITH(undocumented.require(), ContainsSubstring("'share' has no documentation") &&
                                                ContainsSubstring("value out of range"));
}

TEST_CASE("contract: the data sets that equigen brings along keep it") {
  register_datasets_and_recipes();
  const TemporaryFolder cache;
  const DataContext context{{tests_folder() / "data"}, cache.path(), 0};
  require_dataset_contract<GeneratedGraphDataset>(
      {.options = "{recipe: {type: community}, count: 20}", .context = context});
  require_dataset_contract<EnumeratedMoleculeDataset>(
      {.options = "{max_heavy_atoms: 4}", .context = context});
}

TEST_CASE("contract: data sets of files keep it") {
  register_datasets_and_recipes();
  const TemporaryFolder folder;
  const auto graphs = open_sample_writer(folder / "graphs.jsonl");
  graphs->write(example_graphs(20));
  graphs->flush();
  const auto molecules = open_sample_writer(folder / "molecules.smi");
  molecules->write(example_molecules(40));
  molecules->flush();
  const DataContext context{{folder.path()}, folder / "cache", 0};
  require_dataset_contract<GraphFileDataset>({.options = "file: graphs.jsonl", .context = context});
  require_dataset_contract<MoleculeFileDataset>(
      {.options = "file: molecules.smi", .context = context});
}
