// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/metrics/metric.h"

namespace equigen {

class RegistryBuilder;

/// `molecule_stability`: `atom_stability_TABLE` (over all atoms) and `molecule_stability_TABLE`
/// (all atoms stable) in % for each table that is asked for; see molecule/stability.h. A sample
/// without atoms is an unstable molecule. Throws DataError when no sample lists hydrogens as atoms.
class MoleculeStability final : public Metric {
 public:
  struct Config {
    std::vector<std::string> tables{"corrected", "legacy", "edm"};
    static void declare(config::Declaration<Config>& keys);
  };

  explicit MoleculeStability(const Config& config) : config_(config) {}
  std::string structure() const override { return "molecule"; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;

 private:
  Config config_;
};

/// `molecule_geometry`: the share of samples that pass each check of PoseBusters and all of them
/// (`pb_valid`), and what relaxation with a force field changes: `relaxation_energy`,
/// `bond_deviation`, `angle_deviation`, `torsion_deviation`, `relaxation_rmsd`; see
/// molecule/geometry_checks.h and conformer_energy.h. Throws DataError when no sample has
/// positions.
class MoleculeGeometry final : public Metric {
 public:
  struct Config {
    std::int64_t relaxed = 200;
    std::int64_t conformers = 0;
    static void declare(config::Declaration<Config>& keys);
  };

  explicit MoleculeGeometry(const Config& config) : config_(config) {}
  std::string structure() const override { return "molecule"; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;

 private:
  Config config_;
};

/// Whether a sample is a molecule with positions.
bool has_positions(std::span<const Sample> samples);

/// For each sample the geometry checks it fails, joined by commas; empty when it passes all. On all
/// cores.
std::vector<std::string> geometry_failures(std::span<const Sample> samples);

/// Adds the metrics above, and molecule_bond_geometry.
void register_geometry_metrics(RegistryBuilder& registry);

}  // namespace equigen
