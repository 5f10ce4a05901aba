// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace equigen {

/// The second line of a frame of .xyz or .extxyz: `name=value` pairs, values in quotes, braces or
/// brackets taken whole, and the words beside them.
struct XyzComment {
  std::vector<std::pair<std::string, std::string>> entries;
  std::vector<std::string> words;

  /// The value of a name (in lower case; the line may use capitals), or nullptr.
  const std::string* find(std::string_view name) const;
};

XyzComment parse_xyz_comment(std::string_view line);

/// `name="value"` for such a line; what would end a name, the value or the line is replaced.
std::string xyz_comment_entry(std::string name, std::string value);

}  // namespace equigen
