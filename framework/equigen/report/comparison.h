// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "equigen/data/sample.h"
#include "equigen/metrics/evaluation/evaluation.h"
#include "equigen/report/result_table.h"
#include "equigen/report/training_log.h"

namespace equigen::report {

/// One run, file of samples or stored evaluation among those compared. Everything but the name may
/// be missing.
struct ComparedRun {
  std::string name;    ///< short, and no other run's
  std::string source;  ///< folder or file it comes from
  std::string config_yaml;
  std::optional<Evaluation> evaluation;
  std::optional<TrainingLog> training;
  std::vector<Sample> samples;
};

struct ComparisonInput {
  std::string title;
  std::string created;  ///< empty: now (UTC)
  std::string command_line;
  std::vector<ComparedRun> runs;
  std::size_t gallery_size = 24;  ///< of each run
};

/// A key whose value is not the same in all configurations; nothing where a run lacks it.
struct ConfigDifference {
  std::string key;  ///< "model.network.depth"
  std::vector<std::optional<std::string>> values;

  bool operator==(const ConfigDifference&) const = default;
};

/// The differences of some YAML texts, in the order of first appearance; lists are one value.
/// Texts that are not YAML, and empty ones, take no part (their values are missing).
std::vector<ConfigDifference> config_differences(const std::vector<std::string>& yaml);

/// What keeps the runs' figures from being compared as they stand: other data sets or reference
/// sets, other protocols, other numbers of samples. Each a sentence.
std::vector<std::string> comparison_warnings(const std::vector<ComparedRun>& runs);

/// One page with all runs side by side, without any outside reference.
std::string comparison_html(const ComparisonInput& input);

/// "equigen-comparison/1": the evaluations, differences and warnings.
nlohmann::json comparison_json(const ComparisonInput& input);

/// Writes report.html, report.json, table.tex and table.md into `folder` (made if missing). Returns
/// the path of report.html. Throws ConfigError for fewer than two runs, ResourceError.
std::filesystem::path write_comparison(const std::filesystem::path& folder,
                                       const ComparisonInput& input);

}  // namespace equigen::report
