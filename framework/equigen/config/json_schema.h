// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "equigen/config/schema.h"

/// Schemas as JSON Schema (draft-07, which YAML editors know), for completion and checks while
/// typing. It accepts what may be written in a file: a key that validate() requires may come from
/// `defaults:`, and any single value may be a reference `${...}`.
namespace equigen::config {

/// A component that may be chosen by `type:`.
struct ComponentSchema {
  std::string kind;
  std::string name;
  std::string summary;
  Schema schema;
};

/// The JSON Schema of a file with the keys of `root`, among them `defaults`. Each component becomes
/// a definition "kind.name", each kind one that selects by `type`.
nlohmann::json json_schema(const std::string& title, const Schema& root,
                           const std::vector<ComponentSchema>& components);

/// The JSON Schema of a file configs/GROUP/*.yaml, which holds what stands under one key of `root`.
/// Throws ConfigError that lists the keys there are.
nlohmann::json json_schema_of_key(const std::string& key, const Schema& root,
                                  const std::vector<ComponentSchema>& components);

}  // namespace equigen::config
