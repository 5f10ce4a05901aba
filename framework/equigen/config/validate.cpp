// SPDX-License-Identifier: MIT
#include "equigen/config/validate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "equigen/base/text.h"
#include "equigen/config/describe.h"
#include "equigen/config/scalar.h"

namespace equigen::config {
namespace {

const Origin kDefault{"default"};
/// Words that are looked up in descriptions have at least so many letters.
constexpr std::size_t kShortestWord = 3;

int length_of(const std::string& text) {
  return static_cast<int>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string joined_path(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + '.' + key;
}

/// "a, b, c, ..." within the length of a line.
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kLength = 80;
  std::string text;
  for (const auto& name : names) {
    if (text.size() + name.size() > kLength) return text + ", ...";
    text += (text.empty() ? "" : ", ") + name;
  }
  return text.empty() ? "no keys" : text;
}

/// What stands there, for "got ...".
std::string found_text(const Value& value) {
  if (value.is_null()) return "nothing";
  if (value.is_sequence()) return "a list";
  if (value.is_map()) return "a map";
  constexpr std::size_t kLength = 40;
  const std::string& text = value.text();
  return fmt::format("'{}'", text.size() > kLength ? text.substr(0, kLength) + "..." : text);
}

/// Where a value goes: its path for messages.
struct Place {
  std::string path;
  Origin key_origin;
};

class Validator {
 public:
  Validator(const Value& tree, const Schema& schema, const ComponentSchemas& components,
            Problems& problems)
      : tree_(tree), schema_(schema), components_(components), problems_(problems) {}

  Value section(const Value& tree, const Schema& schema, const std::string& path,
                const std::string& where, const std::string& describe) {
    Value result = Value::map(tree.origin());
    for (const auto& entry : tree.entries()) {
      if (schema.find(entry.key) == nullptr) report_unknown(entry, schema, where, describe);
    }
    for (const auto& field : schema.fields) {
      const auto entry = std::ranges::find(tree.entries(), field.name, &Value::Entry::key);
      const std::string field_path = joined_path(path, field.name);
      if (entry == tree.entries().end()) {
        add_default(field, field_path, tree.origin(), where, result);
      } else {
        result.set(field.name, value(entry->value, field, {field_path, entry->key_origin}),
                   entry->key_origin);
      }
    }
    return result;
  }

 private:
  void add_default(const Field& field, const std::string& path, const Origin& origin,
                   const std::string& where, Value& result) {
    if (field.required) {
      if (problems_.lacks_keys()) return;
      problems_.add({"config-missing-key", fmt::format("missing key '{}' in {}", field.name, where),
                     origin, 1, "",
                     fmt::format("'{}' is {}: {}", path, expected_text(field), field.doc)});
      return;
    }
    result.set(field.name, default_of(field, path), kDefault);
  }

  Value default_of(const Field& field, const std::string& path) {
    if (field.section && !field.optional)
      return section(Value::map(kDefault), *field.section, path, quoted(path), "");
    const Value initial = Value::from_json(field.default_value, kDefault);
    // A component chosen by default is completed like one that the user wrote.
    const bool holds_components =
        !field.default_value.empty() && innermost(field).type == FieldType::component;
    return holds_components ? value(initial, field, {path, kDefault}) : initial;
  }

  static const Field& innermost(const Field& field) {
    return field.item ? innermost(*field.item) : field;
  }

  static std::string quoted(const std::string& path) { return '\'' + path + '\''; }

  Value value(const Value& given, const Field& field, const Place& place) {
    if (given.is_null()) return null_value(given, field, place);
    // A reference that could not be resolved was reported then.
    if (given.is_scalar() && given.text().find("${") != std::string::npos) return given;
    switch (field.type) {
      case FieldType::section:
        if (!given.is_map()) return wrong_type(given, field, place, "");
        return section(given, *field.section, place.path, quoted(place.path), "");
      case FieldType::component:
        return component(given, field, place);
      case FieldType::list:
        return list(given, field, place);
      case FieldType::map:
        return map(given, field, place);
      default:
        return scalar_value(given, field, place);
    }
  }

