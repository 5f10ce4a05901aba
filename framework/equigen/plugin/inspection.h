// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "equigen/plugin/loader.h"

namespace equigen {

/// What trying a plugin's library showed.
struct PluginTrial {
  enum class Outcome {
    opens,    ///< it was opened and registered; its manifest fits
    stale,    ///< it opens, but registers something else than its manifest says
    refused,  ///< it cannot be opened or used
    crashed,  ///< opening it ended the trying process
  };
  Outcome outcome = Outcome::refused;
  std::string identifier;  ///< of a refusal: "plugin-missing-symbol"
  std::string reason;      ///< what is wrong; empty when it opens
  std::string remedy;      ///< what to do; may be empty
};

/// Opens a library in a process of its own, registers into a registry of its own and compares with
/// the manifest beside it. Nothing of it stays in this process, and a library that crashes while it
/// is opened takes only that process down. Call it while no other thread runs.
PluginTrial try_plugin(const std::filesystem::path& library);

/// Manifests NAME.json of a folder that look like a plugin's and have no NAME.so.
std::vector<std::filesystem::path> orphaned_manifests(const std::filesystem::path& folder);

}  // namespace equigen
