// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "equigen/metrics/evaluation/evaluation.h"

namespace equigen {

/// The identities of the reference and training samples, found once and used for every set of
/// generated samples.
class SplitKeys {
 public:
  SplitKeys(std::span<const Sample> reference, std::span<const Sample> train);

  /// Overlap of the splits; of generated samples it knows nothing.
  const SplitOverlap& overlap() const { return overlap_; }
  /// As judge_samples(); adds to `overlap` what generated samples share with the reference.
  /// `crystals` is shared with the metrics; may be empty. What they found out of the generated
  /// crystals becomes part of the verdicts.
  std::vector<SampleVerdict> judge(std::span<const Sample> generated,
                                   SplitOverlap* overlap = nullptr,
                                   std::shared_ptr<CrystalCache> crystals = {}) const;

 private:
  std::unordered_set<std::string> reference_;
  std::unordered_set<std::string> train_;
  std::span<const Sample> compared_;
  std::span<const Sample> training_;
  SplitOverlap overlap_;
};

}  // namespace equigen
