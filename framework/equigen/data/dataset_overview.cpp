// SPDX-License-Identifier: MIT
#include "equigen/data/dataset_overview.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/text.h"
#include "equigen/config/value.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/named_dataset.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;

std::string structure_of(const std::string& type) {
  if (type == "graphs" || type == "graph_generator") return "graph";
  if (type == "molecules" || type == "enumerated_molecules") return "molecule";
  if (type == "crystals" || type == "public_domain_crystals" || type == "crystal_prototypes")
    return "crystal";
  return type;
}

/// The comment lines at the head of a YAML file, joined.
std::string head_comment(const fs::path& path) {
  std::string comment;
  read_lines(path, [&](std::string_view line, std::int64_t) {
    if (!line.starts_with('#')) return false;
    if (!comment.empty()) comment += ' ';
    comment += text::trim(line.substr(1));
    return true;
  });
  return comment;
}

void add_names(const config::Value& tree, const char* path, std::vector<std::string>& names) {
  const config::Value* value = tree.at_path(path);
  if (value == nullptr) return;
  if (value->is_scalar() && !value->text().empty()) names.push_back(value->text());
  if (!value->is_sequence()) return;
  for (const config::Value& item : value->items())
    if (item.is_scalar()) names.push_back(item.text());
}

DatasetFile look_for(const std::string& name, const std::string& root, const DataContext& context) {
  DatasetFile file{.name = name, .path = {}};
  try {
    file.path = find_data_file(name, root, context);
    file.bytes = static_cast<std::int64_t>(fs::file_size(file.path));
  } catch (const Error&) {
    file.path.clear();
  }
  return file;
}

void read_config(DatasetOverview& overview, const fs::path& beside, const DataContext& context) {
  overview.config = named_dataset_file(overview.name, beside);
  try {
    overview.description = head_comment(overview.config);
    const config::Value tree = named_dataset(overview.name, beside);
    overview.type = dataset_choice(tree).type;
    overview.structure = structure_of(overview.type);
    std::vector<std::string> names;
    for (const char* path :
         {"file", "files", "split.test_rows", "split.validation_files", "split.test_files"})
      add_names(tree, path, names);
    const config::Value* root = tree.find("root");
    for (const std::string& name : names)
      overview.files.push_back(
          look_for(name, root != nullptr && root->is_scalar() ? root->text() : "", context));
  } catch (const Error& error) {
    overview.problem = error.message();
  }
}

/// A download that the catalogue stores plainly may lie there compressed, and the reverse.
DatasetFile look_for_published(const PublicFile& wanted, const DataContext& context) {
  DatasetFile file = look_for(wanted.path, "", context);
  if (!file.path.empty() || wanted.path.ends_with(".gz")) return file;
  DatasetFile compressed = look_for(wanted.path + ".gz", "", context);
  compressed.name = wanted.path;
  return compressed;
}

/// Whether the catalogue has every file that the configuration names: an alias may be the name of
/// another data set.
bool provides(const PublicDataset& published, const DatasetOverview& overview) {
  return std::ranges::all_of(overview.files, [&](const DatasetFile& file) {
    return std::ranges::find(published.files, file.name, &PublicFile::path) !=
           published.files.end();
  });
}

}  // namespace

std::size_t DatasetOverview::files_found() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(files, [](const DatasetFile& file) { return !file.path.empty(); }));
}

DatasetOverview dataset_overview(const std::string& name, const fs::path& beside,
                                 const DataContext& context) {
  DatasetOverview overview;
  overview.name = name;
  const auto names = dataset_names(beside);
  const bool has_config = name.ends_with(".yaml") || std::ranges::find(names, name) != names.end();
  const PublicDataset* published = find_public_dataset(public_datasets(), name);
  if (has_config || published == nullptr) {
    read_config(overview, beside, context);
    if (published != nullptr && provides(*published, overview)) overview.published = published;
    return overview;
  }
  overview.published = published;
  overview.name = published->name;
  overview.structure = published->structure;
  overview.description = published->description + ".";
  for (const PublicFile& file : published->files)
    overview.files.push_back(look_for_published(file, context));
  return overview;
}

std::vector<DatasetOverview> dataset_overviews(const fs::path& beside, const DataContext& context) {
  const auto configured = dataset_names(beside);
  std::set<std::string> names(configured.begin(), configured.end());
  for (const PublicDataset& dataset : public_datasets()) names.insert(dataset.name);
  std::vector<DatasetOverview> overviews;
  for (const std::string& name : names)
    overviews.push_back(dataset_overview(name, beside, context));
  return overviews;
}

std::string first_sentence(const std::string& text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    const bool ends = text[i] == '.' && text[i + 1] == ' ' &&
                      std::isupper(static_cast<unsigned char>(text[i + 2])) != 0;
    if (ends) return text.substr(0, i + 1);
  }
  return text;
}

}  // namespace equigen
