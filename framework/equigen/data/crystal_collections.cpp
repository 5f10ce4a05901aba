// SPDX-License-Identifier: MIT
#include "equigen/data/crystal_collections.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/parallel.h"
#include "equigen/base/text.h"
#include "equigen/crystal/elements.h"
#include "equigen/crystal/prototypes/prototypes.h"
#include "equigen/crystal/symmetry/symmetry.h"
#include "equigen/crystal/validity/validity.h"
#include "equigen/data/crystal_files.h"
#include "equigen/data/file_datasets.h"
#include "equigen/data/made_samples.h"
#include "equigen/data/parsed_cache.h"
#include "equigen/data/sample_filter.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

/// Where libavogadro-data puts its crystals.
constexpr std::array<const char*, 2> kFolders{"/usr/share/avogadro2/crystals",
                                              "/usr/share/avogadro/crystals"};

fs::path crystals_folder(const std::string& wanted) {
  std::vector<std::string> tried;
  if (!wanted.empty())
    tried.push_back(wanted);
  else
    tried.assign(kFolders.begin(), kFolders.end());
  for (const std::string& folder : tried) {
    std::error_code ignored;
    if (fs::is_directory(folder, ignored)) return folder;
  }
  throw DataError("data-package-missing",
                  fmt::format("the public-domain crystals are not there; looked in: {}",
                              text::join(tried, ", ")),
                  "install Debian's package libavogadro-data, or name the folder of its .cif files "
                  "in data.folder");
}

std::vector<fs::path> cif_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && sample_format(entry.path()) == ".cif")
      files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

/// The file's crystal, or why there is none.
struct ReadCrystal {
  Sample sample;
  std::string problem;
};

ReadCrystal read_one(const fs::path& path, const fs::path& folder, bool primitive) {
  const SampleFile file = parse_crystals(read_file(path), ".cif", path.string(), {});
  if (file.samples.size() != 1)
    return {{}, file.skipped.empty() ? "not one crystal" : file.skipped.front().reason};
  Crystal crystal = crystal_in(file.samples.front());
  if (const auto fault = structure_fault(crystal)) return {{}, *fault};
  if (primitive) {
    auto smaller = standardised(crystal, StandardCell::primitive, false);
    if (smaller) crystal = std::move(*smaller);
  }
  crystal.name = fs::relative(path, folder).replace_extension().string();
  return {{std::move(crystal), {}}, {}};
}

SampleFile read_folder(const fs::path& folder, const std::vector<fs::path>& files, bool primitive) {
  std::vector<ReadCrystal> read(files.size());
  parallel_for(std::ssize(files), [&](std::int64_t i) {
    const auto k = static_cast<std::size_t>(i);
    try {
      read[k] = read_one(files[k], folder, primitive);
    } catch (const DataError& problem) {
      read[k].problem = problem.message();
    }
  });
  SampleFile result;
  result.row_count = std::ssize(files);
  for (std::size_t k = 0; k < files.size(); ++k) {
    if (!read[k].problem.empty()) {
      add_skip(result, files[k].string() + ":1", std::move(read[k].problem));
      continue;
    }
    result.rows.push_back(static_cast<std::int64_t>(k));
    result.samples.push_back(std::move(read[k].sample));
  }
  return result;
}

std::string digest_of(const std::vector<fs::path>& files) {
  std::string digests;
  for (const fs::path& path : files)
    digests += path.filename().string() + ' ' + sha256_of_file(path) + '\n';
  return sha256(digests);
}

/// What options leave out is no fault of the rows.
void keep_wanted(SampleFile& file, const SampleFilter& filter, const std::string& name) {
  const auto skipped = file.skipped;
  const auto count = file.skipped_count;
  keep_fitting(file, filter, name);
  file.skipped = skipped;
  file.skipped_count = count;
}

std::vector<Sample> as_samples(std::vector<Crystal> crystals) {
  std::vector<Sample> samples;
  for (Crystal& crystal : crystals) samples.push_back({std::move(crystal), {}});
  return samples;
}

