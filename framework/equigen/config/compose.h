// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/config/validate.h"
#include "equigen/config/value.h"

namespace equigen::config {

/// Parses YAML text. Duplicate keys, merge keys, anchors that expand without bound, numbers with
/// leading zeros, `yes/on` and syntax errors are problems with positions.
Value parse_yaml(std::string_view text, const std::string& source_name, Problems& problems);

/// Reads and parses a file. A missing file is a problem that lists where it was looked for.
Value read_yaml(const std::filesystem::path& path, Problems& problems);

/// Where `defaults:` entries are looked up: the folder configs/ of the tree the file stands in,
/// EQUIGEN_CONFIG_PATH (colon list), then the installed configs.
std::vector<std::filesystem::path> config_folders(const std::filesystem::path& experiment_file);

/// Composes a file: its `defaults:` (each "group/name" becomes the content of key `group`; a later
/// entry of the same group replaces an earlier one), then its own keys on top (maps merge, all else
/// replaces), then `overrides` ("a.b=c",
/// "~a.b" removes; "group=name" with a file configs/group/name.yaml chooses that file), then
/// `${...}`. Interpolation: ${path.to.key}, ${env:NAME,default}; a cycle is a problem that prints
/// the cycle.
Value compose(const std::filesystem::path& file, std::span<const std::string> overrides,
              Problems& problems);

/// Applies overrides and interpolation to a tree that is already there (a run's saved
/// configuration).
Value apply_overrides(Value tree, std::span<const std::string> overrides, Problems& problems);

}  // namespace equigen::config
