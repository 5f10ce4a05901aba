// SPDX-License-Identifier: MIT
#include "equigen/plugin/loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "equigen/base/error.h"
#include "equigen/base/library_folder.h"
#include "equigen/base/text.h"
#include "equigen/plugin/library.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;
using State = PluginCandidate::State;

fs::path canonical_path(const fs::path& path) {
  std::error_code failure;
  const fs::path result = fs::weakly_canonical(path, failure);
  return failure ? path : result;
}

/// The libraries of a folder by name, or the file itself.
std::vector<fs::path> libraries_at(const fs::path& path) {
  std::error_code failure;
  if (!fs::is_directory(path, failure))
    return fs::exists(path, failure) ? std::vector{path} : std::vector<fs::path>{};
  std::vector<fs::path> result;
  for (fs::directory_iterator entry(path, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (entry->path().extension() == ".so") result.push_back(entry->path());
  }
  std::ranges::sort(result);
  return result;
}

std::string age_remark(const fs::path& library) {
  std::error_code failure;
  const auto written = fs::last_write_time(library, failure);
  if (failure) return {};
  const auto described = fs::last_write_time(manifest_path(library), failure);
  if (failure || described >= written) return {};
  return fmt::format(
      "its manifest is older than the library and may not fit it; write it again with: equigen "
      "plugins write-manifest {}",
      library.string());
}

PluginCandidate candidate_of(const fs::path& library) {
  PluginCandidate candidate;
  candidate.library = library;
  candidate.name = library.stem().string();
  try {
    static_cast<PluginManifest&>(candidate) = read_manifest(library);
    candidate.remark = age_remark(library);
    candidate.reason = incompatibility(candidate.build);
  } catch (const PluginError& failure) {
    candidate.reason = fmt::format("{}; {}", failure.message(), failure.remedy());
  }
  if (!candidate.reason.empty()) candidate.state = State::rejected;
  return candidate;
}

const ComponentInfo* component_in(const PluginCandidate& candidate, std::string_view kind,
                                  std::string_view name) {
  const auto& components = candidate.components;
  const auto found = std::ranges::find_if(components, [&](const ComponentInfo& info) {
    return info.kind == kind && info.name == name;
  });
  return found == components.end() ? nullptr : &*found;
}

bool is_usable(const PluginCandidate& candidate) {
  return candidate.state == State::available || candidate.state == State::loaded;
}

}  // namespace

PluginLoader& PluginLoader::instance() {
  static PluginLoader loader(Registry::instance());
  return loader;
}

void PluginLoader::add_search_paths(std::span<const fs::path> paths) {
  for (const auto& path : paths) {
    std::error_code failure;
    if (!fs::exists(path, failure)) {
      throw PluginError("plugin-missing",
                        fmt::format("there is no plugin file or folder {}", path.string()),
                        "check the path behind --plugin or in `plugins:`");
    }
    const fs::path full = canonical_path(path);
    if (std::ranges::find(added_, full) != added_.end()) continue;
    added_.push_back(full);
    is_scanned_ = false;
  }
}

std::vector<fs::path> PluginLoader::search_paths() const {
  std::vector<fs::path> paths = added_;
  if (const char* list = std::getenv("EQUIGEN_PLUGIN_PATH")) {
    for (const auto& entry : text::split(list, ':')) {
      if (!entry.empty()) paths.emplace_back(entry);
    }
  }
  const char* data_home = std::getenv("XDG_DATA_HOME");
  const char* home = std::getenv("HOME");
  if (data_home != nullptr && *data_home != '\0') {
    paths.push_back(fs::path(data_home) / "equigen" / "plugins");
  } else if (home != nullptr && *home != '\0') {
    paths.push_back(fs::path(home) / ".local" / "share" / "equigen" / "plugins");
  }
  if (const fs::path folder = library_folder(); !folder.empty())
    paths.push_back(folder / "equigen" / "plugins");
  return paths;
}

const std::vector<PluginCandidate>& PluginLoader::candidates() {
  if (!is_scanned_) scan();
  return candidates_;
}

void PluginLoader::scan() {
  candidates_.clear();
  std::set<fs::path> seen;
  for (const auto& path : search_paths()) {
    for (const auto& library : libraries_at(path)) {
      const fs::path full = canonical_path(library);
      if (!seen.insert(full).second) continue;
      PluginCandidate candidate = candidate_of(full);
      if (loaded_.contains(full)) candidate.state = State::loaded;
      candidates_.push_back(std::move(candidate));
    }
  }
  reject_doubles();
  is_scanned_ = true;
}