std::vector<int> numbers_of(const std::vector<std::string>& symbols) {
  std::vector<int> numbers;
  for (const std::string& symbol : symbols) {
    numbers.push_back(atomic_number_of_element(symbol));
    if (numbers.back() == 0)
      throw ConfigError("data-element", fmt::format("data.elements: '{}' is no element", symbol),
                        "give symbols such as Na, Cl, O");
  }
  return numbers;
}

}  // namespace

void PublicDomainCrystalDataset::Config::declare(config::Declaration<Config>& keys) {
  keys.doc(
      "Textbook crystals in the public domain (elements, oxides, zeolites, ...), from Debian's "
      "package libavogadro-data; not downloaded.");
  keys.field("name", &Config::name, "what the data set is called");
  keys.field("folder", &Config::folder, "of the .cif files; empty: where the package puts them");
  keys.field("primitive", &Config::primitive, "primitive cells instead of those of the files");
  keys.field("min_atoms", &Config::min_atoms, "crystals with a smaller cell are left out")
      .at_least(1);
  keys.field("max_atoms", &Config::max_atoms, "crystals with a larger cell are left out; 0: none")
      .at_least(0);
  keys.field("elements", &Config::elements, "only crystals of these; empty: all");
  keys.field("limit", &Config::limit, "only the first samples of each part, for trials; 0: all")
      .at_least(0);
  keys.field("split", &Config::split, "how the data set is divided");
}

PublicDomainCrystalDataset::PublicDomainCrystalDataset(Config config, const DataContext& context)
    : config_(std::move(config)), context_(context) {
  require_made_split(config_.split);
}

DataSplits PublicDomainCrystalDataset::load() {
  const fs::path folder = crystals_folder(config_.folder);
  const auto files = cif_files(folder);
  const auto key =
      fmt::format("public-domain crystals {} primitive {}", digest_of(files), config_.primitive);
  SampleFile file =
      cached(context_.cache, key, [&] { return read_folder(folder, files, config_.primitive); });
  keep_wanted(file, {"crystal", config_.min_atoms, config_.max_atoms, config_.elements},
              config_.name);
  return finish_dataset(config_.name, {std::move(file), {}, {}}, config_.split, {}, config_.limit);
}

void PrototypeCrystalDataset::Config::declare(config::Declaration<Config>& keys) {
  keys.doc(
      "Ionic crystals made by decorating textbook structure types (rock salt, perovskite, spinel, "
      "...) with elements, lattice constants from ionic radii; made, not downloaded.");
  keys.field("name", &Config::name, "what the data set is called");
  keys.field("prototypes", &Config::prototypes,
             "structure types: " + text::join(prototype_names(), ", ") + "; empty: all");
  keys.field("elements", &Config::elements, "only crystals of these; empty: all");
  keys.field("max_per_prototype", &Config::max_per_prototype,
             "crystals of one structure type, chosen at random where there are more; 0: all")
      .at_least(0);
  keys.field("max_atoms", &Config::max_atoms, "crystals with a larger cell are left out; 0: none")
      .at_least(0);
  keys.field("seed", &Config::seed, "of that choice; independent of the run's seed");
  keys.field("reduce", &Config::reduce,
             "replace each cell by its Niggli cell, as generative models of crystals are trained")
      .choices({"none", "niggli"});
  keys.field("limit", &Config::limit, "only the first samples of each part, for trials; 0: all")
      .at_least(0);
  keys.field("split", &Config::split, "how the data set is divided");
}

PrototypeCrystalDataset::PrototypeCrystalDataset(Config config, const DataContext& context)
    : config_(std::move(config)), context_(context) {
  require_made_split(config_.split);
}

DataSplits PrototypeCrystalDataset::load() {
  SampleFile file =
      made_file(as_samples(decorated_prototypes({.prototypes = config_.prototypes,
                                                 .elements = numbers_of(config_.elements),
                                                 .max_per_prototype = config_.max_per_prototype,
                                                 .seed = config_.seed})));
  keep_wanted(file, {"crystal", 1, config_.max_atoms, {}}, config_.name);
  DataSplits splits =
      finish_dataset(config_.name, {std::move(file), {}, {}}, config_.split, {}, config_.limit);
  if (config_.reduce == "niggli") reduce_cells(splits);
  return splits;
}

}  // namespace equigen
