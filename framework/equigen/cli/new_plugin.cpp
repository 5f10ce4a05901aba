// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/text.h"
#include "equigen/cli/commands.h"
#include "equigen/cli/plugin_template.h"
#include "equigen/plugin/loader.h"

namespace equigen::cli {
namespace {

namespace fs = std::filesystem;

void require_known_kind(const std::string& kind) {
  const std::vector<std::string> kinds = template_kinds();
  if (std::ranges::find(kinds, kind) != kinds.end()) return;
  throw ConfigError(
      "new-plugin-kind",
      fmt::format("there is no template of kind '{}'{}", kind, text::did_you_mean(kind, kinds)),
      fmt::format("kinds: {}", text::join(kinds, ", ")));
}

/// What a project registers: its own name, and beside a backbone the model to try it with.
std::vector<std::pair<std::string, std::string>> components_of(const std::string& name,
                                                               const std::string& kind) {
  if (kind == "backbone") return {{"backbone", name}, {"model", name + "_trial"}};
  return {{kind, name}};
}

void require_free_name(const std::string& name, const std::string& kind) {
  if (const std::string fault = fault_of_plugin_name(name); !fault.empty()) {
    throw ConfigError("new-plugin-name",
                      fmt::format("a plugin cannot be called '{}': {}", name, fault));
  }
  PluginLoader& loader = PluginLoader::instance();
  for (const auto& [component_kind, component] : components_of(name, kind)) {
    const ComponentInfo* known = loader.find(component_kind, component);
    if (known == nullptr) continue;
    throw ConfigError("new-plugin-name",
                      fmt::format("there is a {} '{}' already, from {}", component_kind, component,
                                  known->library.empty() ? "equigen itself" : known->library),
                      "choose another name, or remove that plugin");
  }
  for (const PluginCandidate& candidate : loader.candidates()) {
    if (candidate.name != name) continue;
    throw ConfigError(
        "new-plugin-name",
        fmt::format("there is a plugin '{}' already: {}", name, candidate.library.string()),
        "choose another name, or remove that plugin");
  }
}

void require_empty_folder(const fs::path& folder) {
  std::error_code failure;
  if (!fs::exists(folder, failure)) return;
  if (fs::is_directory(folder, failure) && fs::is_empty(folder, failure)) return;
  throw ConfigError("new-plugin-folder",
                    fmt::format("{} is there already and is not an empty folder", folder.string()),
                    "name another folder with -o");
}

}  // namespace

int new_plugin(const NewPluginArguments& arguments) {
  require_known_kind(arguments.kind);
  require_free_name(arguments.name, arguments.kind);
  const fs::path folder = arguments.output.empty() ? fs::path(arguments.name) : arguments.output;
  require_empty_folder(folder);
  for (const ProjectFile& file : project_files(arguments.name, arguments.kind)) {
    write_file_atomically(folder / file.path, file.content);
    fmt::print("wrote {}\n", (folder / file.path).string());
  }
  fmt::print(
      "\nBuild it, test it, run it:\n"
      "  cd {}\n"
      "  cmake --preset default\n"
      "  cmake --build --preset default\n"
      "  ctest --preset default\n"
      "  equigen train experiments/{}.yaml\n",
      folder.string(), arguments.name);
  return 0;
}

}  // namespace equigen::cli
