// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace equigen::cli {

/// The kinds of component that a project can be started for.
std::vector<std::string> template_kinds();

/// Empty when a plugin may be called so: a word in lower_snake that C++ allows as a namespace and
/// that CMake and equigen do not use themselves; else why not.
std::string fault_of_plugin_name(const std::string& name);

struct ProjectFile {
  std::filesystem::path path;  ///< below the project's folder
  std::string content;
};

/// The files of a new project: the templates of its kind with `plugin_name` and `PluginName`
/// replaced.
std::vector<ProjectFile> project_files(const std::string& name, const std::string& kind);

}  // namespace equigen::cli
