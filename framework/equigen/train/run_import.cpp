// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "equigen/data/data_folders.h"
#include "equigen/data/named_dataset.h"
#include "equigen/model/importer.h"
#include "equigen/model/model_folder.h"
#include "equigen/train/engine.h"

namespace equigen {
namespace {

std::int64_t parameter_count(const Batch& weights) {
  std::int64_t count = 0;
  for (const auto& [name, tensor] : weights.tensors()) count += tensor.numel();
  return count;
}

}  // namespace

std::string run_import(const ImportOptions& options) {
  const ImportedModel model = import_model(options.file);
  const auto here = std::filesystem::current_path();
  const config::Value data_options = named_dataset(options.data, here);
  const DataSplits data =
      load_dataset(dataset_choice(data_options), data_context(here, /*seed=*/0));
  write_model_folder(options.output, options.output.filename().string(), model, data_options,
                     summarise(data.name, data.train));
  return fmt::format("{}, {} parameters{}", model.type, parameter_count(model.weights),
                     model.ema.size() > 0 ? ", with averages" : "");
}

}  // namespace equigen
