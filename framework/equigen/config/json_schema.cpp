// SPDX-License-Identifier: MIT
#include "equigen/config/json_schema.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "equigen/base/error.h"
#include "equigen/base/text.h"

namespace equigen::config {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kDialect = "http://json-schema.org/draft-07/schema#";

Json reference_to(const std::string& definition) {
  return {{"$ref", "#/definitions/" + definition}};
}

std::string description_of(const Field& field) {
  std::string text = field.doc;
  if (!field.unit.empty()) text += fmt::format(" ({})", field.unit);
  if (field.required) text += " - required";
  return text;
}

void add_bounds(Json& json, const Field& field) {
  if (field.minimum) json[field.minimum_excluded ? "exclusiveMinimum" : "minimum"] = *field.minimum;
  if (field.maximum) json[field.maximum_excluded ? "exclusiveMaximum" : "maximum"] = *field.maximum;
  const bool is_unsigned =
      field.type == FieldType::integer && field.integer == IntegerType::uint64 && !field.minimum;
  if (is_unsigned) json["minimum"] = 0;
}

Json section_json(const Schema& schema);

/// What may stand there besides a reference.
Json plain_json(const Field& field) {
  switch (field.type) {
    case FieldType::boolean:
      return {{"type", "boolean"}};
    case FieldType::integer:
    case FieldType::real: {
      Json json{{"type", field.type == FieldType::integer ? "integer" : "number"}};
      add_bounds(json, field);
      return json;
    }
    case FieldType::text:
      if (!field.choices.empty()) return {{"enum", field.choices}};
      // `name: 2024` is text to equigen and a number to an editor.
      return {{"type", {"string", "number", "boolean"}}};
    case FieldType::section:
      return section_json(*field.section);
    case FieldType::component:
      return reference_to("kind." + field.component_kind);
    default:
      return {};
  }
}

/// A value of this type, a reference, or for what has parts nothing at all.
Json value_json(const Field& field) {
  Json choices = Json::array();
  if (field.type == FieldType::list) {
    choices.push_back({{"type", "array"}, {"items", value_json(*field.item)}});
  } else if (field.type == FieldType::map) {
    choices.push_back({{"type", "object"}, {"additionalProperties", value_json(*field.item)}});
  } else {
    choices.push_back(plain_json(field));
  }
  const bool is_plain_text = field.type == FieldType::text && field.choices.empty();
  if (!is_plain_text) choices.push_back(reference_to("reference"));
  const bool has_parts = field.type == FieldType::list || field.type == FieldType::map ||
                         field.type == FieldType::section || field.type == FieldType::component;
  if (field.optional || has_parts) choices.push_back({{"type", "null"}});
  return choices.size() == 1 ? choices[0] : Json{{"anyOf", choices}};
}

Json property_json(const Field& field) {
  Json json = value_json(field);
  // Beside $ref, draft-07 reads no other key.
  if (json.contains("$ref")) json = Json{{"allOf", Json::array({json})}};
  json["description"] = description_of(field);
  if (!field.default_value.is_null()) json["default"] = field.default_value;
  return json;
}

Json section_json(const Schema& schema) {
  Json properties = Json::object();
  for (const Field& field : schema.fields) properties[field.name] = property_json(field);
  return {{"type", "object"},
          {"description", schema.doc},
          {"properties", std::move(properties)},
          {"additionalProperties", false}};
}

Json component_json(const ComponentSchema& component) {
  Json json = section_json(component.schema);
  json["description"] = fmt::format("{} {}: {}", component.kind, component.name, component.summary);
  json["properties"]["type"] = {{"const", component.name}};
  return json;
}

/// Selects by `type`; a file that leaves `type` to its `defaults:` may have the keys of any.
Json kind_json(const std::string& kind, const std::vector<const ComponentSchema*>& components) {
  Json names = Json::array();
  Json rules = Json::array();
  Json any = Json::array();
  for (const ComponentSchema* component : components) {
    names.push_back(component->name);
    const Json own = reference_to(kind + '.' + component->name);
    rules.push_back({{"if",
                      {{"properties", {{"type", {{"const", component->name}}}}},
                       {"required", Json::array({"type"})}}},
                     {"then", own}});
    any.push_back(own);
  }
  rules.push_back(
      {{"if", {{"not", {{"required", Json::array({"type"})}}}}}, {"then", {{"anyOf", any}}}});
  const Json type{{"description", fmt::format("which {}", kind)}, {"enum", names}};
  Json chosen{{"type", "object"}, {"properties", {{"type", type}}}, {"allOf", rules}};
  return {{"anyOf", Json::array({{{"enum", names}}, std::move(chosen)})}};
}

void collect_kinds(const Schema& schema, std::set<std::string>& kinds) {
  for (const Field& field : schema.fields) {
    const Field* inner = &field;
    while (inner->item != nullptr) inner = inner->item.get();
    if (inner->type == FieldType::component) kinds.insert(inner->component_kind);
    if (inner->section != nullptr) collect_kinds(*inner->section, kinds);
  }
}

Json definitions_json(const Schema& root, const std::vector<ComponentSchema>& components) {
  Json definitions{
      {"reference",
       {{"description", "the value of another key: ${path.to.key}, ${env:NAME,default}"},
        {"type", "string"},
        {"pattern", "\\$\\{.+\\}"}}}};
  std::set<std::string> kinds;
  collect_kinds(root, kinds);
  std::map<std::string, std::vector<const ComponentSchema*>> by_kind;
  for (const ComponentSchema& component : components) {
    by_kind[component.kind].push_back(&component);
    collect_kinds(component.schema, kinds);
    definitions[component.kind + '.' + component.name] = component_json(component);
  }
  for (const std::string& kind : kinds) {
    // A kind of which no component is there still may be named.
    definitions["kind." + kind] = by_kind[kind].empty() ? Json{{"type", {"string", "object"}}}
                                                        : kind_json(kind, by_kind[kind]);
  }
  return definitions;
}

Json defaults_json(const std::string& example) {
  return {
      {"description", "files of configs/ that this one builds on, later ones on top: " + example},
      {"anyOf",
       Json::array({{{"type", "null"}},
                    {{"type", "array"},
                     {"items", {{"type", "string"}, {"pattern", "^[A-Za-z0-9_/-]+$"}}}}})}};
}

/// With a key `defaults`, which any file may have.
Json with_defaults(Json section, const std::string& example) {
  section["properties"]["defaults"] = defaults_json(example);
  return section;
}

}  // namespace