/// A plugin of the same name replaces one that comes later (a fresh build the installed one); two
/// plugins that provide the same component are a mistake.
void PluginLoader::reject_doubles() {
  std::map<std::string, const PluginCandidate*> by_name;
  std::map<std::pair<std::string, std::string>, const PluginCandidate*> by_component;
  for (auto& candidate : candidates_) {
    if (!is_usable(candidate)) continue;
    const auto [first, is_new] = by_name.emplace(candidate.name, &candidate);
    if (!is_new && candidate.state != State::loaded) {
      candidate.state = State::shadowed;
      candidate.reason = fmt::format("plugin '{}' is taken from {}", candidate.name,
                                     first->second->library.string());
      continue;
    }
    for (const auto& info : candidate.components) {
      const auto [other, is_first] =
          by_component.emplace(std::pair(info.kind, info.name), &candidate);
      if (is_first || candidate.state == State::loaded) continue;
      candidate.state = State::rejected;
      candidate.reason = fmt::format(
          "{} '{}' is provided twice: by {} and by {}; remove one of the two plugins, or rename "
          "its component",
          info.kind, info.name, other->second->library.string(), candidate.library.string());
    }
  }
}

const ComponentInfo* PluginLoader::find(std::string_view kind, std::string_view name) {
  if (const auto* entry = registry_.find(kind, name)) return &entry->info;
  for (const auto& candidate : candidates()) {
    const ComponentInfo* info =
        is_usable(candidate) ? component_in(candidate, kind, name) : nullptr;
    if (info != nullptr) return info;
  }
  return nullptr;
}

std::set<std::string> PluginLoader::names(std::string_view kind) {
  std::set<std::string> result;
  for (const auto& candidate : candidates()) {
    if (!is_usable(candidate)) continue;
    for (const auto& info : candidate.components) {
      if (info.kind == kind) result.insert(info.name);
    }
  }
  return result;
}

std::string PluginLoader::why_unavailable(std::string_view kind, std::string_view name) {
  for (const auto& candidate : candidates()) {
    const bool would_provide =
        component_in(candidate, kind, name) != nullptr || candidate.name == name;
    if (candidate.state == State::rejected && would_provide) {
      return fmt::format("plugin {} was not used: {}", candidate.library.string(),
                         candidate.reason);
    }
  }
  return {};
}

void PluginLoader::load_provider_of(std::string_view kind, std::string_view name) {
  if (registry_.find(kind, name) != nullptr) return;
  const ComponentInfo* info = find(kind, name);
  if (info == nullptr) {
    const std::string reason = why_unavailable(kind, name);
    throw PluginError("plugin-no-provider", fmt::format("no plugin provides {} '{}'", kind, name),
                      reason.empty() ? "`equigen list` shows what there is; name the plugin's file "
                                       "or folder with --plugin"
                                     : reason);
  }
  const fs::path library = info->library;
  load(library);
  if (registry_.find(kind, name) == nullptr) {
    throw PluginError(
        "plugin-manifest-stale",
        fmt::format("plugin {} does not register {} '{}', which its manifest promises",
                    library.string(), kind, name),
        fmt::format("write the manifest again with: equigen plugins write-manifest {}",
                    library.string()));
  }
}

void PluginLoader::load(const fs::path& library) {
  const fs::path full = canonical_path(library);
  if (loaded_.contains(full)) return;
  // The manifest tells a wrong build apart before the dynamic linker stumbles over it.
  std::error_code failure;
  if (fs::exists(full, failure) && fs::exists(manifest_path(full), failure)) {
    const PluginCandidate candidate = candidate_of(full);
    if (candidate.state == State::rejected) {
      throw PluginError("plugin-incompatible",
                        fmt::format("plugin {} cannot be used", full.string()), candidate.reason);
    }
  }
  open_plugin(full, registry_);
  loaded_.insert(full);
  for (auto& candidate : candidates_) {
    if (candidate.library == full) candidate.state = State::loaded;
  }
}

void PluginLoader::write_manifest(const fs::path& library) {
  const fs::path full = canonical_path(library);
  write_manifest_file(full, open_plugin(full, registry_));
  loaded_.insert(full);
  is_scanned_ = false;
}

}  // namespace equigen
