// SPDX-License-Identifier: MIT
#pragma once

#include <torch/version.h>

/// Every difference between LibTorch 1.13 and 2.x that equigen's code must know of lives here.
namespace equigen::torch_version {

inline constexpr int kMajor = TORCH_VERSION_MAJOR;
inline constexpr int kMinor = TORCH_VERSION_MINOR;

}  // namespace equigen::torch_version
