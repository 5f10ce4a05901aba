// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/plugin/registry.h"

namespace equigen {

/// Registers the data sets and metrics that the base library holds.
void register_builtin_components(Registry& registry);

}  // namespace equigen
