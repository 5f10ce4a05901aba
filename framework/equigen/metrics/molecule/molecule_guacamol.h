// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/metrics/metric.h"

namespace equigen {

class RegistryBuilder;

/// GuacaMol's Kullback-Leibler score (Brown, Fiscato, Segler, Vaucher, "GuacaMol: Benchmarking
/// Models for de Novo Molecular Design", J. Chem. Inf. Model. 59, 1096 (2019)) of the distinct
/// molecules without stereochemistry: `guacamol_kl`, the mean of exp(-KL), and its parts
/// `kl_bertz`, `kl_logp`, `kl_weight`, `kl_tpsa`, `kl_acceptors`, `kl_donors`,
/// `kl_rotatable_bonds`, `kl_aliphatic_rings`, `kl_aromatic_rings`, `kl_internal_similarity`,
/// KL(reference || generated) in nats. A part that is not defined (all values equal) is left out of
/// the mean, and said so. Throws DataError when a side has no molecules.
class GuacamolKl : public Metric {
 public:
  struct Config {
    std::string against = "reference";
    std::int64_t sample_count = 10000;
    static void declare(config::Declaration<Config>& keys);
  };

  explicit GuacamolKl(const Config& config) : config_(config) {}
  std::string structure() const override { return "molecule"; }
  MoleculeParts molecule_parts() const override;
  MoleculeParts generated_parts() const override;
  std::vector<MetricValue> compute(const MetricInput& input) const override;

 private:
  Config config_;
};

/// `count` random molecules of the training set, always the same ones.
std::vector<Sample> guacamol_training_subset(std::span<const Sample> train, std::size_t count);

/// Adds guacamol_kl.
void register_guacamol_metrics(RegistryBuilder& registry);

}  // namespace equigen
