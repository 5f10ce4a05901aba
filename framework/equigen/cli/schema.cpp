// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "equigen/base/file.h"
#include "equigen/cli/commands.h"
#include "equigen/cli/known_components.h"
#include "equigen/config/json_schema.h"
#include "equigen/experiment/experiment.h"

namespace equigen::cli {

int schema(const SchemaArguments& arguments) {
  std::vector<config::ComponentSchema> components;
  for (const auto& [key, info] : known_components())
    components.push_back({info->kind, info->name, info->summary, info->schema});
  const config::Schema& root = config::schema_of<Experiment>();
  const nlohmann::json json = arguments.group.empty()
                                  ? config::json_schema("equigen experiment", root, components)
                                  : config::json_schema_of_key(arguments.group, root, components);
  const std::string text = json.dump(1) + '\n';
  if (arguments.output.empty()) {
    fmt::print("{}", text);
  } else {
    write_file_atomically(arguments.output, text);
    fmt::print("wrote {}\n", arguments.output.string());
  }
  return 0;
}

}  // namespace equigen::cli
