// SPDX-License-Identifier: MIT
#include "gdss/import.h"

#include <torch/types.h>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/config/validate.h"
#include "equigen/plugin/registry.h"
#include "gdss/gdss_model.h"
#include "paths.h"

using namespace equigen;
using gdss::GdssImporter;
using nlohmann::json;

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

/// Takes a key at "a.b" out of the published configuration.
ImportedFile without(const std::string& key) {
  auto file = read_imported_file(fixture("published_layout.zip.pth"));
  auto& config = file.content["model_config"];
  const auto dot = key.find('.');
  config[key.substr(0, dot)].erase(key.substr(dot + 1));
  return file;
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

TEST_CASE("published .pth files become options, weights and averages") {
  for (const std::string name : {"published_layout.zip.pth", "published_layout.legacy.pth",
                                 "data_parallel.zip.pth", "data_parallel.legacy.pth"}) {
    INFO(name);
    const auto model = import(fixture(name));
    CHECK(model.type == "gdss");
    CHECK(model.structure == "graph");
    CHECK(model.dataset == "community_small");
    CHECK(model.max_size == 20);
    CHECK(model.options["degree_classes"] == 10);
    CHECK(model.options["network"]["hidden_features"] == 16);
    CHECK(model.options["sde"]["node"]["type"] == "vp");
    CHECK(model.options["sde"]["adjacency"]["sigma_max"] == 0.9);
    CHECK(model.options["sampler"]["predictor"] == "euler");
    CHECK(model.sampling["use_ema"] == false);
    CHECK(model.sampling["seed"] == 11);
    CHECK(model.weights.size() == 3);
    CHECK(at::equal(model.ema.at("x.layers.0.bias"), model.weights.at("x.layers.0.bias") + 0.5));
    CHECK(at::equal(model.ema.at("adj.final.linears.0.weight"),
                    model.weights.at("adj.final.linears.0.weight") + 0.5));
  }
}

TEST_CASE("the options of an imported model are valid") {
  const auto model = import(fixture("published_layout.zip.pth"));
  CHECK_NOTHROW(build(model));
}

TEST_CASE("what is missing in a published file is named") {
  const GdssImporter importer(GdssImporter::Config{});
  for (const std::string key :
       {"data.max_node_num", "data.init", "model.nhid", "model.x", "sde.adj", "sampler.snr"}) {
    CHECK_THROWS_WITH(importer.convert(without(key)), ContainsSubstring(key));
  }
  auto file = read_imported_file(fixture("published_layout.zip.pth"));
  file.tensors = Batch();
  CHECK_THROWS_WITH(importer.convert(file), ContainsSubstring("x_state_dict"));
  file = read_imported_file(fixture("published_layout.zip.pth"));
  file.content["model_config"]["model"]["x"] = "Transformer";
  CHECK_THROWS_WITH(importer.convert(file), ContainsSubstring("Transformer"));
}

TEST_CASE("other files are not recognised") {
  const GdssImporter importer(GdssImporter::Config{});
  CHECK_FALSE(importer.recognises(read_imported_file(fixture("many_values.zip.pth"))));
  CHECK_THROWS_AS(read_imported_file("model.onnx"), DataError);
}
