// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/crystal/matching/structure_matching.h"
#include "equigen/metrics/crystal/crystal_set.h"
#include "equigen/metrics/metric.h"

namespace equigen {

class RegistryBuilder;

/// Figures of sets of crystals after CDVAE (Xie et al., ICLR 2022). All throw DataError when a
/// sample is no crystal or there are no generated samples.

/// `crystal_validity`: comp_valid (charge neutrality and electronegativity balance, SMACT 2.2.1),
/// struct_valid (no two atoms nearer than 0.5 Å, volume of 0.1 Å³), and valid: both, with a
/// fingerprint.
class CrystalValidity final : public Metric {
 public:
  struct Config {
    std::int64_t search_limit = 0;
    bool own_images = false;
    static void declare(config::Declaration<Config>& keys);
  };
  explicit CrystalValidity(const Config& config) : config_(config) {}
  std::string structure() const override { return "crystal"; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;

 private:
  Config config_;
};

/// `crystal_coverage`: cov_recall and cov_precision, the shares of reference crystals near a
/// generated one and the reverse, in structure and composition fingerprints at once; the shares in
/// each alone; AMSD and AMCD, the mean nearest distances; diversity of the valid crystals.
class CrystalCoverage final : public Metric {
 public:
  struct Config {
    double structure_cutoff = 0;
    double composition_cutoff = 0;
    std::int64_t diversity_count = 1000;
    bool order_independent = false;
    static void declare(config::Declaration<Config>& keys);
  };
  explicit CrystalCoverage(const Config& config) : config_(config) {}
  std::string structure() const override { return "crystal"; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;

 private:
  Config config_;
};

/// `crystal_statistics`: how far the valid generated crystals are from the reference in density
/// and number of elements (of up to 1,000 of them, as published), atoms a cell, volume of an atom,
/// lengths and angles of the reduced cell (Wasserstein-1), elements and space groups (total
/// variation); and in a property of energy where both sets carry one (`d_energy`).
class CrystalStatistics final : public Metric {
 public:
  struct Config {
    std::int64_t sample_count = 1000;
    std::int64_t space_group_count = 1000;
    bool own_images = false;
    std::string niggli = "reference";
    std::string energy;
    static void declare(config::Declaration<Config>& keys);
  };
  explicit CrystalStatistics(const Config& config) : config_(config) {}
  std::string structure() const override { return "crystal"; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;

 private:
  Config config_;
};

/// `crystal_uniqueness_novelty`: crystals that do not fit an earlier one (groups, built greedily),
/// crystals that fit no training crystal, those that are both, and valid too; of all generated.
class CrystalUniquenessNovelty final : public Metric {
 public:
  struct Config {
    double ltol = 0.2;
    double stol = 0.3;
    double angle_tol = 5;
    bool own_images = false;
    static void declare(config::Declaration<Config>& keys);
  };
  explicit CrystalUniquenessNovelty(const Config& config)
      : tolerances_{config.ltol, config.stol, config.angle_tol},
        images_(compared_images(config.own_images)) {}
  std::string structure() const override { return "crystal"; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;

 private:
  MatchTolerances tolerances_;
  ComparedImages images_;
};

/// Adds these, and crystal_match.
void register_crystal_metrics(RegistryBuilder& registry);

}  // namespace equigen
