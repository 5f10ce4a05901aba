// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "equigen/data/dataset.h"
#include "equigen/experiment/experiment.h"
#include "equigen/report/comparison.h"
#include "equigen/report/report.h"

namespace equigen::cli {

/// The experiment that a run folder or model folder holds (its config.yaml). Throws DataError when
/// there is none.
LoadedExperiment experiment_of_run(const std::filesystem::path& run);

/// Loads the data set that an experiment names.
DataSplits load_data(const Experiment& experiment, const std::filesystem::path& experiment_file);

/// The test part of `against`; the training data of `train`, else that of `against`. Both are names
/// or files.
DataSplits reference_data(const std::string& against, const std::string& train);

report::DatasetInfo dataset_info(const DataSplits& data);

/// The file of samples that `sample` wrote into a run: the one its sampling.file names, else
/// samples/samples.smi or samples.jsonl. Throws DataError when there is none.
std::filesystem::path samples_of_run(const std::filesystem::path& run);

/// A run for the comparison with others: its configuration, training log and, where it has samples,
/// their evaluation; without a name.
report::ComparedRun compared_run(const std::filesystem::path& run);

/// Evaluates a file of samples as the run's experiment says, prints the table and writes
/// report.html and report.json. Returns the path of report.html.
std::filesystem::path write_run_report(const std::filesystem::path& run,
                                       const std::filesystem::path& samples,
                                       const std::filesystem::path& folder);

}  // namespace equigen::cli