  Value null_value(const Value& given, const Field& field, const Place& place) {
    if (field.required) {
      report(given, place, "config-missing-value", fmt::format("'{}' has no value", place.path), "",
             field);
      return given;
    }
    if (field.optional || field.type == FieldType::component) return given;
    const bool is_compound = field.type == FieldType::section || field.type == FieldType::list ||
                             field.type == FieldType::map;
    if (!is_compound) {
      report(given, place, "config-missing-value", fmt::format("'{}' has no value", place.path), "",
             field);
    }
    return default_of(field, place.path);
  }

  Value list(const Value& given, const Field& field, const Place& place) {
    if (!given.is_sequence())
      return wrong_type(given, field, place, given.is_scalar() ? "write a list: [...]" : "");
    Value result = Value::sequence({}, given.origin());
    for (std::size_t i = 0; i < given.items().size(); ++i) {
      const Value& item = given.items()[i];
      result.items().push_back(
          value(item, *field.item, {fmt::format("{}.{}", place.path, i), item.origin()}));
    }
    return result;
  }

  Value map(const Value& given, const Field& field, const Place& place) {
    if (!given.is_map()) return wrong_type(given, field, place, "");
    Value result = Value::map(given.origin());
    for (const auto& entry : given.entries()) {
      result.set(
          entry.key,
          value(entry.value, *field.item, {joined_path(place.path, entry.key), entry.key_origin}),
          entry.key_origin);
    }
    return result;
  }

  Value component(const Value& given, const Field& field, const Place& place) {
    if (given.is_sequence()) return wrong_type(given, field, place, "");
    const Value* type = given.is_scalar() ? &given : given.find("type");
    if (type == nullptr && problems_.lacks_keys()) return given;
    if (type == nullptr || !type->is_scalar() || type->text().empty()) {
      const Value& marked = type == nullptr ? given : *type;
      problems_.add(
          {"config-missing-type",
           fmt::format("'{}' does not say which {} it is", place.path, field.component_kind),
           type == nullptr ? place.key_origin : marked.origin(), 1, "",
           known_components(field.component_kind)});
      return given;
    }
    const Schema* schema = components_.find(field.component_kind, type->text());
    if (schema == nullptr) {
      report_unknown_component(*type, field.component_kind);
      return given;
    }
    Value options = given.is_map() ? given : Value::map(given.origin());
    options.erase("type");
    std::erase_if(options.entries(), [&](const Value::Entry& entry) {
      return !entry.written_for.empty() && entry.written_for != type->text();
    });
    const std::string where = fmt::format("{} {}", field.component_kind, type->text());
    const Value checked = section(options, *schema, place.path, where, type->text());
    Value result = Value::map(given.origin());
    result.set("type", *type, place.key_origin);
    for (const auto& entry : checked.entries())
      result.set(entry.key, entry.value, entry.key_origin);
    return result;
  }

  Value scalar_value(const Value& given, const Field& field, const Place& place) {
    if (!given.is_scalar()) return wrong_type(given, field, place, "");
    switch (field.type) {
      case FieldType::boolean:
        if (given.quoted() || !scalar::boolean(given.text()))
          return wrong_type(given, field, place, boolean_hint(given));
        return given;
      case FieldType::integer:
        return integer_value(given, field, place);
      case FieldType::real:
        return real_value(given, field, place);
      default:
        return text_value(given, field, place);
    }
  }

  Value integer_value(const Value& given, const Field& field, const Place& place) {
    const auto number = given.quoted() ? std::nullopt : scalar::integer(given.text());
    const auto positive = given.quoted() ? std::nullopt : scalar::unsigned_integer(given.text());
    const bool fits = field.integer == IntegerType::uint64 ? positive.has_value()
                      : field.integer == IntegerType::int32
                          ? number && std::in_range<std::int32_t>(*number)
                          : number.has_value();
    if (!number && !positive) return wrong_type(given, field, place, integer_hint(given));
    check_range(positive ? static_cast<double>(*positive) : static_cast<double>(*number), fits,
                given, field, place);
    return given;
  }

