// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

/// The words of a line of an edge list.
namespace equigen::edge_names {

/// Takes the next name off the front of a line; empty at its end.
inline std::string_view taken(std::string_view& line) {
  constexpr std::string_view separators = " \t\r,;";
  const auto start = line.find_first_not_of(separators);
  if (start == std::string_view::npos) {
    line = {};
    return {};
  }
  line.remove_prefix(start);
  const auto name = line.substr(0, line.find_first_of(separators));
  line.remove_prefix(name.size());
  return name;
}

inline bool is_comment(std::string_view first_name) {
  return first_name.starts_with('#') || first_name.starts_with('%');
}

}  // namespace equigen::edge_names
