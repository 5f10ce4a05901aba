// SPDX-License-Identifier: MIT
#include "equigen/train/saved_paths.h"

#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "equigen/base/error.h"
#include "equigen/data/data_folders.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;
using config::Value;

/// Of data sets: names that are looked for in the data folders.
constexpr std::array<std::string_view, 5> kDataFiles{"file", "files", "test_rows", "test_files",
                                                     "validation_files"};
/// Paths that start in the working folder.
constexpr std::array<std::string_view, 3> kPaths{"root", "folder", "weights"};

bool is_in(std::string_view key, std::span<const std::string_view> keys) {
  return std::ranges::find(keys, key) != keys.end();
}

using NewText = std::function<std::string(const std::string& key, const std::string& text)>;

/// Replaces every text by what `new_text` makes of it and the key it stands behind.
void rewrite(Value& value, const std::string& key, const NewText& new_text) {
  if (value.is_map()) {
    for (auto& entry : value.entries()) rewrite(entry.value, entry.key, new_text);
  } else if (value.is_sequence()) {
    for (Value& item : value.items()) rewrite(item, key, new_text);
  } else if (value.is_scalar() && !value.text().empty()) {
    if (std::string text = new_text(key, value.text()); text != value.text())
      value = Value::scalar(std::move(text), /*quoted=*/true, value.origin());
  }
}

std::string absolute_where_it_exists(const std::string& text) {
  std::error_code ignored;
  return fs::exists(text, ignored) ? fs::absolute(text).lexically_normal().string() : text;
}

/// The path of a data file that stands in one of `folders`; other names stay as they are.
std::string found_in(std::span<const fs::path> folders, const std::string& name,
                     const DataContext& context) {
  if (fs::path(name).is_absolute()) return name;
  try {
    const fs::path found = find_data_file(name, /*root=*/{}, context);
    for (const fs::path& folder : folders) {
      std::error_code ignored;
      if (fs::equivalent(found, folder / name, ignored))
        return fs::absolute(folder / name).lexically_normal().string();
    }
  } catch (const DataError&) {
    // It is looked for in `root`, or is no file's name.
  }
  return name;
}

}  // namespace

Value with_absolute_paths(Value tree, const fs::path& experiment_file, const DataContext& context) {
  const std::array folders{fs::current_path(), fs::absolute(experiment_file).parent_path()};
  const NewText new_text = [&](const std::string& key, const std::string& text) {
    if (is_in(key, kDataFiles)) return found_in(folders, text, context);
    return is_in(key, kPaths) ? absolute_where_it_exists(text) : text;
  };
  for (const char* section : {"data", "metrics"}) {
    if (Value* value = tree.find(section)) rewrite(*value, section, new_text);
  }
  return tree;
}

}  // namespace equigen
