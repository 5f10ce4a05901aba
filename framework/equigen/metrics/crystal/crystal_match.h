// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/crystal/matching/structure_matching.h"
#include "equigen/metrics/metric.h"

namespace equigen {

/// `crystal_match`: reconstruction and structure prediction. Each generated crystal belongs to one
/// reference crystal: by its name where any name is found among the reference's, else, with a
/// remark where there are names, by its place. With several samples a reference crystal, the best
/// one counts. Rates are of all reference crystals; where some have no sample, match_rate_sampled
/// is of those that have, and nothing is compared with published figures.
///
/// match_rate and rmse (mean over matched pairs) as CDVAE and DiffCSP publish them: an invalid
/// crystal matches nothing; match_rate_structural and rmse_structural without the rule of
/// compositions (CrysBFN); match_rate_strict with the matcher's default tolerances; crmse, where an
/// unmatched pair counts as stol; metre, the share of reference crystals that any sample at all
/// matches.
class CrystalMatch final : public Metric {
 public:
  struct Config {
    double ltol = 0.3;
    double stol = 0.5;
    double angle_tol = 10;
    std::string task = "prediction";
    std::string order = "by_reference";
    bool own_images = false;
    static void declare(config::Declaration<Config>& keys);
  };
  explicit CrystalMatch(const Config& config) : config_(config) {}
  std::string structure() const override { return "crystal"; }
  bool is_paired() const override { return true; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;

 private:
  Config config_;
};

}  // namespace equigen
