// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "equigen/base/file.h"
#include "equigen/graph/graph_files.h"
#include "paths.h"

namespace equigen::testing {

/// The named sets of graph_sets.jsonl in a golden folder.
inline std::map<std::string, std::vector<Graph>> golden_graph_sets() {
  std::map<std::string, std::vector<Graph>> sets;
  read_lines(golden_folder("gdss") / "graph_sets.jsonl", [&](std::string_view line, std::int64_t) {
    if (!line.empty()) {
      const std::string set = nlohmann::json::parse(line).at("set");
      sets[set].push_back(parse_graph_json(line));
    }
    return true;
  });
  return sets;
}

inline nlohmann::json golden_mmd_values() {
  return nlohmann::json::parse(read_file(golden_folder("gdss") / "mmd_values.json"));
}

}  // namespace equigen::testing
