// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/plugin/manifest.h"
#include "equigen/plugin/registry.h"

namespace equigen {

/// A plugin library that was found: from its manifest (NAME.json beside NAME.so), nothing loaded.
/// The inherited part is what could be read of it.
struct PluginCandidate : PluginManifest {
  enum class State {
    available,
    loaded,
    shadowed,  ///< a plugin of the same name was found earlier in the search order
    rejected,
  };
  std::filesystem::path library;
  State state = State::available;
  std::string reason;  ///< of a rejected or shadowed one: why, and what to do
  std::string remark;  ///< of any: what is odd about it (a manifest older than its library)
};

/// Finds plugins and loads those that a configuration names. Libraries are never unloaded.
class PluginLoader {
 public:
  static PluginLoader& instance();

  /// For tests: a loader of its own that fills another registry.
  explicit PluginLoader(Registry& registry) : registry_(registry) {}

  /// Adds files or folders that are searched first (--plugin, `plugins:`); relative ones are
  /// against the working folder. Pointers that find() gave become invalid. Throws PluginError when
  /// one does not exist.
  void add_search_paths(std::span<const std::filesystem::path> paths);

  /// The files and folders that are searched, in order: added paths, EQUIGEN_PLUGIN_PATH (colon
  /// list), $XDG_DATA_HOME/equigen/plugins, <folder of libequigen.so>/equigen/plugins.
  std::vector<std::filesystem::path> search_paths() const;

  /// All candidates in search order.
  const std::vector<PluginCandidate>& candidates();

  /// The component's info from the registry or from a manifest; nullptr when nobody provides it.
  const ComponentInfo* find(std::string_view kind, std::string_view name);

  /// The names of a kind that plugins provide, loaded or not.
  std::set<std::string> names(std::string_view kind);

  /// Why a component that a rejected plugin would provide is not there; empty when none would.
  std::string why_unavailable(std::string_view kind, std::string_view name);

  /// Loads the library that provides a component, unless it is there already. Throws PluginError.
  void load_provider_of(std::string_view kind, std::string_view name);

  /// Loads one library and registers its components; does nothing when it is loaded already. Throws
  /// PluginError: not a plugin, wrong ABI, wrong LibTorch, missing symbol (demangled), duplicate
  /// name, exception while registering.
  void load(const std::filesystem::path& library);

  /// Loads `library` and writes its manifest beside it (called by the build).
  void write_manifest(const std::filesystem::path& library);

 private:
  void scan();
  void reject_doubles();

  Registry& registry_;
  std::vector<std::filesystem::path> added_;
  std::vector<PluginCandidate> candidates_;
  std::set<std::filesystem::path> loaded_;
  bool is_scanned_ = false;
};

}  // namespace equigen
