// SPDX-License-Identifier: MIT
#include "equigen/config/compose.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "equigen/base/library_folder.h"
#include "equigen/base/text.h"
#include "equigen/config/interpolation.h"
#include "equigen/config/overrides.h"

namespace equigen::config {
namespace {

namespace fs = std::filesystem;

bool is_word(const std::string& text) {
  return !text.empty() && text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
                              "XYZ0123456789_-") == std::string::npos;
}

/// Whether `top` chooses another component than `base`.
bool changes_type(const Value& base, const Value& top) {
  const Value* const earlier = base.find("type");
  const Value* const later = top.find("type");
  return earlier != nullptr && later != nullptr && earlier->is_scalar() && later->is_scalar() &&
         earlier->text() != later->text();
}

/// Maps merge, all else replaces. What was written for a component of another type is marked.
void merge(Value& base, const Value& top) {
  if (!base.is_map() || !top.is_map()) {
    base = top;
    return;
  }
  if (changes_type(base, top)) base.outdate_options();
  base.set_origin(top.origin());
  for (const auto& entry : top.entries()) {
    Value merged = entry.value;
    if (Value* known = base.find(entry.key); known != nullptr && known->is_map()) {
      merged = std::move(*known);
      merge(merged, entry.value);
    }
    base.set(entry.key, std::move(merged), entry.key_origin);
    std::ranges::find(base.entries(), entry.key, &Value::Entry::key)->written_for =
        entry.written_for;
  }
}

fs::path shorter_path(const fs::path& path) {
  std::error_code failure;
  const fs::path relative = fs::proximate(path, failure);
  return failure || relative.string().size() >= path.string().size() ? path : relative;
}

/// A file chosen for a group on the command line.
struct Choice {
  fs::path file;
  Origin origin;
  bool is_used = false;
};

class Composer {
 public:
  Composer(std::vector<fs::path> folders, Problems& problems)
      : folders_(std::move(folders)), problems_(problems) {}

  /// Takes an override "group=name" when there is such a file.
  bool choose(const Override& change) {
    if (change.removes || !change.value.is_scalar() || !is_word(change.value.text())) return false;
    std::string group = change.path;
    std::ranges::replace(group, '.', '/');
    const fs::path file = found(group + '/' + change.value.text());
    if (file.empty()) return false;
    choices_[group] = {file, change.origin};
    return true;
  }

  Value compose(const fs::path& file) {
    Value tree = piece(file, "");
    for (const auto& [group, choice] : choices_) {
      if (!choice.is_used) put(tree, group, piece(choice.file, group), choice.origin);
    }
    return tree;
  }

 private:
  /// The content of a file whose keys belong under `group` ("" at the top), composed.
  Value piece(const fs::path& file, const std::string& group) {
    open_.push_back(file);
    Value own = read_yaml(file, problems_);
    Value result = Value::map(own.origin());
    if (own.is_null()) own = Value::map(own.origin());
    // A list (metrics) is the whole value of its key; there is nothing to compose in it.
    if (own.is_sequence() && !group.empty()) {
      open_.pop_back();
      return own;
    }
    if (!own.is_map()) {
      problems_.add({"config-type", fmt::format("{} must hold keys and values", file.string()),
                     own.origin(), 1, "", "", true});
      own = Value::map(own.origin());
    }
    if (const Value* defaults = own.find("defaults")) {
      add_defaults(*defaults, group, result);
      own.erase("defaults");
    }
    merge(result, own);
    open_.pop_back();
    return result;
  }

  void add_defaults(const Value& list, const std::string& group, Value& result) {
    if (list.is_null()) return;
    if (!list.is_sequence()) {
      problems_.add({"config-defaults", "`defaults` must be a list", list.origin(), 1, "",
                     "for example: defaults: [model/gdss, data/qm9]", false, true});
      return;
    }
    for (const auto& item : list.items()) add_default(item, group, result);
  }

  void add_default(const Value& item, const std::string& group, Value& result) {
    const std::string entry = item.is_scalar() ? item.text() : std::string();
    const auto parts = text::split(entry, '/');
    if (entry == "_self_" || !std::ranges::all_of(parts, is_word)) {
      report_bad_entry(item);
      return;
    }
    const std::string full = group.empty() ? entry : group + '/' + entry;
    const auto slash = entry.rfind('/');
    const auto last = full.rfind('/');
    const std::string full_group = last == std::string::npos ? "" : full.substr(0, last);
    const fs::path file = chosen_or_found(full, full_group, item.origin());
    if (file.empty() || !can_open(file, item.origin())) return;
    Value content = piece(file, full_group);
    if (slash == std::string::npos) {
      merge(result, content);
    } else {
      put(result, entry.substr(0, slash), std::move(content), item.origin());
    }
  }

  static void put(Value& tree, std::string group, Value content, const Origin& origin) {
    std::ranges::replace(group, '/', '.');
    set_at_path(tree, group, std::move(content), origin);
  }

