// SPDX-License-Identifier: MIT
#include "equigen/base/xyz_comment.h"

#include <algorithm>

#include "equigen/base/text.h"

namespace equigen {
namespace {

constexpr std::string_view kBlanks = " \t\r";

/// Takes a word, or what stands in quotes, braces or brackets, off the front.
std::string taken_value(std::string_view& rest) {
  if (!rest.empty() && (rest[0] == '"' || rest[0] == '\'' || rest[0] == '{' || rest[0] == '[')) {
    const char closing = rest[0] == '{' ? '}' : rest[0] == '[' ? ']' : rest[0];
    const auto end = rest.find(closing, 1);
    std::string value(rest.substr(1, end == std::string_view::npos ? end : end - 1));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return value;
  }
  std::string value(rest.substr(0, rest.find_first_of(kBlanks)));
  rest.remove_prefix(value.size());
  return value;
}

}  // namespace

const std::string* XyzComment::find(std::string_view name) const {
  for (const auto& [key, value] : entries)
    if (text::lower(key) == name) return &value;
  return nullptr;
}

std::string xyz_comment_entry(std::string name, std::string value) {
  std::ranges::replace_if(
      name, [](char c) { return (c >= 0 && c <= ' ') || c == '=' || c == '"'; }, '_');
  std::ranges::replace_if(
      value, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  std::ranges::replace(value, '"', '\'');
  return name + "=\"" + value + '"';
}

XyzComment parse_xyz_comment(std::string_view line) {
  XyzComment comment;
  std::string_view rest = text::trim(line);
  while (!rest.empty()) {
    const auto end = rest.find_first_of("= \t\r");
    if (end != std::string_view::npos && rest[end] == '=' && end > 0) {
      std::string name(rest.substr(0, end));
      rest.remove_prefix(end + 1);
      std::string value = taken_value(rest);
      comment.entries.emplace_back(std::move(name), std::move(value));
    } else {
      const auto word = rest.substr(0, rest.find_first_of(kBlanks));
      comment.words.emplace_back(word);
      rest.remove_prefix(word.size());
    }
    rest = text::trim(rest);
  }
  return comment;
}

}  // namespace equigen
