// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "equigen/config/value.h"
#include "equigen/data/sample.h"
#include "equigen/train/engine_api.h"

namespace equigen {

/// Crystals of these formulas, each with each number of formula units: elements and their numbers
/// count, their places do not. The name says what it is: "SrTiO3", "SrTiO3 x2".
/// Throws DataError for what is no formula.
std::vector<Sample> compositions_of_formulas(const std::vector<std::string>& formulas,
                                             const std::vector<std::int64_t>& formula_units);

/// What a structure predictor is asked for: `options.formulas`, or the crystals of
/// `options.compositions`, or else of `stored`. `config` is the model's experiment, whose data
/// "train", "validation" and "test" mean. Throws DataError when there is none.
std::vector<Sample> sampling_conditions(const SamplingOptions& options, const std::string& stored,
                                        const config::Value& config);

}  // namespace equigen
