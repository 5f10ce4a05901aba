// SPDX-License-Identifier: MIT
#include "equigen/config/schema_traits.h"

#include <fmt/format.h>

#include "equigen/base/error.h"
#include "equigen/config/scalar.h"

namespace equigen::config::detail {
namespace {

Field plain_field(FieldType type, nlohmann::json initial) {
  Field field;
  field.type = type;
  field.default_value = std::move(initial);
  return field;
}

Field integer_field(IntegerType integer, nlohmann::json initial) {
  Field field = plain_field(FieldType::integer, std::move(initial));
  field.integer = integer;
  return field;
}

template <typename T>
T required(const std::optional<T>& parsed, const Value& value, const char* expected) {
  if (!value.is_scalar() || value.quoted() || !parsed) fail_reading(value, expected);
  return *parsed;
}

}  // namespace

void fail_reading(const Value& value, const char* expected) {
  throw ConfigError("config-type", fmt::format("{}: expected {}, got {}", value.origin().where(),
                                               expected, value.to_yaml()));
}

template <>
Field PlainTraits<bool>::field(const bool& initial) {
  return plain_field(FieldType::boolean, initial);
}
template <>
nlohmann::json PlainTraits<bool>::json(const bool& value) {
  return value;
}
template <>
bool PlainTraits<bool>::read(const Value& value) {
  return required(scalar::boolean(value.text()), value, "true or false");
}

template <>
Field PlainTraits<std::int64_t>::field(const std::int64_t& initial) {
  return integer_field(IntegerType::int64, initial);
}
template <>
nlohmann::json PlainTraits<std::int64_t>::json(const std::int64_t& value) {
  return value;
}
template <>
std::int64_t PlainTraits<std::int64_t>::read(const Value& value) {
  return required(scalar::integer(value.text()), value, "an integer");
}

template <>
Field PlainTraits<std::uint64_t>::field(const std::uint64_t& initial) {
  return integer_field(IntegerType::uint64, initial);
}
template <>
nlohmann::json PlainTraits<std::uint64_t>::json(const std::uint64_t& value) {
  return value;
}
template <>
std::uint64_t PlainTraits<std::uint64_t>::read(const Value& value) {
  return required(scalar::unsigned_integer(value.text()), value, "an integer from 0 to 2^64 - 1");
}

template <>
Field PlainTraits<int>::field(const int& initial) {
  return integer_field(IntegerType::int32, initial);
}
template <>
nlohmann::json PlainTraits<int>::json(const int& value) {
  return value;
}
template <>
int PlainTraits<int>::read(const Value& value) {
  const auto integer = required(scalar::integer(value.text()), value, "an integer");
  if (!std::in_range<int>(integer)) fail_reading(value, "an integer of 32 bits");
  return static_cast<int>(integer);
}

template <>
nlohmann::json PlainTraits<double>::json(const double& value) {
  return value;
}
template <>
Field PlainTraits<double>::field(const double& initial) {
  return plain_field(FieldType::real, json(initial));
}
template <>
double PlainTraits<double>::read(const Value& value) {
  return required(scalar::real(value.text()), value, "a number");
}

template <>
Field PlainTraits<std::string>::field(const std::string& initial) {
  return plain_field(FieldType::text, initial);
}
template <>
nlohmann::json PlainTraits<std::string>::json(const std::string& value) {
  return value;
}
template <>
std::string PlainTraits<std::string>::read(const Value& value) {
  if (!value.is_scalar()) fail_reading(value, "text");
  return value.text();
}

template <>
Field PlainTraits<std::filesystem::path>::field(const std::filesystem::path& initial) {
  return plain_field(FieldType::text, initial.string());
}
template <>
nlohmann::json PlainTraits<std::filesystem::path>::json(const std::filesystem::path& value) {
  return value.string();
}
template <>
std::filesystem::path PlainTraits<std::filesystem::path>::read(const Value& value) {
  return PlainTraits<std::string>::read(value);
}

template <>
nlohmann::json PlainTraits<ComponentChoice>::json(const ComponentChoice& value) {
  if (value.type.empty()) return nullptr;
  auto object = value.options.to_json();
  if (!object.is_object()) object = nlohmann::json::object();
  object["type"] = value.type;
  return object;
}
template <>
Field PlainTraits<ComponentChoice>::field(const ComponentChoice& initial) {
  return plain_field(FieldType::component, json(initial));
}
template <>
ComponentChoice PlainTraits<ComponentChoice>::read(const Value& value) {
  if (value.is_null()) return {};
  if (value.is_scalar()) return {value.text(), Value::map(value.origin())};
  const Value* type = value.find("type");
  if (type == nullptr || !type->is_scalar()) fail_reading(value, "a map with `type`");
  ComponentChoice choice{type->text(), value};
  choice.options.erase("type");
  return choice;
}

}  // namespace equigen::config::detail
