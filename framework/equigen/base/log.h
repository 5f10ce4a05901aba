// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string_view>

/// Log lines for people. They go to standard error and, once a run has started, to its train.log as
/// well. Callers format with fmt::format; the library behind stays in log.cpp.
namespace equigen::log {

enum class Level { debug, info, warning, error, silent };

void set_level(Level level);

/// Copies every later line to `path` (appended), until the next call; an empty path stops it.
/// Throws ResourceError when the file cannot be opened.
void copy_to_file(const std::filesystem::path& path);

void debug(std::string_view message);
void info(std::string_view message);
void warning(std::string_view message);
void error(std::string_view message);

}  // namespace equigen::log
