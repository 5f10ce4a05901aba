// SPDX-License-Identifier: MIT
#include "equigen/cli/builtin_components.h"

#include "equigen/data/builtin_datasets.h"
#include "equigen/metrics/crystal/crystal_metrics.h"
#include "equigen/metrics/graph/graph_metrics.h"
#include "equigen/metrics/graph/graph_validity.h"
#include "equigen/metrics/molecule/geometry_metrics.h"
#include "equigen/metrics/molecule/molecule_metrics.h"

namespace equigen {

void register_builtin_components(Registry& registry) {
  RegistryBuilder builder("equigen");
  register_datasets(builder);
  register_graph_metrics(builder);
  register_graph_validity_metrics(builder);
  register_molecule_metrics(builder);
  register_geometry_metrics(builder);
  register_crystal_metrics(builder);
  registry.commit(builder.take());
}

}  // namespace equigen
