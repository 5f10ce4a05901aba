// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/config/validate.h"
#include "equigen/config/value.h"

namespace equigen::config {

/// Parses YAML text. Duplicate keys, merge keys, tags, several documents, anchors that expand
/// without bound, deep nesting, numbers with leading zeros and syntax errors are problems with
/// positions. What is parsed is the core schema of YAML 1.2: `yes` and `on` are text.
Value parse_yaml(std::string_view text, const std::string& source_name, Problems& problems);

/// Reads and parses a file. A missing file is a problem, with the nearest name of its folder.
Value read_yaml(const std::filesystem::path& path, Problems& problems);

/// Where `defaults:` entries are looked up: the folder configs/ of the tree that the file or folder
/// stands in, EQUIGEN_CONFIG_PATH (colon list), then the configs this library came with.
std::vector<std::filesystem::path> config_folders(const std::filesystem::path& file_or_folder);

/// Gives the tree of default values that references may also name: `${trainer.batch_size}` where
/// the file does not set it. Gets the composed tree, since defaults depend on chosen components.
using DefaultsOf = std::function<Value(const Value& composed)>;

/// Composes a file, later ones on top (maps merge, all else replaces). Where a later one chooses
/// another `type` for a component, the options that were written for the earlier type count no
/// more (`Value::Entry::written_for`).
///
/// 1. its `defaults:`, a list of entries. "group/name" puts the content of configs/group/name.yaml
///    under the key `group`; a later entry of the same group replaces an earlier one. "name" alone
///    puts configs/name.yaml at the top. A piece may have `defaults:` of its own, relative to its
///    group's folder and key.
/// 2. its own keys;
/// 3. `overrides` in their order: "a.b=c" (c is YAML; a number addresses an item of a list), "~a.b"
///    removes; "group=name" with a file configs/group/name.yaml replaces that group's entry of
///    `defaults:`, or the whole key where there is none; "a.type=other" leaves the options of the
///    old type behind, but for those that other overrides set;
/// 4. references: ${path.to.key} (whole value of any kind, or inside text), ${env:NAME,default};
///    $${ stands for the two characters. A cycle is a problem that prints the cycle.
Value compose(const std::filesystem::path& file, std::span<const std::string> overrides,
              Problems& problems, const DefaultsOf& defaults = {});

/// Applies overrides to a tree that is already composed (a run's saved configuration). References
/// are read in the overrides only.
Value apply_overrides(Value tree, std::span<const std::string> overrides, Problems& problems);

}  // namespace equigen::config
