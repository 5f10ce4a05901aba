// SPDX-License-Identifier: MIT
#include "equigen/config/schema.h"

#include <algorithm>
#include <array>

#include "equigen/base/error.h"

namespace equigen::config {
namespace {

using Json = nlohmann::json;

/// Changes a field, or what a list or map holds.
template <typename Change>
void refine(Field& field, const Change& change) {
  if (field.item == nullptr) {
    change(field);
    return;
  }
  Field item = *field.item;
  refine(item, change);
  field.item = std::make_shared<const Field>(std::move(item));
}

constexpr std::array<std::pair<FieldType, const char*>, 8> kTypeNames{{
    {FieldType::boolean, "boolean"},
    {FieldType::integer, "integer"},
    {FieldType::real, "real"},
    {FieldType::text, "text"},
    {FieldType::list, "list"},
    {FieldType::map, "map"},
    {FieldType::section, "section"},
    {FieldType::component, "component"},
}};

constexpr std::array<std::pair<IntegerType, const char*>, 3> kIntegerNames{{
    {IntegerType::int32, "int32"},
    {IntegerType::int64, "int64"},
    {IntegerType::uint64, "uint64"},
}};

template <typename Table, typename Enum>
std::string name_in(const Table& table, Enum value) {
  return std::ranges::find(table, value, &Table::value_type::first)->second;
}

template <typename Table>
auto value_in(const Table& table, const std::string& name) {
  const auto found =
      std::ranges::find_if(table, [&](const auto& row) { return row.second == name; });
  if (found == table.end()) throw ConfigError("schema-damaged", "unknown type '" + name + "'");
  return found->first;
}

void put_unless_empty(Json& json, const char* key, const std::string& value) {
  if (!value.empty()) json[key] = value;
}

Json field_to_json(const Field& field) {
  Json json{{"type", name_in(kTypeNames, field.type)}};
  put_unless_empty(json, "name", field.name);
  put_unless_empty(json, "doc", field.doc);
  put_unless_empty(json, "unit", field.unit);
  put_unless_empty(json, "kind", field.component_kind);
  if (field.integer != IntegerType::int64) json["integer"] = name_in(kIntegerNames, field.integer);
  if (!field.default_value.is_null()) json["default"] = field.default_value;
  if (field.required) json["required"] = true;
  if (field.optional) json["optional"] = true;
  if (field.at_sampling) json["at_sampling"] = true;
  if (field.minimum) json["minimum"] = *field.minimum;
  if (field.maximum) json["maximum"] = *field.maximum;
  if (field.minimum_excluded) json["minimum_excluded"] = true;
  if (field.maximum_excluded) json["maximum_excluded"] = true;
  if (!field.choices.empty()) json["choices"] = field.choices;
  if (field.section) json["section"] = field.section->to_json();
  if (field.item) json["item"] = field_to_json(*field.item);
  return json;
}

Field field_from_json(const Json& json) {
  Field field;
  field.type = value_in(kTypeNames, json.at("type").get<std::string>());
  field.name = json.value("name", "");
  field.doc = json.value("doc", "");
  field.unit = json.value("unit", "");
  field.component_kind = json.value("kind", "");
  field.integer = value_in(kIntegerNames, json.value("integer", "int64"));
  if (json.contains("default")) field.default_value = json["default"];
  field.required = json.value("required", false);
  field.optional = json.value("optional", false);
  field.at_sampling = json.value("at_sampling", false);
  if (json.contains("minimum")) field.minimum = json["minimum"].get<double>();
  if (json.contains("maximum")) field.maximum = json["maximum"].get<double>();
  field.minimum_excluded = json.value("minimum_excluded", false);
  field.maximum_excluded = json.value("maximum_excluded", false);
  field.choices = json.value("choices", std::vector<std::string>{});
  if (json.contains("section"))
    field.section = std::make_shared<const Schema>(Schema::from_json(json["section"]));
  if (json.contains("item"))
    field.item = std::make_shared<const Field>(field_from_json(json["item"]));
  return field;
}

}  // namespace

const Field* Schema::find(const std::string& name) const {
  const auto field = std::ranges::find(fields, name, &Field::name);
  return field == fields.end() ? nullptr : &*field;
}

std::vector<std::string> Schema::names() const {
  std::vector<std::string> result;
  for (const auto& field : fields) result.push_back(field.name);
  return result;
}

Json Schema::to_json() const {
  Json json{{"doc", doc}, {"fields", Json::array()}};
  for (const auto& field : fields) json["fields"].push_back(field_to_json(field));
  return json;
}

Schema Schema::from_json(const Json& json) {
  Schema schema;
  try {
    schema.doc = json.at("doc").get<std::string>();
    for (const auto& field : json.at("fields")) schema.fields.push_back(field_from_json(field));
  } catch (const Json::exception& failure) {
    throw ConfigError("schema-damaged", std::string("not a schema: ") + failure.what());
  }
  return schema;
}

Value Schema::defaults() const {
  const Origin origin{"default"};
  Value tree = Value::map(origin);
  for (const auto& field : fields) {
    if (field.required) continue;
    tree.set(field.name,
             field.section && !field.optional ? field.section->defaults()
                                              : Value::from_json(field.default_value, origin),
             origin);
  }
  return tree;
}

void Schema::set_defaults(const Json& json) {
  for (auto& field : fields) {
    if (field.required || !json.contains(field.name)) continue;
    if (field.section == nullptr || field.optional) {
      field.default_value = json[field.name];
    } else if (json[field.name].is_object()) {
      Schema section = *field.section;
      section.set_defaults(json[field.name]);
      field.section = std::make_shared<const Schema>(std::move(section));
    }
  }
}

FieldRefinement& FieldRefinement::range(double minimum, double maximum) {
  refine(*field_, [&](Field& field) {
    field.minimum = minimum;
    field.maximum = maximum;
  });
  return *this;
}

FieldRefinement& FieldRefinement::at_least(double minimum) {
  refine(*field_, [&](Field& field) { field.minimum = minimum; });
  return *this;
}

FieldRefinement& FieldRefinement::above(double minimum) {
  refine(*field_, [&](Field& field) {
    field.minimum = minimum;
    field.minimum_excluded = true;
  });
  return *this;
}

FieldRefinement& FieldRefinement::below(double maximum) {
  refine(*field_, [&](Field& field) {
    field.maximum = maximum;
    field.maximum_excluded = true;
  });
  return *this;
}

FieldRefinement& FieldRefinement::choices(std::vector<std::string> names) {
  refine(*field_, [&](Field& field) { field.choices = names; });
  return *this;
}

FieldRefinement& FieldRefinement::unit(std::string name) {
  refine(*field_, [&](Field& field) { field.unit = name; });
  return *this;
}

FieldRefinement& FieldRefinement::required() {
  field_->required = true;
  field_->default_value = nullptr;
  return *this;
}

FieldRefinement& FieldRefinement::at_sampling() {
  field_->at_sampling = true;
  return *this;
}

FieldRefinement& FieldRefinement::kind(std::string component_kind) {
  refine(*field_, [&](Field& field) { field.component_kind = component_kind; });
  return *this;
}

}  // namespace equigen::config
