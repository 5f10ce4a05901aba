// SPDX-License-Identifier: MIT
#include "equigen/data/public_datasets.h"

#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/data/dataset_overview.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::testing;

TEST_CASE("public data sets: the catalogue is sound and fits the configurations") {
  const DataContext context{.roots = {}, .cache = {}, .seed = 0};
  std::set<std::string> names;
  for (const PublicDataset& dataset : public_datasets()) {
    INFO(dataset.name);
    CHECK(names.insert(dataset.name).second);
    CHECK_FALSE(dataset.licence.empty());
    CHECK_FALSE(dataset.citation.empty());
    CHECK_FALSE(dataset.files.empty());
    std::set<std::string> paths;
    for (const PublicFile& file : dataset.files) {
      INFO(file.path);
      CHECK(paths.insert(file.path).second);
      CHECK_FALSE(file.checked.empty());
      CHECK((file.sha256.empty() || file.sha256.size() == 64));
      CHECK((file.md5.empty() || file.md5.size() == 32));
      CHECK((file.text_sha256.empty() || file.text_sha256.size() == 64));
    }
    if (dataset.structure == "crystal") continue;
    for (const auto& wanted :
         dataset_overview(dataset.name, EQUIGEN_SOURCE_FOLDER "/configs", context).files)
      CHECK(paths.contains(wanted.name));
  }
  for (const char* name :
       {"qm9", "zinc250k", "moses", "guacamol", "perov_5", "carbon_24", "mp_20", "mpts_52"})
    CHECK(find_public_dataset(public_datasets(), name) != nullptr);
  CHECK(find_public_dataset(public_datasets(), "qm99") == nullptr);
}

TEST_CASE("public data sets: stated checksums are those of the data beside the checkout") {
  int checked = 0;
  for (const PublicDataset& dataset : public_datasets()) {
    for (const PublicFile& file : dataset.files) {
      const auto folder = data_beside_checkout(dataset.name);
      if (!folder || file.expected_text_sha256().empty()) continue;
      auto path = folder->parent_path() / file.path;
      if (!std::filesystem::exists(path)) path += ".gz";
      if (!std::filesystem::exists(path)) continue;
      INFO(path.string());
      const std::string text = read_file(path);
      CHECK(sha256(text) == file.expected_text_sha256());
      if (file.steps.empty() && file.size)
        CHECK(static_cast<std::int64_t>(text.size()) == *file.size);
      ++checked;
    }
  }
  if (checked == 0) WARN("skipped: no data sets beside the checkout");
}

TEST_CASE("public data sets: steps make the stored text") {
  CHECK(apply_text_step("drop_first_line", "smiles\nC\nCO\n") == "C\nCO\n");
  CHECK(apply_text_step("drop_first_line", "smiles") == "");
  CHECK(apply_text_step("json_rows", "[3, 1, 2]") == "3\n1\n2\n");
  CHECK(apply_text_step("json_rows", R"({"valid_idxs": ["000003", "133841"]})") == "3\n133841\n");
  for (const char* text : {"", "{", "{\"a\": 1}", "[1.5]", "[\"x\"]", "{\"a\": [1], \"b\": [2]}"})
    CHECK_THROWS_AS(apply_text_step("json_rows", text), DataError);
  CHECK_THROWS_AS(apply_text_step("unpack", "x"), DataError);
}

TEST_CASE("public data sets: a catalogue that is wrong is refused with the reason") {
  const auto with_file = [](const std::string& file) {
    return R"({"format": "equigen-public-datasets/1", "datasets": [{"name": "x", "structure":
      "graph", "files": [)" +
           file + "]}]}";
  };
  CHECK(parse_public_datasets(with_file(R"({"path": "x/y.smi", "urls": ["http://h/y"]})"), "t")
            .size() == 1);
  for (const char* file : {
           R"({"path": "../y.smi", "urls": ["http://h/y"]})",
           R"({"path": "/etc/y.smi", "urls": ["http://h/y"]})",
           R"({"path": "x/", "urls": ["http://h/y"]})",
           R"({"path": "x/y.smi", "urls": []})",
           R"({"path": "x/y.smi", "urls": ["file:///etc/passwd"]})",
           R"({"path": "x/y.smi", "urls": ["http://h/y"], "steps": ["run"]})",
           R"({"urls": ["http://h/y"]})",
           R"({"path": 3, "urls": ["http://h/y"]})",
       })
    CHECK_THROWS_AS(parse_public_datasets(with_file(file), "test"), DataError);
  CHECK_THROWS_AS(parse_public_datasets("[]", "test"), DataError);
  CHECK_THROWS_AS(parse_public_datasets("{\"format\": \"other\"}", "test"), DataError);
}
