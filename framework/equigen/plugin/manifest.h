// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "equigen/plugin/registry.h"

namespace equigen {

/// What a plugin was built with; from its description or its manifest.
struct PluginBuild {
  std::uint32_t abi_major = 0;
  std::uint32_t abi_minor = 0;
  std::string equigen_version;
  std::string torch_version;  ///< empty: it does not use LibTorch
  std::string compiler;
  std::string standard_library;
};

/// The content of the file beside a plugin's library.
struct PluginManifest {
  std::string name;
  std::string version;
  std::string summary;
  PluginBuild build;
  std::vector<ComponentInfo> components;
};

/// gdss.so has its manifest in gdss.json.
std::filesystem::path manifest_path(const std::filesystem::path& library);

/// Throws PluginError: missing, not JSON, incomplete. Components get the library's path.
PluginManifest read_manifest(const std::filesystem::path& library);

/// Throws ResourceError when it cannot be written.
void write_manifest_file(const std::filesystem::path& library, const PluginManifest& manifest);

/// Why this equigen cannot load a plugin of that build, and what to do; empty when it can. Checked
/// in this order: ABI, LibTorch's major.minor, standard library.
std::string incompatibility(const PluginBuild& build);

}  // namespace equigen