  Value real_value(const Value& given, const Field& field, const Place& place) {
    const auto number = given.quoted() ? std::nullopt : scalar::real(given.text());
    if (!number) return wrong_type(given, field, place, number_hint(given));
    check_range(*number, !std::isnan(*number), given, field, place);
    return given;
  }

  Value text_value(const Value& given, const Field& field, const Place& place) {
    if (field.choices.empty() ||
        std::ranges::find(field.choices, given.text()) != field.choices.end())
      return given;
    const auto suggestion = text::nearest(given.text(), field.choices);
    report(given, place, "config-choice",
           fmt::format("unknown value '{}' for '{}'", given.text(), place.path),
           suggestion ? fmt::format("did you mean '{}'?", *suggestion) : "", field);
    return given;
  }

  void check_range(double number, bool fits, const Value& given, const Field& field,
                   const Place& place) {
    const bool too_low = field.minimum && (field.minimum_excluded ? number <= *field.minimum
                                                                  : number < *field.minimum);
    const bool too_high = field.maximum && (field.maximum_excluded ? number >= *field.maximum
                                                                   : number > *field.maximum);
    if (fits && !too_low && !too_high) return;
    report(given, place, "config-range", fmt::format("value out of range for '{}'", place.path), "",
           field);
  }

  static std::string boolean_hint(const Value& given) {
    const std::string word = text::lower(given.text());
    if (word == "yes" || word == "on" || word == "true" || word == "1") return "write true";
    if (word == "no" || word == "off" || word == "false" || word == "0") return "write false";
    return "";
  }

  static std::string number_hint(const Value& given) {
    std::string digits = given.text();
    if (given.quoted() && scalar::real(digits)) return "in quotes it is text: write " + digits;
    std::erase(digits, '_');
    std::erase(digits, ',');
    if (digits != given.text() && scalar::real(digits)) return "write " + digits;
    return "";
  }

  static std::string integer_hint(const Value& given) {
    const auto number = scalar::real(given.text());
    constexpr double kExact = 9007199254740992.0;
    if (!given.quoted() && number && std::abs(*number) < kExact && *number == std::floor(*number))
      return fmt::format("write {}", static_cast<std::int64_t>(*number));
    return number_hint(given);
  }

  Value wrong_type(const Value& given, const Field& field, const Place& place,
                   const std::string& hint) {
    report(given, place, "config-type",
           fmt::format("wrong type for '{}': got {}", place.path, found_text(given)), hint, field);
    return given;
  }

  /// A problem of a value, with what its key takes. A value without its own place is marked at its
  /// key.
  void report(const Value& given, const Place& place, const char* identifier,
              const std::string& message, const std::string& label, const Field& field) {
    const bool marks_value = given.is_scalar() && !given.origin().source.empty();
    const std::string key = place.path.substr(place.path.rfind('.') + 1);
    std::string note = "expected " + expected_text(field);
    const bool has_default = !field.name.empty() && !field.required && field.section == nullptr;
    if (has_default) note += ", default " + default_text(field);
    problems_.add(
        {identifier, message, marks_value ? given.origin() : place.key_origin,
         marks_value ? length_of(given.text()) + (given.quoted() ? 2 : 0) : length_of(key), label,
         note});
  }

