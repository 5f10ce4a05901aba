// SPDX-License-Identifier: MIT
#include "equigen/model/model_folder.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/model/checkpoint.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

void require_fitting_data(const ImportedModel& model, const DataSummary& data) {
  if (data.structure != model.structure) {
    throw DataError("import-data",
                    fmt::format("the model makes {}s, but data set {} holds {}s", model.structure,
                                data.dataset, data.structure),
                    "name the data set that the model was trained on (--data)");
  }
  if (model.max_size > 0 && data.max_size() > model.max_size) {
    throw DataError("import-data",
                    fmt::format("the model makes at most {} nodes, but data set {} has samples of "
                                "up to {}",
                                model.max_size, data.dataset, data.max_size()),
                    "name the data set that the model was trained on (--data)");
  }
}

}  // namespace

fs::path write_model_folder(const fs::path& folder, const std::string& name,
                            const ImportedModel& model, const config::Value& data_options,
                            const DataSummary& data) {
  require_fitting_data(model, data);
  json model_section = model.options;
  model_section["type"] = model.type;
  Checkpoint checkpoint;
  checkpoint.config = {{"name", name},
                       {"model", model_section},
                       {"data", data_options.to_json()},
                       {"sampling", model.sampling}};
  checkpoint.data = data;
  checkpoint.model = model.weights;
  checkpoint.ema = model.ema;
  write_file_atomically(folder / "config.yaml",
                        config::Value::from_json(checkpoint.config).to_yaml());
  return write_checkpoint(folder / "checkpoints", checkpoint);
}

}  // namespace equigen
