// SPDX-License-Identifier: MIT
#include "equigen/data/named_dataset.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/data/builtin_datasets.h"
#include "equigen/data/data_folders.h"
#include "equigen/plugin/registry.h"
#include "paths.h"

using namespace equigen;
using testing::TemporaryFolder;

namespace {

const std::filesystem::path kBeside =
    std::filesystem::path(EQUIGEN_SOURCE_FOLDER) / "experiments/gdss/qm9.yaml";

void register_once() {
  if (Registry::instance().find(Dataset::kind, "graphs") != nullptr) return;
  RegistryBuilder builder("equigen");
  register_datasets(builder);
  Registry::instance().commit(builder.take());
}

}  // namespace

TEST_CASE("every configuration in configs/data is of a data set that can be created") {
  register_once();
  const auto names = dataset_names(kBeside);
  CHECK(std::ranges::find(names, "qm9") != names.end());
  for (const auto& name : names) {
    INFO(name);
    const auto choice = dataset_choice(named_dataset(name, kBeside));
    CHECK_NOTHROW(Registry::instance().create<Dataset>(choice, data_context(kBeside, 0)));
  }
}

TEST_CASE("an unknown data set is refused with the known ones and a suggestion") {
  CHECK_THROWS_WITH(named_dataset("qm8", kBeside),
                    ContainsSubstring("did you mean 'qm9'") && ContainsSubstring("zinc250k"));
  CHECK_THROWS_AS(named_dataset("missing.yaml", kBeside), DataError);
}

TEST_CASE("a file of samples stands for a test part") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "generated.smi", "CCO\nC(\nCC\n");
  const auto splits = load_named_or_file((folder / "generated.smi").string(), kBeside, 0);
  CHECK(splits.name == "generated");
  CHECK(splits.test.size() == 2);
  CHECK(splits.train.empty());
  CHECK(splits.skipped_count == 1);
  write_file_atomically(folder / "empty.smi", "");
  write_file_atomically(folder / "text.cif", "hello world\n");
  CHECK_THROWS_WITH(load_named_or_file((folder / "text.cif").string(), kBeside, 0),
                    ContainsSubstring("no usable sample"));
  CHECK_THROWS_AS(load_named_or_file((folder / "empty.smi").string(), kBeside, 0), DataError);
}

TEST_CASE("a YAML file names a data set by itself or under the key data") {
  register_once();
  const TemporaryFolder folder;
  const std::string options =
      "{type: graph_generator, recipe: {type: grid, min_side: 2, max_side: 3}, count: 10}\n";
  write_file_atomically(folder / "set.yaml", options);
  write_file_atomically(folder / "run.yaml", "name: x\ndata: " + options);
  const auto own = load_named_or_file((folder / "set.yaml").string(), folder / "set.yaml", 0);
  const auto inside = load_named_or_file((folder / "run.yaml").string(), folder / "run.yaml", 0);
  CHECK(own.train == inside.train);
  CHECK(own.name == "generated_grid");
  write_file_atomically(folder / "none.yaml", "count: 10\n");
  CHECK_THROWS_WITH(load_named_or_file((folder / "none.yaml").string(), folder.path(), 0),
                    ContainsSubstring("`type`"));
}
