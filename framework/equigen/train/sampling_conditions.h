// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "equigen/config/value.h"
#include "equigen/data/dataset.h"
#include "equigen/data/sample.h"
#include "equigen/model/model.h"
#include "equigen/train/engine_api.h"

namespace equigen {

/// Crystals of these formulas, each with each number of formula units: elements and their numbers
/// count, their places do not. Without numbers, 1, 2, ... while there are at most `largest_size`
/// atoms. The name says what it is: "SrTiO3", "SrTiO3 x2".
/// Throws DataError for what is no formula, or is larger than that on its own.
std::vector<Sample> compositions_of_formulas(const std::vector<std::string>& formulas,
                                             const std::vector<std::int64_t>& formula_units,
                                             std::int64_t largest_size);

/// The crystals that an experiment's `sampling.compositions` means: a part of its data, or another
/// data set or file, relative to the experiment's. Throws DataError when there is none.
std::vector<Sample> stored_conditions(const std::string& source, const DataSplits& data,
                                      const std::filesystem::path& experiment_file);

/// What a structure predictor is asked for: `options.formulas`, or the crystals of
/// `options.compositions`, or else of `stored`. `config` is the model's experiment, whose data
/// "train", "validation" and "test" mean, `trained` the summary of what it was trained on.
/// Throws DataError when there is none, ConfigError when the options contradict each other.
std::vector<Sample> sampling_conditions(const SamplingOptions& options, const std::string& stored,
                                        const config::Value& config, const DataSummary& trained);

/// Empty, or how many conditions the model cannot fulfil, and why.
std::string unmet_conditions(const Model& model, std::span<const Sample> conditions);
/// Throws DataError with that text: for formulas that somebody typed.
void require_met_conditions(const Model& model, std::span<const Sample> conditions);
/// The same as a warning in the log, for data sets, which the samples stay in step with.
void warn_of_unmet_conditions(const Model& model, std::span<const Sample> conditions);

}  // namespace equigen
