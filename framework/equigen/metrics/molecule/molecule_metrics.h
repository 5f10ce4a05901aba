// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/metrics/metric.h"

namespace equigen {

class RegistryBuilder;

/// Figures of sets of molecules. A sample without atoms counts as one that could not be turned into
/// a molecule. All throw DataError when a sample is a graph or there are no generated samples.

/// `validity`, and where the samples carry the property `valid_without_correction` (0 or 1, noted
/// by the sampler) `validity_without_correction` over the molecules that were kept, which is what
/// GDSS and the methods compared with it publish, and `validity_without_correction_over_all`.
class MoleculeValidity : public Metric {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };

  explicit MoleculeValidity(const Config&) {}
  std::string structure() const override { return "molecule"; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;
};

/// `uniqueness`: distinct canonical SMILES among the valid ones; `unique_at_1000` and
/// `unique_at_10000` (MOSES' unique@k): among the first so many, where there are so many. With
/// training molecules also `novelty` (distinct ones that are not among them, both without
/// stereochemistry) and `novelty_stereo` (both as they are: the published way, overstated when only
/// the training molecules have stereochemistry).
class MoleculeUniquenessNovelty : public Metric {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };

  explicit MoleculeUniquenessNovelty(const Config&) {}
  std::string structure() const override { return "molecule"; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;
};

/// `nspdk_mmd` between generated and reference molecules; see nspdk.h. Throws DataError without
/// reference molecules.
class NspdkMmd : public Metric {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };

  explicit NspdkMmd(const Config&) {}
  std::string structure() const override { return "molecule"; }
  MoleculeParts molecule_parts() const override { return MoleculeParts::skeleton; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;
};

/// Adds all metrics of molecules: those above and those of molecule_statistics.h, molecule_moses.h,
/// molecule_guacamol.h and molecule_fcd.h.
void register_molecule_metrics(RegistryBuilder& registry);

}  // namespace equigen
