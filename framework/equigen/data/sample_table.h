// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/data/sample_files.h"

namespace equigen {

/// The rows of a .csv or .tsv of molecules (`smiles`, `name`) or crystals (`material_id`, `cif`),
/// with one column more for each named number or text.
class SampleTable {
 public:
  /// `structure` is "molecule" or "crystal". Throws ConfigError when a name is that of one of the
  /// first two columns, or stands twice.
  SampleTable(std::string_view structure, std::vector<std::string> names, char separator);

  /// As a heading tells. Throws ConfigError for one that no SampleTable wrote.
  static SampleTable of_heading(std::string_view heading, char separator);

  std::string heading() const;
  /// Columns that the sample has nothing for stay empty. Throws ConfigError for a sample of another
  /// structure, DataError for a number or text that has no column.
  std::string row(const Sample& sample, const SampleTexts& texts) const;

 private:
  void require_columns(const Sample& sample, const SampleTexts& texts) const;

  std::string structure_;
  std::vector<std::string> names_;
  char separator_;
};

/// Names of the numbers and texts beside a sample.
std::vector<std::string> names_beside(const Sample& sample, const SampleTexts& texts);

/// Whether the name tells a .csv or .tsv.
bool is_sample_table(const std::filesystem::path& path);

/// See open_sample_writer(). Without names the first sample's are the columns.
std::unique_ptr<SampleWriter> open_table_writer(const std::filesystem::path& path, bool append,
                                                const std::vector<std::string>& columns);

}  // namespace equigen