nlohmann::json json_schema(const std::string& title, const Schema& root,
                           const std::vector<ComponentSchema>& components) {
  Json json = with_defaults(section_json(root), "- data/qm9");
  Json required = Json::array();
  for (const Field& field : root.fields) {
    if (field.required) required.push_back(field.name);
  }
  // What a file leaves out may come from the files it builds on.
  if (!required.empty()) {
    json["if"] = {{"not", {{"required", Json::array({"defaults"})}}}};
    json["then"] = {{"required", required}};
  }
  json["$schema"] = kDialect;
  json["title"] = title;
  json["definitions"] = definitions_json(root, components);
  return json;
}

nlohmann::json json_schema_of_key(const std::string& key, const Schema& root,
                                  const std::vector<ComponentSchema>& components) {
  const Field* field = root.find(key);
  if (field == nullptr || (field->section == nullptr && field->type != FieldType::component &&
                           field->type != FieldType::list)) {
    std::vector<std::string> groups;
    for (const Field& known : root.fields) {
      if (known.section || known.item || known.type == FieldType::component)
        groups.push_back(known.name);
    }
    throw ConfigError("schema-group",
                      fmt::format("there is no group '{}' of configuration files{}", key,
                                  text::did_you_mean(key, groups)),
                      fmt::format("groups: {}", text::join(groups, ", ")));
  }
  Json json = field->section
                  ? with_defaults(section_json(*field->section), "files of the same group")
                  : Json{{"allOf", Json::array({value_json(*field)})}};
  json["$schema"] = kDialect;
  json["title"] = fmt::format("equigen: configs/{}/*.yaml", key);
  json["definitions"] = definitions_json(root, components);
  for (const ComponentSchema& component : components) {
    Json& definition = json["definitions"][component.kind + '.' + component.name];
    if (component.kind == field->component_kind)
      definition = with_defaults(definition, "files of the same group");
  }
  return json;
}

}  // namespace equigen::config
