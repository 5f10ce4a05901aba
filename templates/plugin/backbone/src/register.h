#pragma once

#include "equigen/plugin/registry.h"

namespace plugin_name {

/// Adds the backbone plugin_name and the model plugin_name_trial; also called by the tests.
void register_components(equigen::RegistryBuilder& registry);

}  // namespace plugin_name