  void report_unknown(const Value::Entry& entry, const Schema& schema, const std::string& where,
                      const std::string& describe) {
    std::string label;
    if (const auto near = text::nearest(entry.key, schema.names())) {
      label = fmt::format("did you mean '{}'?", *near);
    } else if (const auto path = path_elsewhere(entry.key); !path.empty()) {
      label = fmt::format("'{}' exists under '{}'", entry.key, path);
    }
    std::string note = fmt::format("{} accepts: {}", where, some_of(schema.names()));
    if (!describe.empty()) note += fmt::format("   (equigen describe {})", describe);
    problems_.add({"config-unknown-key", fmt::format("unknown key '{}' in {}", entry.key, where),
                   entry.key_origin, length_of(entry.key), label, note});
  }

  /// "did you mean 'nspdk_mmd'?", or which components speak of such a thing, or nothing.
  std::string suggestion_for(const std::string& wanted, const std::string& kind) const {
    const auto names = components_.names(kind);
    if (const auto nearest = text::nearest(wanted, names))
      return fmt::format("did you mean '{}'?", *nearest);
    if (wanted.size() < kShortestWord) return "";
    std::vector<std::string> related;
    for (const std::string& name : names) {
      const Schema* const schema = components_.find(kind, name);
      const std::string described = name + ' ' + (schema == nullptr ? "" : schema->doc);
      if (text::lower(described).find(text::lower(wanted)) != std::string::npos)
        related.push_back(name);
    }
    return related.empty() ? "" : fmt::format("perhaps {}?", fmt::join(related, " or "));
  }

  void report_unknown_component(const Value& type, const std::string& kind) {
    const std::string reason =
        components_.explain ? components_.explain(kind, type.text()) : std::string();
    problems_.add({"config-unknown-component", fmt::format("unknown {} '{}'", kind, type.text()),
                   type.origin(), length_of(type.text()), suggestion_for(type.text(), kind),
                   reason.empty() ? known_components(kind) : reason});
  }

  std::string known_components(const std::string& kind) const {
    const auto names = components_.names(kind);
    if (names.empty())
      return fmt::format("no plugin that was found provides a {} (equigen doctor lists them)",
                         kind);
    return fmt::format("known {}s: {}   (equigen list)", kind, some_of(names));
  }

  /// The section in which a key of this name stands, or an empty text.
  std::string path_elsewhere(const std::string& key) {
    if (!is_indexed_) index(schema_, &tree_, "");
    is_indexed_ = true;
    const auto found = section_of_key_.find(key);
    return found == section_of_key_.end() ? "" : found->second;
  }

  void index(const Schema& schema, const Value* tree, const std::string& path) {
    for (const auto& field : schema.fields) {
      if (!path.empty()) section_of_key_.emplace(field.name, path);
      const Value* child = tree == nullptr ? nullptr : tree->find(field.name);
      const std::string child_path = joined_path(path, field.name);
      if (field.section) index(*field.section, child, child_path);
      const Value* type = child == nullptr ? nullptr : child->find("type");
      if (field.type != FieldType::component || type == nullptr || !type->is_scalar()) continue;
      if (const Schema* chosen = components_.find(field.component_kind, type->text()))
        index(*chosen, child, child_path);
    }
  }

  const Value& tree_;
  const Schema& schema_;
  const ComponentSchemas& components_;
  Problems& problems_;
  bool is_indexed_ = false;
  std::map<std::string, std::string> section_of_key_;
};

}  // namespace

Value validate(const Value& tree, const Schema& schema, const ComponentSchemas& components,
               const std::string& where, Problems& problems) {
  if (problems.stopped()) return schema.defaults();
  if (!tree.is_map() && !tree.is_null()) {
    problems.add({"config-type",
                  fmt::format("{} must be a map of keys, not {}", where, found_text(tree)),
                  tree.origin(), 1, "", fmt::format("it accepts: {}", some_of(schema.names()))});
    return schema.defaults();
  }
  const auto space = where.rfind(' ');
  const bool names_component = space != std::string::npos &&
                               components.find(where.substr(0, space), where.substr(space + 1));
  return Validator(tree, schema, components, problems)
      .section(tree, schema, "", where, names_component ? where.substr(space + 1) : "");
}

}  // namespace equigen::config
