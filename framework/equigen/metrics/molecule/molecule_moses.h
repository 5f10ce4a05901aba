// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/metrics/metric.h"

namespace equigen {

class RegistryBuilder;

/// The figures of the MOSES benchmark (Polykovskiy et al., "Molecular Sets (MOSES): A Benchmarking
/// Platform for Molecular Generation Models", Front. Pharmacol. 11, 565644 (2020)), over the valid
/// generated molecules as they came, repeats included. All throw DataError when there is no
/// generated or no reference molecule.

/// `weight_distance`, `logp_distance`, `qed_distance`: Wasserstein-1 to the reference, and the
/// means `mean_weight`, `mean_logp`, `mean_qed`.
class MoleculeProperties : public Metric {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };

  explicit MoleculeProperties(const Config&) {}
  std::string structure() const override { return "molecule"; }
  MoleculeParts molecule_parts() const override { return MoleculeParts::properties; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;
};

/// `sa_distance` and `mean_sa` of the synthetic accessibility score. Throws DataError when RDKit's
/// table of fragments is not installed.
class MoleculeSaScore : public Metric {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };

  explicit MoleculeSaScore(const Config&) {}
  std::string structure() const override { return "molecule"; }
  MoleculeParts molecule_parts() const override;
  std::vector<MetricValue> compute(const MetricInput& input) const override;
};

/// `snn`: mean similarity to the nearest reference molecule; `internal_diversity` (p = 1) and
/// `internal_diversity_2` (p = 2). Tanimoto of Morgan fingerprints, radius 2, 1024 bits.
class MoleculeSimilarity : public Metric {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };

  explicit MoleculeSimilarity(const Config&) {}
  std::string structure() const override { return "molecule"; }
  MoleculeParts molecule_parts() const override { return MoleculeParts::fingerprint; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;
};

/// `frag` and `scaf`: cosine similarity of the counts of BRICS fragments and of Bemis-Murcko
/// scaffolds of at least two rings. Not a number when a side has none.
class MoleculeFragments : public Metric {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };

  explicit MoleculeFragments(const Config&) {}
  std::string structure() const override { return "molecule"; }
  MoleculeParts molecule_parts() const override {
    return MoleculeParts::fragments | MoleculeParts::scaffold;
  }
  std::vector<MetricValue> compute(const MetricInput& input) const override;
};

/// `filters`: share that passes the MCF and PAINS patterns and is uncharged, of the elements C, N,
/// S, O, F, Cl, Br, H and without rings of eight or more atoms. Needs no reference.
class MoleculeFilters : public Metric {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };

  explicit MoleculeFilters(const Config&) {}
  std::string structure() const override { return "molecule"; }
  MoleculeParts generated_parts() const override { return MoleculeParts::filters; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;
};

/// Adds molecule_properties, molecule_sa_score, molecule_similarity, molecule_fragments,
/// molecule_filters.
void register_moses_metrics(RegistryBuilder& registry);

}  // namespace equigen
