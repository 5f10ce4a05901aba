// SPDX-License-Identifier: MIT
#include "equigen/model/sampling_overrides.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/config/validate.h"
#include "equigen/model/model.h"
#include "equigen/plugin/registry.h"

namespace equigen {
namespace {

using Json = nlohmann::json;

struct Changes {
  std::vector<std::string> refused;
  std::vector<std::string> allowed;  ///< all that may be changed, changed or not
};

const Json& entry(const Json& map, const std::string& key) {
  static const Json none;
  const auto found = map.find(key);
  return found == map.end() ? none : *found;
}

void find_changes(const config::Schema& schema, const Json& before, const Json& after,
                  const std::string& path, Changes& changes);

/// The keys of a field that has some, when both values are of the same component; else nullptr.
const config::Schema* keys_of(const config::Field& field, const Json& before, const Json& after) {
  if (!before.is_object() || !after.is_object()) return nullptr;
  if (field.type == config::FieldType::section) return field.section.get();
  if (field.type != config::FieldType::component) return nullptr;
  const Json& type = entry(before, "type");
  if (!type.is_string() || type != entry(after, "type")) return nullptr;
  return Registry::instance().schemas().find(field.component_kind, type.get<std::string>());
}

void find_changes(const config::Schema& schema, const Json& before, const Json& after,
                  const std::string& path, Changes& changes) {
  for (const config::Field& field : schema.fields) {
    const std::string place = fmt::format("{}.{}", path, field.name);
    if (field.at_sampling) {
      changes.allowed.push_back(place);
      continue;
    }
    const Json& old_value = entry(before, field.name);
    const Json& new_value = entry(after, field.name);
    if (const config::Schema* keys = keys_of(field, old_value, new_value)) {
      find_changes(*keys, old_value, new_value, place, changes);
    } else if (old_value != new_value) {
      changes.refused.push_back(place);
    }
  }
}

config::Value completed(const config::ComponentChoice& choice, const config::Schema& schema,
                        config::Problems& problems) {
  return config::validate(choice.options, schema, Registry::instance().schemas(),
                          fmt::format("model {}", choice.type), problems);
}

}  // namespace

void require_sampling_changes(const config::ComponentChoice& trained,
                              const config::ComponentChoice& changed) {
  const config::Schema* schema =
      Registry::instance().schemas().find(std::string(Model::kind), changed.type);
  // A model that is not known fails with a better message when it is created.
  if (schema == nullptr) return;
  config::Problems problems;
  config::Problems of_trained;
  const Json after = completed(changed, *schema, problems).to_json();
  problems.throw_if_any();
  Changes changes;
  if (trained.type != changed.type) changes.refused.emplace_back("model.type");
  const Json before = completed(trained, *schema, of_trained).to_json();
  find_changes(*schema, before, after, "model", changes);
  if (changes.refused.empty()) return;
  throw ConfigError(
      "model-trained-otherwise",
      fmt::format("the model was trained with another {}", text::join(changes.refused, ", ")),
      changes.allowed.empty() ? std::string("none of its keys can be changed after training")
                              : fmt::format("after training these can be changed: {}",
                                            text::join(changes.allowed, ", ")));
}

}  // namespace equigen
