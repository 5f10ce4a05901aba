// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <map>

#include "equigen/config/schema.h"

/// How each C++ type that a configuration struct may hold becomes a Field, JSON and back.
namespace equigen::config {

template <typename T>
concept Section = requires(Declaration<T>& keys) {
  T::declare(keys);
};

namespace detail {

/// Throws ConfigError: a tree was read that validate() did not accept.
[[noreturn]] void fail_reading(const Value& value, const char* expected);

/// One type whose functions stand in schema_traits.cpp.
template <typename T>
struct PlainTraits {
  static Field field(const T& initial);
  static nlohmann::json json(const T& value);
  static T read(const Value& value);
};

template <>
struct ValueTraits<bool> : PlainTraits<bool> {};
template <>
struct ValueTraits<int> : PlainTraits<int> {};
template <>
struct ValueTraits<std::int64_t> : PlainTraits<std::int64_t> {};
template <>
struct ValueTraits<std::uint64_t> : PlainTraits<std::uint64_t> {};
template <>
struct ValueTraits<double> : PlainTraits<double> {};
template <>
struct ValueTraits<std::string> : PlainTraits<std::string> {};
template <>
struct ValueTraits<std::filesystem::path> : PlainTraits<std::filesystem::path> {};
template <>
struct ValueTraits<ComponentChoice> : PlainTraits<ComponentChoice> {};

template <typename T>
struct ValueTraits<std::optional<T>> {
  static Field field(const std::optional<T>& initial) {
    Field entry = ValueTraits<T>::field(initial.value_or(T{}));
    entry.optional = true;
    entry.default_value = json(initial);
    return entry;
  }
  static nlohmann::json json(const std::optional<T>& value) {
    return value ? ValueTraits<T>::json(*value) : nlohmann::json();
  }
  static std::optional<T> read(const Value& value) {
    if (value.is_null()) return std::nullopt;
    return ValueTraits<T>::read(value);
  }
};

template <typename T>
struct ValueTraits<std::vector<T>> {
  static Field field(const std::vector<T>& initial) {
    Field entry;
    entry.type = FieldType::list;
    entry.item = std::make_shared<const Field>(ValueTraits<T>::field(T{}));
    entry.default_value = json(initial);
    return entry;
  }
  static nlohmann::json json(const std::vector<T>& value) {
    auto array = nlohmann::json::array();
    for (const T& item : value) array.push_back(ValueTraits<T>::json(item));
    return array;
  }
  static std::vector<T> read(const Value& value) {
    if (!value.is_sequence()) fail_reading(value, "a list");
    std::vector<T> result;
    for (const auto& item : value.items()) result.push_back(ValueTraits<T>::read(item));
    return result;
  }
};

template <typename T>
struct ValueTraits<std::map<std::string, T>> {
  static Field field(const std::map<std::string, T>& initial) {
    Field entry;
    entry.type = FieldType::map;
    entry.item = std::make_shared<const Field>(ValueTraits<T>::field(T{}));
    entry.default_value = json(initial);
    return entry;
  }
  static nlohmann::json json(const std::map<std::string, T>& value) {
    auto object = nlohmann::json::object();
    for (const auto& [key, item] : value) object[key] = ValueTraits<T>::json(item);
    return object;
  }
  static std::map<std::string, T> read(const Value& value) {
    if (!value.is_map()) fail_reading(value, "a map");
    std::map<std::string, T> result;
    for (const auto& entry : value.entries()) result[entry.key] = ValueTraits<T>::read(entry.value);
    return result;
  }
};

template <Section T>
struct ValueTraits<T> {
  static Field field(const T& initial) {
    Schema schema = schema_of<T>();
    schema.set_defaults(json(initial));
    Field entry;
    entry.type = FieldType::section;
    entry.section = std::make_shared<const Schema>(std::move(schema));
    return entry;
  }
  static nlohmann::json json(const T& value) { return declaration_of<T>().to_json(value); }
  static T read(const Value& value) { return declaration_of<T>().read(value); }
};

}  // namespace detail
}  // namespace equigen::config
