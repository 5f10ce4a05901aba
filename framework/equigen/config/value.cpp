// SPDX-License-Identifier: MIT
#include "equigen/config/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "equigen/base/text.h"
#include "equigen/config/scalar.h"

namespace equigen::config {

std::string Origin::where() const {
  if (line > 0) return fmt::format("{}:{}:{}", source, line, column);
  return source_line.empty() ? source : fmt::format("{}: {}", source, source_line);
}

Value::Value() = default;
Value::~Value() = default;
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;

Value Value::scalar(std::string text, bool quoted, Origin origin) {
  Value value;
  value.kind_ = Kind::scalar;
  value.text_ = std::move(text);
  value.quoted_ = quoted;
  value.origin_ = std::move(origin);
  return value;
}

Value Value::null(Origin origin) {
  Value value;
  value.origin_ = std::move(origin);
  return value;
}

Value Value::sequence(std::vector<Value> items, Origin origin) {
  Value value;
  value.kind_ = Kind::sequence;
  value.items_ = std::move(items);
  value.origin_ = std::move(origin);
  return value;
}

Value Value::map(Origin origin) {
  Value value;
  value.kind_ = Kind::map;
  value.origin_ = std::move(origin);
  return value;
}

Value Value::from_json(const nlohmann::json& json, const Origin& origin) {
  switch (json.type()) {
    case nlohmann::json::value_t::object: {
      Value value = map(origin);
      for (const auto& [key, child] : json.items())
        value.set(key, from_json(child, origin), origin);
      return value;
    }
    case nlohmann::json::value_t::array: {
      Value value = sequence({}, origin);
      for (const auto& child : json) value.items_.push_back(from_json(child, origin));
      return value;
    }
    case nlohmann::json::value_t::string:
      return scalar(json.get<std::string>(), true, origin);
    case nlohmann::json::value_t::boolean:
      return scalar(json.get<bool>() ? "true" : "false", false, origin);
    case nlohmann::json::value_t::number_integer:
      return scalar(std::to_string(json.get<std::int64_t>()), false, origin);
    case nlohmann::json::value_t::number_unsigned:
      return scalar(std::to_string(json.get<std::uint64_t>()), false, origin);
    case nlohmann::json::value_t::number_float:
      return scalar(scalar::real_text(json.get<double>()), false, origin);
    default:
      return null(origin);
  }
}

const Value* Value::find(const std::string& key) const {
  const auto entry = std::ranges::find(entries_, key, &Entry::key);
  return entry == entries_.end() ? nullptr : &entry->value;
}

Value* Value::find(const std::string& key) {
  return const_cast<Value*>(std::as_const(*this).find(key));
}

void Value::set(const std::string& key, Value value, Origin key_origin) {
  if (kind_ == Kind::null) kind_ = Kind::map;
  const auto entry = std::ranges::find(entries_, key, &Entry::key);
  if (entry == entries_.end()) {
    entries_.push_back({key, std::move(value), std::move(key_origin), {}});
  } else {
    entry->value = std::move(value);
    entry->key_origin = std::move(key_origin);
    entry->written_for.clear();
  }
}

void Value::outdate_options(const std::function<bool(const Entry&)>& keeps) {
  const Value* const type = find("type");
  if (type == nullptr || !type->is_scalar()) return;
  const std::string written_for = type->text();
  for (auto& entry : entries_) {
    if (entry.key == "type" || !entry.written_for.empty() || (keeps && keeps(entry))) continue;
    entry.written_for = written_for;
  }
}

bool Value::erase(const std::string& key) {
  return std::erase_if(entries_, [&](const Entry& entry) { return entry.key == key; }) > 0;
}

const Value* Value::at_path(const std::string& path) const {
  const Value* value = this;
  for (const auto& key : text::split(path, '.')) {
    if (value->is_sequence()) {
      const auto index = text::to_integer(key);
      const bool inside =
          index && *index >= 0 && *index < static_cast<std::int64_t>(value->items_.size());
      if (!inside) return nullptr;
      value = &value->items_[static_cast<std::size_t>(*index)];
    } else {
      value = value->find(key);
      if (value == nullptr) return nullptr;
    }
  }
  return value;
}

Value* Value::at_path(const std::string& path) {
  return const_cast<Value*>(std::as_const(*this).at_path(path));
}

namespace {

nlohmann::json scalar_to_json(const Value& value) {
  const std::string& text = value.text();
  if (value.quoted()) return text;
  if (scalar::is_null(text)) return nullptr;
  if (const auto boolean = scalar::boolean(text)) return *boolean;
  if (const auto integer = scalar::integer(text)) return *integer;
  if (const auto integer = scalar::unsigned_integer(text)) return *integer;
  if (const auto real = scalar::real(text)) return *real;
  return text;
}

/// Writes block style; lists of short scalars stand on one line.
class YamlWriter {
 public:
  explicit YamlWriter(bool origins) : origins_(origins) {}

