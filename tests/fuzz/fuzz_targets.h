// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include "equigen/base/error.h"

/// Readers of input from outside, each as a function that takes any bytes. Errors of equigen
/// (equigen::Error) are the right answer to bad bytes and are swallowed; everything else that is
/// thrown, a crash, a hang or memory without bound is a finding.
namespace equigen::fuzz {

struct Target {
  std::string_view name;  ///< of the folder in tests/fuzz/corpus and of the program fuzz_<name>
  void (*read)(std::string_view bytes);
};

/// A reader as a target: what equigen refuses is well refused.
template <void (*read)(std::string_view)>
void refusing(std::string_view bytes) {
  try {
    read(bytes);
  } catch (const Error&) {
  }
}

/// Readers of the base library.
std::span<const Target> base_targets();

/// Readers of the engine.
std::span<const Target> engine_targets();

/// A file with these bytes, for readers that take files; in memory where the system has such a
/// folder.
inline std::filesystem::path written(std::string_view bytes, const std::string& extension) {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code ignored;
  const auto folder = std::filesystem::is_directory(memory, ignored)
                          ? memory
                          : std::filesystem::temp_directory_path();
  const auto path = folder / ("equigen-fuzz-" + std::to_string(getpid()) + extension);
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

}  // namespace equigen::fuzz
