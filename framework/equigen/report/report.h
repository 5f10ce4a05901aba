// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "equigen/data/dataset.h"
#include "equigen/data/sample.h"
#include "equigen/metrics/evaluation/evaluation.h"
#include "equigen/report/training_log.h"

namespace equigen::report {

/// What is told of the data set.
struct DatasetInfo {
  std::string name;
  std::int64_t train_count = 0;
  std::int64_t validation_count = 0;
  std::int64_t test_count = 0;
  std::int64_t skipped_count = 0;
  std::vector<SkippedRow> skipped;
  std::string note;  ///< where it comes from, how it was split; may be empty
};

/// All that a report shows. Everything but the title may be missing; a section without content is
/// left out, or says why it is empty. The spans must outlive the call only.
struct ReportInput {
  std::string title;         ///< "gdss · community_small"
  std::string subtitle;      ///< one line below
  std::string created;       ///< date and time as text; empty: now (UTC)
  std::string command_line;  ///< how to get this again
  std::string config_yaml;   ///< the resolved configuration
  nlohmann::json environment = nlohmann::json::object();
  std::optional<DatasetInfo> dataset;
  std::optional<Evaluation> evaluation;
  std::optional<TrainingLog> training;
  std::span<const Sample> samples;    ///< generated; for the distributions and the gallery
  std::span<const Sample> reference;  ///< test split
  std::vector<std::string> warnings;  ///< shown at the top: "stopped by the user at step 300"
  std::size_t gallery_size = 60;      ///< the first so many samples are drawn
};

/// The page: one HTML file without any outside reference.
std::string report_html(const ReportInput& input);

/// "equigen-report/1": all figures of the page as JSON.
nlohmann::json report_json(const ReportInput& input);

/// Writes report.html, report.json and, where samples were judged, samples.csv, table.tex and
/// table.md into `folder` (made if missing). Returns the path of report.html. Throws ResourceError.
std::filesystem::path write_report(const std::filesystem::path& folder, const ReportInput& input);

}  // namespace equigen::report