  fs::path chosen_or_found(const std::string& entry, const std::string& group,
                           const Origin& origin) {
    if (const auto choice = choices_.find(group); choice != choices_.end()) {
      choice->second.is_used = true;
      return choice->second.file;
    }
    const fs::path file = found(entry);
    if (file.empty()) report_missing(entry, group, origin);
    return file;
  }

  fs::path found(const std::string& entry) const {
    for (const auto& folder : folders_) {
      const fs::path file = folder / (entry + ".yaml");
      std::error_code failure;
      if (fs::is_regular_file(file, failure)) return shorter_path(file);
    }
    return {};
  }

  bool can_open(const fs::path& file, const Origin& origin) {
    const auto first = std::ranges::find(open_, file);
    if (first == open_.end()) return true;
    std::string cycle;
    for (auto step = first; step != open_.end(); ++step) cycle += step->string() + " -> ";
    problems_.add({"config-cycle", "files include each other in a circle", origin, 1, "",
                   cycle + file.string(), false, true});
    return false;
  }

  void report_bad_entry(const Value& item) {
    std::string label = "write group/name";
    if (item.is_map() && item.entries().size() == 1 && item.entries()[0].value.is_scalar())
      label = fmt::format("write {}/{}", item.entries()[0].key, item.entries()[0].value.text());
    if (item.is_scalar() && item.text() == "_self_")
      label = "leave it out: a file's own keys always come last";
    problems_.add({"config-defaults", "an entry of `defaults` names a file as group/name",
                   item.origin(), std::max(1, static_cast<int>(item.text().size())), label, "",
                   false, true});
  }

  void report_missing(const std::string& entry, const std::string& group, const Origin& origin) {
    std::vector<std::string> names;
    std::string looked_in;
    for (const auto& folder : folders_) {
      looked_in += (looked_in.empty() ? "" : ", ") + shorter_path(folder / group).string();
      std::error_code failure;
      for (fs::directory_iterator file(folder / group, failure), end; !failure && file != end;
           file.increment(failure)) {
        if (file->path().extension() == ".yaml") names.push_back(file->path().stem().string());
      }
    }
    std::ranges::sort(names);
    const std::string name = entry.substr(group.empty() ? 0 : group.size() + 1);
    const auto suggestion = text::nearest(name, names);
    problems_.add({"config-missing-file", fmt::format("there is no configuration '{}'", entry),
                   origin, static_cast<int>(entry.size()),
                   suggestion ? fmt::format("did you mean '{}'?", *suggestion) : "",
                   looked_in.empty() ? "there is no folder configs/ above the file"
                                     : fmt::format("looked for {}.yaml in {}", name, looked_in),
                   false, true});
  }

  std::vector<fs::path> folders_;
  Problems& problems_;
  std::map<std::string, Choice> choices_;
  std::vector<fs::path> open_;
};

}  // namespace

std::vector<fs::path> config_folders(const fs::path& file_or_folder) {
  std::vector<fs::path> folders;
  std::error_code failure;
  fs::path start = fs::absolute(file_or_folder, failure).lexically_normal();
  if (std::error_code ignored; !fs::is_directory(start, ignored)) start = start.parent_path();
  for (fs::path folder = start; !failure; folder = folder.parent_path()) {
    if (std::error_code ignored; fs::is_directory(folder / "configs", ignored)) {
      folders.push_back(folder / "configs");
      break;
    }
    if (folder == folder.root_path() || folder.empty()) break;
  }
  if (const char* list = std::getenv("EQUIGEN_CONFIG_PATH")) {
    for (const auto& entry : text::split(list, ':')) {
      if (!entry.empty()) folders.emplace_back(entry);
    }
  }
  // Installed: <prefix>/lib/libequigen.so or <prefix>/lib/<architecture>/libequigen.so. In a build
  // folder inside the source tree: <source>/build/lib/libequigen.so.
  for (fs::path prefix = library_folder().parent_path(); prefix.has_relative_path();
       prefix = prefix.parent_path()) {
    for (const fs::path& own : {prefix / "share" / "equigen" / "configs", prefix / "configs"}) {
      if (std::error_code ignored; !fs::is_directory(own / "data", ignored)) continue;
      if (std::ranges::find(folders, own) == folders.end()) folders.push_back(own);
      return folders;
    }
  }
  return folders;
}

Value compose(const fs::path& file, std::span<const std::string> overrides, Problems& problems,
              const DefaultsOf& defaults) {
  Composer composer(config_folders(file), problems);
  std::vector<Override> changes = parse_overrides(overrides, problems);
  std::erase_if(changes, [&](const Override& change) { return composer.choose(change); });
  Value tree = composer.compose(file);
  for (const auto& change : changes) apply_override(tree, change, problems);
  return interpolate(tree, defaults ? defaults(tree) : Value::map(), problems);
}

Value apply_overrides(Value tree, std::span<const std::string> overrides, Problems& problems) {
  const auto changes = parse_overrides(overrides, problems);
  for (const auto& change : changes) apply_override(tree, change, problems);
  for (const auto& change : changes) {
    if (Value* value = change.removes ? nullptr : tree.at_path(change.path))
      *value = interpolate_at(tree, change.path, problems);
  }
  return tree;
}

}  // namespace equigen::config
