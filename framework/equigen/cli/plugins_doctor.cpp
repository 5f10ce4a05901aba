// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "equigen/base/error.h"
#include "equigen/base/library_folder.h"
#include "equigen/base/text.h"
#include "equigen/cli/commands.h"
#include "equigen/plugin/inspection.h"
#include "equigen/version.h"

namespace equigen::cli {
namespace {

namespace fs = std::filesystem;
using State = PluginCandidate::State;
using Outcome = PluginTrial::Outcome;

/// Why a path is searched, as its place in the search order tells.
std::string origin_of(const fs::path& path) {
  const char* list = std::getenv("EQUIGEN_PLUGIN_PATH");
  if (path == library_folder() / "equigen" / "plugins") return "installed with equigen";
  const std::vector<std::string> named = text::split(list == nullptr ? "" : list, ':');
  if (std::ranges::find(named, path.string()) != named.end()) return "EQUIGEN_PLUGIN_PATH";
  if (path.parent_path().filename() == "equigen") return "the user's";
  return "--plugin";
}

void show_search_paths(const std::vector<fs::path>& paths) {
  fmt::print("searched, in this order:\n");
  for (std::size_t i = 0; i < paths.size(); ++i) {
    std::error_code failure;
    fmt::print("  {}. {}   ({}{})\n", i + 1, paths[i].string(), origin_of(paths[i]),
               fs::exists(paths[i], failure) ? "" : "; is not there");
  }
}

std::string components_text(const PluginManifest& manifest) {
  std::vector<std::string> names;
  for (const ComponentInfo& info : manifest.components)
    names.push_back(info.kind + '/' + info.name);
  return text::join(names, ", ");
}

std::string build_text(const PluginBuild& build) {
  const std::string torch =
      build.torch_version.empty() ? "no LibTorch" : "LibTorch " + build.torch_version;
  return fmt::format("built for equigen {} (ABI {}.{}), {}, by {}", build.equigen_version,
                     build.abi_major, build.abi_minor, torch, build.compiler);
}

void show_line(const std::string& text) {
  if (!text.empty()) fmt::print("             {}\n", text);
}

/// Prints what one library is; false when it cannot be used.
bool show(const PluginCandidate& candidate) {
  const PluginTrial trial = try_plugin(candidate.library);
  const bool is_usable = candidate.state != State::rejected && trial.outcome == Outcome::opens;
  const char* word = candidate.state == State::loaded     ? "loaded"
                     : candidate.state == State::shadowed ? "shadowed"
                     : is_usable                          ? "available"
                                                          : "rejected";
  fmt::print("\n{:<11}  {}\n", word, candidate.library.string());
  if (!candidate.components.empty()) {
    show_line(
        fmt::format("{} {}: {}", candidate.name, candidate.version, components_text(candidate)));
    show_line(build_text(candidate.build));
  }
  // What opening shows is nearer to the cause than what the manifest lacks.
  if (trial.outcome != Outcome::opens) {
    show_line(fmt::format("{}  [{}]", trial.reason, trial.identifier));
    show_line(trial.remedy.empty() ? "" : "= " + trial.remedy);
  } else {
    show_line(is_usable ? "it opens, and registers what its manifest says" : "");
  }
  if (trial.outcome == Outcome::opens) show_line(candidate.reason);
  show_line(candidate.remark);
  return is_usable || candidate.state == State::shadowed;
}

}  // namespace

int plugins_doctor() {
  PluginLoader& loader = PluginLoader::instance();
  const std::vector<fs::path> paths = loader.search_paths();
  show_search_paths(paths);
  std::size_t rejected = 0;
  for (const PluginCandidate& candidate : loader.candidates()) rejected += show(candidate) ? 0 : 1;
  for (const fs::path& path : paths) {
    for (const fs::path& manifest : orphaned_manifests(path)) {
      fmt::print("\nno library   {}\n", manifest.string());
      show_line("a manifest without its library; build the plugin, or remove the file");
    }
  }
  if (loader.candidates().empty()) {
    fmt::print(
        "\nNo library was found. Name a plugin's file or folder with --plugin, under `plugins:` in "
        "an\nexperiment, or in EQUIGEN_PLUGIN_PATH.\n");
    return 0;
  }
  fmt::print("\n{} of {} can be used by this equigen {}{}.\n",
             loader.candidates().size() - rejected, loader.candidates().size(), EQUIGEN_VERSION,
             std::string_view(EQUIGEN_TORCH_VERSION).empty()
                 ? ", which has no LibTorch"
                 : " with LibTorch " EQUIGEN_TORCH_VERSION);
  return rejected == 0 ? 0 : static_cast<int>(ExitCode::plugin);
}

}  // namespace equigen::cli
