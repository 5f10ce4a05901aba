// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <vector>

#include "equigen/metrics/evaluation/evaluation.h"

namespace equigen {

/// One evaluation of the evaluations of several sets; see evaluate_sets(). `each` holds one for
/// each of `sets`, and there are at least two.
Evaluation combined(std::span<const SampleSet> sets, std::span<const Evaluation> each);

/// Says in the remarks where the splits overlap or repeat themselves.
void remark_overlap(Evaluation& evaluation);

}  // namespace equigen
