// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <utility>

#include "equigen/plugin/registry.h"

namespace equigen::cli {

/// Every known component by kind and name: the built-in ones and those in the manifests of
/// available plugins. Nothing is loaded.
std::map<std::pair<std::string, std::string>, const ComponentInfo*> known_components();

}  // namespace equigen::cli
