// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "equigen/data/dataset.h"
#include "equigen/data/public_datasets.h"

namespace equigen {

/// A file that a data set's configuration names.
struct DatasetFile {
  std::string name;            ///< as the configuration calls it
  std::filesystem::path path;  ///< where it is; empty: it was not found
  std::int64_t bytes = 0;
};

/// What is known of a data set without loading it.
struct DatasetOverview {
  std::string name;
  std::filesystem::path config;  ///< the YAML; empty: only the catalogue of public sets knows it
  std::string type;              ///< its component: "molecules"; empty without YAML
  std::string structure;         ///< "graph", "molecule", "crystal"; of other components their name
  std::string description;       ///< the comment at the head of the YAML
  std::string problem;           ///< why the YAML cannot be used; empty: it can
  std::vector<DatasetFile> files;            ///< empty: generated, not read
  const PublicDataset* published = nullptr;  ///< its entry in the catalogue, where there is one

  bool is_generated() const { return files.empty() && !config.empty() && problem.empty(); }
  std::size_t files_found() const;
};

/// Looks at the data set of this name (see named_dataset()) or of the catalogue. Throws DataError
/// for an unknown name.
DatasetOverview dataset_overview(const std::string& name, const std::filesystem::path& beside,
                                 const DataContext& context);

/// All data sets known by name, and those of the catalogue that have no YAML, sorted.
std::vector<DatasetOverview> dataset_overviews(const std::filesystem::path& beside,
                                               const DataContext& context);

/// The first sentence of a text.
std::string first_sentence(const std::string& text);

}  // namespace equigen
