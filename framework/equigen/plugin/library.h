// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "equigen/plugin/manifest.h"

namespace equigen {

/// Opens a plugin's library, checks it, runs its register function and commits what it registered
/// to `registry`, whole or not at all. The library stays open for the life of the process. Returns
/// what a manifest of it says. Throws PluginError with a message of its own for each: missing file,
/// not a shared library, missing dependency or symbol (demangled), not a plugin, incompatible
/// build, duplicate component, exception while registering.
PluginManifest open_plugin(const std::filesystem::path& library, Registry& registry);

}  // namespace equigen
