// SPDX-License-Identifier: MIT
#include "equigen/model/restore.h"

#include <fmt/format.h>

#include "equigen/base/error.h"
#include "equigen/config/compose.h"
#include "equigen/config/validate.h"
#include "equigen/model/sampling_overrides.h"
#include "equigen/plugin/loader.h"
#include "equigen/plugin/registry.h"

namespace equigen {
namespace {

config::Value overridden(const Checkpoint& checkpoint, std::span<const std::string> overrides) {
  config::Problems problems;
  config::Value tree = config::apply_overrides(
      config::Value::from_json(checkpoint.config, {checkpoint.source.string()}), overrides,
      problems);
  problems.throw_if_any();
  return tree;
}

config::ComponentChoice model_choice(const config::Value& tree, const Checkpoint& checkpoint) {
  const config::Value* model = tree.find("model");
  const config::Value* type = model ? model->find("type") : nullptr;
  if (!type || !type->is_scalar()) {
    throw DataError(
        "checkpoint-without-model",
        fmt::format("checkpoint {} does not say which model it is of", checkpoint.source.string()));
  }
  config::ComponentChoice choice{type->text(), *model};
  choice.options.erase("type");
  return choice;
}

}  // namespace

std::shared_ptr<Model> create_model(const config::ComponentChoice& choice,
                                    const DataSummary& data) {
  PluginLoader::instance().load_provider_of(Model::kind, choice.type);
  return Registry::instance().create<Model>(choice, data);
}

RestoredModel restore_model(const std::filesystem::path& path,
                            std::span<const std::string> overrides, const RestoreOptions& options) {
  RestoredModel restored;
  restored.checkpoint = open_checkpoint(path, options.choice);
  restored.config = overridden(restored.checkpoint, overrides);
  const config::ComponentChoice choice = model_choice(restored.config, restored.checkpoint);
  if (!overrides.empty()) {
    const config::Value trained = config::Value::from_json(restored.checkpoint.config);
    require_sampling_changes(model_choice(trained, restored.checkpoint), choice);
  }
  restored.model = create_model(choice, restored.checkpoint.data);
  Batch weights = restored.checkpoint.model;
  restored.ema_used = options.use_ema && restored.checkpoint.ema.size() > 0;
  if (restored.ema_used) {
    for (const auto& [name, average] : restored.checkpoint.ema.tensors())
      weights.set(name, average);
  }
  load_weights(*restored.model, weights, restored.checkpoint.source.string());
  restored.model->to(options.device);
  restored.model->eval();
  return restored;
}

}  // namespace equigen
