// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/metrics/metric.h"

namespace equigen {

class RegistryBuilder;

/// What the molecules are made of, of the valid ones:
/// - `connectivity`: share that is one part;
/// - `mean_heavy_atoms`, `charged_share`, `element_share_C` ... (heavy atoms), `bond_share_single`,
///   `_double`, `_triple`, `_aromatic`, `mean_rings`, `ring_share_3` ... `ring_share_8_or_more` (of
///   all rings, RDKit's symmetrised smallest set);
/// - with reference molecules the distances `heavy_atoms_distance`, `ring_count_distance`
///   (Wasserstein-1), `element_distance`, `bond_distance`, `ring_distance` (total variation).
/// The labels name the reference's figure. Throws DataError when a sample is a graph or there are
/// no generated samples.
class MoleculeStatistics : public Metric {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };

  explicit MoleculeStatistics(const Config&) {}
  std::string structure() const override { return "molecule"; }
  MoleculeParts molecule_parts() const override { return MoleculeParts::statistics; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;
};

/// Adds molecule_statistics.
void register_molecule_statistics(RegistryBuilder& registry);

}  // namespace equigen
