// SPDX-License-Identifier: MIT
#include "equigen/config/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "equigen/base/text.h"
#include "equigen/config/scalar.h"

namespace equigen::config {
namespace {

std::string range_text(const Field& field) {
  const auto bound = [](double value) { return scalar::real_text(value); };
  if (field.minimum && field.maximum) {
    return fmt::format(" in {}{}, {}{}", field.minimum_excluded ? '(' : '[', bound(*field.minimum),
                       bound(*field.maximum), field.maximum_excluded ? ')' : ']');
  }
  if (field.minimum)
    return fmt::format(" {} {}", field.minimum_excluded ? "above" : "at least",
                       bound(*field.minimum));
  if (field.maximum)
    return fmt::format(" {} {}", field.maximum_excluded ? "below" : "at most",
                       bound(*field.maximum));
  return field.type == FieldType::integer && field.integer == IntegerType::uint64 ? " at least 0"
                                                                                  : "";
}

/// The type alone, without article: "integer in [1, 64]".
std::string type_text(const Field& field) {
  const std::string unit = field.unit.empty() ? "" : fmt::format(" ({})", field.unit);
  switch (field.type) {
    case FieldType::boolean:
      return "true or false";
    case FieldType::integer:
      return "integer" + range_text(field) + unit;
    case FieldType::real:
      return "number" + range_text(field) + unit;
    case FieldType::text:
      if (field.choices.empty()) return "text" + unit;
      return "one of: " + text::join(field.choices, ", ");
    case FieldType::list:
      return "list: " + type_text(*field.item);
    case FieldType::map:
      return "map: " + type_text(*field.item);
    case FieldType::section:
      return "section";
    case FieldType::component:
      break;
  }
  return (field.component_kind.empty() ? "component" : field.component_kind) + " (type: NAME, ...)";
}

/// A value in YAML's flow style; of a list of maps only how many there are.
std::string one_line(const Value& value) {
  if (value.is_map() && !value.entries().empty()) {
    std::vector<std::string> entries;
    for (const auto& entry : value.entries())
      entries.push_back(fmt::format("{}: {}", entry.key, one_line(entry.value)));
    return fmt::format("{{{}}}", text::join(entries, ", "));
  }
  std::string text = value.to_yaml();
  text.pop_back();
  return text.find('\n') == std::string::npos ? text
                                              : fmt::format("{} items", value.items().size());
}

struct Row {
  int depth;
  std::string name;
  std::string type;
  std::string initial;
  std::string doc;
};

void collect(const Schema& schema, int depth, std::vector<Row>& rows) {
  for (const auto& field : schema.fields) {
    const bool is_section = field.section != nullptr && !field.optional;
    rows.push_back({depth, field.name, type_text(field) + (field.optional ? " or null" : ""),
                    is_section ? "" : default_text(field),
                    field.doc + (field.at_sampling ? " (may be changed at sampling)" : "")});
    const Field* inner = &field;
    while (inner->item != nullptr) inner = inner->item.get();
    if (inner->section != nullptr) collect(*inner->section, depth + 1, rows);
  }
}

/// Breaks at spaces so that no line is longer than `width` unless a word is.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  for (const auto& word : text::split(text, ' ')) {
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > width)
      lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += word;
  }
  return lines;
}

constexpr std::size_t kLineLength = 110;
constexpr std::size_t kLongestType = 34;
constexpr std::size_t kLongestDefault = 24;

std::string row_text(const Row& row, std::size_t name_width, std::size_t type_width,
                     std::size_t initial_width) {
  const std::string name = std::string(2 + 2 * static_cast<std::size_t>(row.depth), ' ') + row.name;
  const std::size_t before_doc = name_width + type_width + initial_width + 6;
  const auto types = wrapped(row.type, type_width);
  const auto docs = wrapped(row.doc, std::max<std::size_t>(kLineLength - before_doc, 30));
  std::string result;
  for (std::size_t i = 0; i < std::max(types.size(), docs.size()); ++i) {
    const std::string line =
        fmt::format("{:<{}}  {:<{}}  {:<{}}  {}", i == 0 ? name : "", name_width,
                    i < types.size() ? types[i] : "", type_width, i == 0 ? row.initial : "",
                    initial_width, i < docs.size() ? docs[i] : "");
    result += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return result;
}

}  // namespace

std::string expected_text(const Field& field) {
  const std::string type = type_text(field);
  switch (field.type) {
    case FieldType::integer:
      return "an " + type;
    case FieldType::real:
    case FieldType::list:
    case FieldType::map:
    case FieldType::section:
    case FieldType::component:
      return "a " + type;
    default:
      return type;
  }
}

std::string default_text(const Field& field) {
  if (field.required) return "required";
  if (field.default_value.is_null()) return "none";
  return one_line(Value::from_json(field.default_value));
}

std::string describe_text(std::string_view title, std::string_view summary, const Schema& schema) {
  std::string result(title);
  if (!summary.empty()) result += fmt::format(": {}", summary);
  result += '\n';
  if (!schema.doc.empty() && schema.doc != summary) {
    for (const auto& line : wrapped(schema.doc, kLineLength - 2)) result += "  " + line + '\n';
  }
  std::vector<Row> rows;
  collect(schema, 0, rows);
  if (rows.empty()) return result + "  (no keys)\n";
  std::size_t name_width = 0;
  std::size_t type_width = 0;
  std::size_t initial_width = 0;
  for (const auto& row : rows) {
    name_width =
        std::max(name_width, row.name.size() + 2 + 2 * static_cast<std::size_t>(row.depth));
    type_width = std::max(type_width, std::min(row.type.size(), kLongestType));
    initial_width = std::max(initial_width, std::min(row.initial.size(), kLongestDefault));
  }
  result += '\n';
  for (const auto& row : rows) result += row_text(row, name_width, type_width, initial_width);
  return result;
}

}  // namespace equigen::config
