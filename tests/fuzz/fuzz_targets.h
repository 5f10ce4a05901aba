// SPDX-License-Identifier: MIT
#pragma once

#include <span>
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

}  // namespace equigen::fuzz
