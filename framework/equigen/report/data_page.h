// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "equigen/data/dataset.h"
#include "equigen/data/sample_statistics.h"

namespace equigen::report {

/// What the page about a data set or file shows. The spans must outlive the call only.
struct DataPageInput {
  std::string title;
  std::string subtitle;
  std::vector<std::pair<std::string, std::string>> facts;  ///< name and value, both for people
  SampleStatistics statistics;
  std::span<const Sample> samples;  ///< the first of them are drawn
  std::int64_t skipped_count = 0;
  std::span<const SkippedRow> skipped;
  std::size_t gallery_size = 60;
};

/// One HTML page without any outside reference: facts, charts, rows left out, pictures.
std::string data_page_html(const DataPageInput& input);

/// Writes data.html into `folder` (made if missing) and returns its path. Throws ResourceError.
std::filesystem::path write_data_page(const std::filesystem::path& folder,
                                      const DataPageInput& input);

}  // namespace equigen::report