  std::string document(const Value& value) {
    if (value.is_map() && !value.entries().empty()) {
      write_map(value, 0);
    } else if (value.is_sequence() && !is_inline(value)) {
      write_sequence(value, 0);
    } else {
      output_ += inline_text(value);
      end_line(value);
    }
    return std::move(output_);
  }

 private:
  static bool is_inline(const Value& value) {
    if (value.is_map()) return value.entries().empty();
    if (!value.is_sequence()) return true;
    std::size_t length = 0;
    for (const auto& item : value.items()) {
      if (!item.is_scalar()) return false;
      length += item.text().size() + 2;
    }
    constexpr std::size_t kLineLength = 80;
    return length < kLineLength;
  }

  static std::string inline_text(const Value& value) {
    if (value.is_null()) return "null";
    if (value.is_map()) return "{}";
    if (value.is_scalar()) return scalar::yaml_text(value.text(), value.quoted(), false);
    std::vector<std::string> items;
    for (const auto& item : value.items())
      items.push_back(scalar::yaml_text(item.text(), item.quoted(), true));
    return fmt::format("[{}]", text::join(items, ", "));
  }

  void end_line(const Value& value) {
    if (origins_ && !value.origin().source.empty()) {
      // A newline inside a source name or argument would end the comment.
      std::string where = value.origin().where();
      std::ranges::replace(where, '\n', ' ');
      output_ += fmt::format("  # {}", where);
    }
    output_ += '\n';
  }

  void indent(int depth) { output_.append(static_cast<std::size_t>(depth) * 2, ' '); }

  void write_child(const Value& value, int depth) {
    if (is_inline(value)) {
      output_ += ' ';
      output_ += inline_text(value);
      end_line(value);
    } else {
      output_ += '\n';
      value.is_map() ? write_map(value, depth) : write_sequence(value, depth);
    }
  }

  void write_map(const Value& value, int depth, bool first_is_indented = false) {
    for (const auto& entry : value.entries()) {
      if (!first_is_indented) indent(depth);
      first_is_indented = false;
      output_ += scalar::yaml_text(entry.key, true, true) + ':';
      write_child(entry.value, depth + 1);
    }
  }

  void write_sequence(const Value& value, int depth) {
    for (const auto& item : value.items()) {
      indent(depth);
      output_ += '-';
      if (item.is_map() && !item.entries().empty()) {
        output_ += ' ';
        write_map(item, depth + 1, true);
      } else {
        write_child(item, depth + 1);
      }
    }
  }

  bool origins_;
  std::string output_;
};

}  // namespace

nlohmann::json Value::to_json() const {
  switch (kind_) {
    case Kind::scalar:
      return scalar_to_json(*this);
    case Kind::sequence: {
      auto array = nlohmann::json::array();
      for (const auto& item : items_) array.push_back(item.to_json());
      return array;
    }
    case Kind::map: {
      auto object = nlohmann::json::object();
      for (const auto& entry : entries_) object[entry.key] = entry.value.to_json();
      return object;
    }
    default:
      return nullptr;
  }
}

std::string Value::to_yaml(bool origins) const {
  return YamlWriter(origins).document(*this);
}

}  // namespace equigen::config
