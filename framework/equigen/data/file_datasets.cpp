// SPDX-License-Identifier: MIT
#include "equigen/data/file_datasets.h"

#include <fmt/format.h>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/log.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/parsed_cache.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

/// A member of FileSource as a member of the configuration that derives from it.
template <typename Config, typename M>
M Config::*own(M FileSource::*member) {
  return member;
}

template <typename Config>
void declare_source(config::Declaration<Config>& keys) {
  keys.field("name", own<Config>(&FileSource::name),
             "what the data set is called; empty: the file's name");
  keys.field("file", own<Config>(&FileSource::file),
             "the file, absolute or looked for in `root`, EQUIGEN_DATA, the working folder, the "
             "experiment's folder and ../shared/data");
  keys.field("files", own<Config>(&FileSource::files),
             "several files instead of one, joined in this order");
  keys.field("root", own<Config>(&FileSource::root), "folder that is searched first");
  keys.field("min_nodes", own<Config>(&FileSource::min_nodes), "smaller samples are left out")
      .at_least(0);
  keys.field("max_nodes", own<Config>(&FileSource::max_nodes),
             "larger samples are left out; 0: none")
      .at_least(0);
  keys.field("limit", own<Config>(&FileSource::limit),
             "only the first samples of each part, for trials; 0: all")
      .at_least(0);
  keys.field("split", own<Config>(&FileSource::split), "how the data set is divided");
}

std::vector<std::string> file_names(const FileSource& source) {
  if (source.file.empty() == source.files.empty()) {
    throw ConfigError("data-file",
                      source.file.empty() ? "the data set names no file"
                                          : "the data set has both `file` and `files`",
                      "give data.file, or a list data.files");
  }
  return source.file.empty() ? source.files : std::vector{source.file};
}

void check_source(const FileSource& source) {
  file_names(source);
  const auto& split = source.split;
  const auto require = [&](const char* method, const char* key, bool given) {
    if ((split.method == method) == given) return;
    throw ConfigError("data-split",
                      given ? fmt::format("data.split.{} belongs to the method {}, not {}", key,
                                          method, split.method)
                            : fmt::format("the split method {} needs data.split.{}", method, key));
  };
  require("rows", "test_rows", !split.test_rows.empty());
  require("files", "test_files", !split.test_files.empty());
  if (split.method != "files" && !split.validation_files.empty()) {
    throw ConfigError("data-split", "data.split.validation_files belongs to the method files");
  }
  if (source.max_nodes > 0 && source.max_nodes < source.min_nodes) {
    throw ConfigError("data-size", fmt::format("data.max_nodes {} is below data.min_nodes {}",
                                               source.max_nodes, source.min_nodes));
  }
}

void append(SampleFile& whole, SampleFile part) {
  for (auto& sample : part.samples) whole.samples.push_back(std::move(sample));
  for (const auto row : part.rows) whole.rows.push_back(whole.row_count + row);
  whole.row_count += part.row_count;
  const auto named = static_cast<std::int64_t>(part.skipped.size());
  for (auto& row : part.skipped) add_skip(whole, std::move(row.source), std::move(row.reason));
  whole.skipped_count += part.skipped_count - named;
}

/// Reads files of one data set.
class SourceReader {
 public:
  SourceReader(const FileSource& source, SampleFileOptions options, SampleFilter filter,
               const DataContext& context)
      : source_(source),
        options_(std::move(options)),
        filter_(std::move(filter)),
        context_(context) {
    filter_.min_nodes = source.min_nodes;
    filter_.max_nodes = source.max_nodes;
  }

  DataSplits load() const {
    const auto names = file_names(source_);
    SplitSource parts{read(names), read(source_.split.validation_files),
                      read(source_.split.test_files)};
    std::vector<std::int64_t> test_rows;
    if (source_.split.method == "rows") {
      test_rows = read_row_numbers(find_data_file(source_.split.test_rows, source_.root, context_),
                                   parts.main.row_count);
    }
    const auto name =
        source_.name.empty() ? without_gz(fs::path(names.front())).stem().string() : source_.name;
    return finish_dataset(name, std::move(parts), source_.split, test_rows, source_.limit);
  }

 private:
  SampleFile read(const std::vector<std::string>& names) const {
    SampleFile whole;
    for (const auto& name : names) {
      const auto path = find_data_file(name, source_.root, context_);
      auto part = read_cached_file(path, options_, context_.cache);
      keep_fitting(part, filter_, path.string());
      append(whole, std::move(part));
    }
    return whole;
  }

  const FileSource& source_;
  SampleFileOptions options_;
  SampleFilter filter_;
  const DataContext& context_;
};

