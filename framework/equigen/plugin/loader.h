// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "equigen/plugin/registry.h"

namespace equigen {

/// A plugin library that was found: from its manifest (NAME.json beside NAME.so), nothing loaded.
struct PluginCandidate {
  enum class State { available, loaded, rejected };
  std::filesystem::path library;
  State state = State::available;
  std::string reason;  ///< of a rejected one: what is wrong and what to do
  std::string name;
  std::string version;
  std::string summary;
  std::vector<ComponentInfo> components;
};

/// Finds plugins and loads those that a configuration names. Libraries are never unloaded.
class PluginLoader {
 public:
  static PluginLoader& instance();

  /// Adds files or folders that are searched first (--plugin, `plugins:`); relative ones are
  /// against the working folder.
  void add_search_paths(std::span<const std::filesystem::path> paths);

  /// All candidates in search order: added paths, EQUIGEN_PLUGIN_PATH,
  /// $XDG_DATA_HOME/equigen/plugins, <folder of libequigen.so>/equigen/plugins.
  const std::vector<PluginCandidate>& candidates();

  /// The component's info from the registry or from a manifest; nullptr when nobody provides it.
  const ComponentInfo* find(std::string_view kind, std::string_view name);

  /// Loads the library that provides a component, unless it is there already. Throws PluginError.
  void load_provider_of(std::string_view kind, std::string_view name);

  /// Loads one library and registers its components. Throws PluginError: not a plugin, wrong ABI,
  /// wrong LibTorch, missing symbol (demangled), duplicate name, exception while registering.
  void load(const std::filesystem::path& library);

  /// Loads `library` and writes its manifest beside it (called by the build).
  void write_manifest(const std::filesystem::path& library);
};

}  // namespace equigen
