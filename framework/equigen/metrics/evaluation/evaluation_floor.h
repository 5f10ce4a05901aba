// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "equigen/metrics/evaluation/evaluation.h"

namespace equigen {

/// What the metrics of one evaluation share; any may be empty.
struct MetricCaches {
  std::shared_ptr<MoleculeCache> molecules;
  std::shared_ptr<CrystalCache> crystals;
};

/// Floors by component and figure.
using FloorTable = std::map<std::pair<std::string, std::string>, Floor>;

/// Every metric of training samples (as many as `request.generated`) against the reference. A
/// metric that cannot be computed so, for instance one that needs a training set of its own, gets
/// no floor, nor does one that compares pair by pair. `caches` are shared with the figures.
FloorTable compute_floors(const EvaluationRequest& request, std::span<const NamedMetric> metrics,
                          const MetricCaches& caches);

/// Discrepancies of the whole training set (at most kMostRatioSamples of it) against the reference
/// by their figure's name, for ratio_figures(); empty for metrics that have none.
using TrainingDiscrepancies = std::map<std::string, double>;
inline constexpr std::size_t kMostRatioSamples = 2000;

TrainingDiscrepancies training_discrepancies(const EvaluationRequest& request,
                                             const NamedMetric& metric);

/// The ratios of generated to training discrepancy, MMD²(generated, reference) / MMD²(train,
/// reference), as SPECTRE (Martinkus et al. 2022), DiGress and those after them print them:
/// `degree_ratio`, ... and behind them `average_ratio`, their mean over those of degree,
/// clustering, orbit, spectral and wavelet that are among `values`. 1 is as close to the reference
/// as the training set is. A statistic whose training discrepancy is zero has no ratio and is named
/// in the note.
std::vector<MetricValue> ratio_figures(std::span<const MetricValue> values,
                                       const TrainingDiscrepancies& training);

}  // namespace equigen
