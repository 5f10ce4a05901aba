// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/plugin/registry.h"

namespace equigen {

/// Adds the data sets that equigen brings along: graphs, molecules, graph_generator,
/// enumerated_molecules.
void register_datasets(RegistryBuilder& builder);

}  // namespace equigen
