// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "equigen/config/validate.h"
#include "equigen/config/value.h"

namespace equigen::config {

/// One argument "a.b=c" or "~a.b".
struct Override {
  std::string path;
  bool removes = false;
  Value value;  ///< its values have the argument as their origin
  Origin origin;
};

/// Arguments that are no overrides are left out and become problems.
std::vector<Override> parse_overrides(std::span<const std::string> arguments, Problems& problems);

/// Makes missing maps on the way; a component that is only a name becomes a map with `type`.
void apply_override(Value& tree, const Override& change, Problems& problems);

/// Puts `value` at a path of map keys, making missing maps.
void set_at_path(Value& tree, const std::string& path, Value value, const Origin& origin);

/// The paths of all values of a tree, sections included.
std::vector<std::string> all_paths(const Value& tree);

}  // namespace equigen::config
