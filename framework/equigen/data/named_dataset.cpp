// SPDX-License-Identifier: MIT
#include "equigen/data/named_dataset.h"

#include <fmt/format.h>

#include <set>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/text.h"
#include "equigen/config/compose.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/parsed_cache.h"
#include "equigen/plugin/loader.h"
#include "equigen/plugin/registry.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

bool is_yaml(const fs::path& path) {
  const auto extension = text::lower(path.extension().string());
  return extension == ".yaml" || extension == ".yml";
}

DataSplits load_file(const fs::path& path, const fs::path& cache) {
  SampleFile file = read_cached_file(path, {}, cache);
  if (file.samples.empty())
    throw DataError("data-empty",
                    file.skipped.empty()
                        ? fmt::format("{} holds no samples", path.string())
                        : fmt::format("{} holds no usable sample: {}: {}", path.string(),
                                      file.skipped.front().source, file.skipped.front().reason));
  DataSplits splits;
  splits.name = without_gz(path).stem().string();
  splits.test = std::move(file.samples);
  splits.skipped_count = file.skipped_count;
  splits.skipped = std::move(file.skipped);
  return splits;
}

}  // namespace

config::ComponentChoice dataset_choice(const config::Value& tree) {
  const config::Value* type = tree.is_map() ? tree.find("type") : nullptr;
  if (type == nullptr || !type->is_scalar()) {
    throw ConfigError("data-type",
                      fmt::format("{}: a data set needs the key `type`", tree.origin().source));
  }
  config::ComponentChoice choice{type->text(), tree};
  choice.options.erase("type");
  return choice;
}

DataSplits load_dataset(const config::ComponentChoice& choice, const DataContext& context) {
  PluginLoader::instance().load_provider_of(Dataset::kind, choice.type);
  return Registry::instance().create<Dataset>(choice, context)->load();
}

fs::path named_dataset_file(const std::string& name, const fs::path& beside) {
  if (is_yaml(name)) {
    if (fs::exists(name)) return name;
    throw DataError("file-missing", fmt::format("there is no file {}", name));
  }
  for (const auto& folder : config::config_folders(beside)) {
    const auto path = folder / "data" / (name + ".yaml");
    if (fs::exists(path)) return path;
  }
  const auto names = dataset_names(beside);
  throw DataError(
      "data-unknown",
      fmt::format("there is no file and no data set '{}'{}", name, text::did_you_mean(name, names)),
      names.empty() ? "no folder configs/data was found; set EQUIGEN_CONFIG_PATH"
                    : "known data sets: " + text::join(names, ", "));
}

config::Value named_dataset(const std::string& name, const fs::path& beside) {
  config::Problems problems;
  config::Value tree = config::compose(named_dataset_file(name, beside), {}, problems);
  problems.throw_if_any();
  if (tree.is_map() && tree.find("type") == nullptr) {
    if (const config::Value* data = tree.find("data")) return *data;
  }
  return tree;
}

std::vector<std::string> dataset_names(const fs::path& beside) {
  std::set<std::string> names;
  for (const auto& folder : config::config_folders(beside)) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder / "data", ignored)) {
      if (is_yaml(entry.path())) names.insert(entry.path().stem().string());
    }
  }
  return {names.begin(), names.end()};
}

DataSplits load_named_or_file(const std::string& reference, const fs::path& beside,
                              std::uint64_t seed) {
  const DataContext context = data_context(beside, seed);
  if (fs::is_regular_file(reference) && !is_yaml(reference))
    return load_file(reference, context.cache);
  return load_dataset(dataset_choice(named_dataset(reference, beside)), context);
}

}  // namespace equigen