void refuse_unusable(const std::string& name, const SampleFile& file) {
  if (!file.samples.empty()) return;
  std::string reasons;
  for (const auto& row : file.skipped) reasons += fmt::format("\n  {}: {}", row.source, row.reason);
  throw DataError("data-empty",
                  file.skipped_count == 0
                      ? fmt::format("data set {} is empty", name)
                      : fmt::format("data set {} has no usable sample; all {} rows were skipped:{}",
                                    name, file.skipped_count, reasons),
                  "check the file and the data set's options");
}

void report_skipped(const DataSplits& splits) {
  if (splits.skipped_count == 0) return;
  constexpr std::size_t kShown = 3;
  std::string message =
      fmt::format("data set {}: {} rows were left out", splits.name, splits.skipped_count);
  for (std::size_t i = 0; i < std::min(kShown, splits.skipped.size()); ++i) {
    message += fmt::format("\n  {}: {}", splits.skipped[i].source, splits.skipped[i].reason);
  }
  if (splits.skipped_count > static_cast<std::int64_t>(kShown)) message += "\n  ...";
  log::warning(message);
}

}  // namespace

DataSplits finish_dataset(const std::string& name, SplitSource source, const SplitConfig& split,
                          const std::vector<std::int64_t>& test_rows, std::int64_t limit) {
  refuse_unusable(name, source.main);
  DataSplits splits = split_samples(name, std::move(source), split, test_rows);
  if (limit > 0) {
    for (auto* part : {&splits.train, &splits.validation, &splits.test}) {
      if (part->size() > static_cast<std::size_t>(limit))
        part->resize(static_cast<std::size_t>(limit));
    }
  }
  report_skipped(splits);
  return splits;
}

void GraphFileDataset::Config::declare(config::Declaration<Config>& keys) {
  keys.doc(
      "Graphs from files: JSON lines {\"n\": 3, \"edges\": [[0, 1]]}, graph6 or edge lists parted "
      "by "
      "empty lines.");
  declare_source(keys);
}

GraphFileDataset::GraphFileDataset(Config config, const DataContext& context)
    : config_(std::move(config)), context_(context) {
  check_source(config_);
}

DataSplits GraphFileDataset::load() {
  return SourceReader(config_, {}, {.structure = "graph", .elements = {}}, context_).load();
}

void MoleculeFileDataset::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Molecules from files: SMILES (.smi, .csv), SDF, xyz or JSON lines.");
  declare_source(keys);
  keys.field("smiles_column", &Config::smiles_column,
             "of .csv files: the column with SMILES; empty: the one named so, or the only one");
  keys.field("keep_hydrogens", &Config::keep_hydrogens,
             "of .sdf files: explicit hydrogens stay atoms");
  keys.field("charge", &Config::charge,
             "of .xyz files: the charge of molecules whose comment states none")
      .range(-20, 20);
  keys.field("elements", &Config::elements,
             "molecules with other elements are left out; empty: none");
}

MoleculeFileDataset::MoleculeFileDataset(Config config, const DataContext& context)
    : config_(std::move(config)), context_(context) {
  check_source(config_);
}

DataSplits MoleculeFileDataset::load() {
  return SourceReader(config_,
                      {config_.smiles_column, config_.keep_hydrogens, config_.charge, false, {}},
                      {.structure = "molecule", .elements = config_.elements}, context_)
      .load();
}

void CrystalFileDataset::Config::declare(config::Declaration<Config>& keys) {
  keys.doc(
      "Crystals from files: CIF, tables with a column of CIF, POSCAR, extxyz, JSON lines, zip.");
  declare_source(keys);
  keys.field("cif_column", &Config::cif_column,
             "of .csv files: the column with CIF; empty: the one named so, or the only one with "
             "that word");
  keys.field("elements", &Config::elements,
             "crystals with other elements are left out; empty: none");
  keys.field("reduce", &Config::reduce,
             "replace each cell by its Niggli cell, as generative models of crystals are trained")
      .choices({"none", "niggli"});
}

CrystalFileDataset::CrystalFileDataset(Config config, const DataContext& context)
    : config_(std::move(config)), context_(context) {
  check_source(config_);
}

DataSplits CrystalFileDataset::load() {
  SampleFileOptions options;
  options.cif_column = config_.cif_column;
  DataSplits splits = SourceReader(config_, options,
                                   {.structure = "crystal", .elements = config_.elements}, context_)
                          .load();
  if (config_.reduce == "niggli") reduce_cells(splits);
  return splits;
}

}  // namespace equigen
