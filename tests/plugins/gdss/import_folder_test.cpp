// SPDX-License-Identifier: MIT
#include <torch/types.h>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/config/validate.h"
#include "equigen/model/checkpoint.h"
#include "equigen/model/model_folder.h"
#include "equigen/plugin/registry.h"
#include "gdss/gdss_model.h"
#include "gdss/import.h"
#include "golden_tensors.h"
#include "paths.h"

using namespace equigen;
using gdss::GdssImporter;

namespace {

std::filesystem::path fixture(const std::string& name) {
  return testing::tests_folder() / "data/pytorch" / name;
}

ImportedModel import(const std::filesystem::path& path) {
  const auto file = read_imported_file(path);
  const GdssImporter importer(GdssImporter::Config{});
  REQUIRE(importer.recognises(file));
  return importer.convert(file);
}

DataSummary summary_for(const ImportedModel& model) {
  DataSummary summary;
  summary.dataset = model.dataset;
  summary.structure = model.structure;
  summary.size_histogram.assign(static_cast<std::size_t>(model.max_size) + 1, 1);
  summary.max_degree = 3;
  if (model.structure == "molecule") summary.elements = {6, 7, 8, 9};
  return summary;
}

std::shared_ptr<gdss::GdssModel> build(const ImportedModel& imported) {
  const auto config = config::checked<gdss::GdssConfig>(
      config::Value::from_json(imported.options), Registry::instance().schemas(), "model gdss");
  return std::make_shared<gdss::GdssModel>(config, summary_for(imported));
}

}  // namespace

TEST_CASE("golden.gdss.published weights fit the models that their configurations describe",
          "[slow]") {
  const auto folder = testing::golden_folder("gdss");
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with("ckpt_") || entry.path().extension() != ".safetensors") continue;
    INFO(name);
    const auto imported = import(entry.path());
    const auto model = build(imported);
    CHECK_NOTHROW(load_weights(*model, imported.weights, name));
    if (imported.ema.size() > 0) CHECK_NOTHROW(load_weights(*model, imported.ema, name));
    ++found;
  }
  if (found == 0) testing::report_missing_golden("gdss", folder / "ckpt_*.safetensors");
}

TEST_CASE("a model folder of imported weights opens as a checkpoint") {
  const auto model = import(fixture("published_layout.zip.pth"));
  const testing::TemporaryFolder folder;
  const auto data = summary_for(model);
  const auto options = config::Value::from_json({{"type", "graphs"}, {"file", "a.jsonl"}});
  write_model_folder(folder.path(), "imported", model, options, data);
  CHECK(std::filesystem::exists(folder / "config.yaml"));
  const auto checkpoint = open_checkpoint(folder.path());
  CHECK(checkpoint.model_type() == "gdss");
  CHECK(checkpoint.data.to_json() == data.to_json());
  CHECK(checkpoint.config["data"]["file"] == "a.jsonl");
  CHECK(checkpoint.model.size() == model.weights.size());
  CHECK(checkpoint.ema.size() == model.ema.size());
}

TEST_CASE("data that the imported model was not made for is refused") {
  const auto model = import(fixture("published_layout.zip.pth"));
  const testing::TemporaryFolder folder;
  auto data = summary_for(model);
  data.size_histogram.push_back(1);
  CHECK_THROWS_WITH(write_model_folder(folder.path(), "m", model, {}, data),
                    ContainsSubstring("at most 20 nodes"));
  data.structure = "molecule";
  CHECK_THROWS_WITH(write_model_folder(folder.path(), "m", model, {}, data),
                    ContainsSubstring("makes graphs"));
}
