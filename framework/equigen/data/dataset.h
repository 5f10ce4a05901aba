// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/data/lattice_statistics.h"
#include "equigen/data/sample.h"

namespace equigen {

/// A row of a file that was left out, and why.
struct SkippedRow {
  std::string source;  ///< "molecules.smi:17"
  std::string reason;
};

/// A data set in memory, split. Rows that could not be used are counted and the first few are
/// named.
struct DataSplits {
  std::string name;
  std::vector<Sample> train;
  std::vector<Sample> validation;
  std::vector<Sample> test;
  std::int64_t skipped_count = 0;
  std::vector<SkippedRow> skipped;  ///< the first 20
};

/// Where data sets and caches live.
struct DataContext {
  std::vector<std::filesystem::path>
      roots;                    ///< data.root / EQUIGEN_DATA, then ../shared/data where it exists
  std::filesystem::path cache;  ///< parsed data, keyed by content
  std::uint64_t seed = 0;
};

/// A source of samples, chosen in YAML: `data: {type: molecules, ...}`.
class Dataset {
 public:
  static constexpr std::string_view kind = "dataset";
  using Create = std::shared_ptr<Dataset>(const DataContext&);

  virtual ~Dataset();
  /// Reads everything. Throws DataError: missing file (with the folders that were tried), nothing
  /// usable, empty split.
  virtual DataSplits load() = 0;
};

/// What a model must know of its data to be built and to sample without it. Stored in every
/// checkpoint.
struct DataSummary {
  std::string dataset;                       ///< name
  std::string structure = "graph";           ///< "graph", "molecule" or "crystal"
  std::int64_t count = 0;                    ///< training samples
  std::vector<std::int64_t> size_histogram;  ///< [k] training samples with k nodes or atoms
  std::int32_t max_degree = 0;               ///< over training graphs
  std::vector<int> elements;                 ///< atomic numbers that occur, ascending
  std::vector<std::int64_t> element_counts;  ///< beside `elements`
  std::vector<std::int64_t> bond_counts;     ///< [order] for order 0..3 ([0] unused)
  LatticeStatistics lattice;                 ///< of crystals

  std::int64_t max_size() const { return static_cast<std::int64_t>(size_histogram.size()) - 1; }
  nlohmann::json to_json() const;
  /// Throws DataError when a key is missing or of another type.
  static DataSummary from_json(const nlohmann::json& json);
};

/// Describes the training part of a data set. Hydrogens count where the molecules list them as
/// atoms. Throws DataError when it mixes structures of several kinds.
DataSummary summarise(const std::string& name, const std::vector<Sample>& train);

}  // namespace equigen
