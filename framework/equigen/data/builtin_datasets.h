// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/plugin/registry.h"

namespace equigen {

/// Adds the data sets that equigen brings along: graphs, molecules, crystals, graph_generator,
/// enumerated_molecules, public_domain_crystals, crystal_prototypes; and the recipes of
/// graph_generator.
void register_datasets(RegistryBuilder& builder);

}  // namespace equigen
