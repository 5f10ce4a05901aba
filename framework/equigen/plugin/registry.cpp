// SPDX-License-Identifier: MIT
#include "equigen/plugin/registry.h"

#include <fmt/format.h>

#include <set>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/plugin/loader.h"

namespace equigen {
namespace {

std::string provider_text(const ComponentInfo& info) {
  return info.library.empty() ? fmt::format("'{}'", info.provider)
                              : fmt::format("plugin '{}' ({})", info.provider, info.library);
}

[[noreturn]] void fail_duplicate(const ComponentInfo& first, const ComponentInfo& second) {
  throw PluginError("plugin-duplicate",
                    fmt::format("{} '{}' is provided twice: by {} and by {}", first.kind,
                                first.name, provider_text(first), provider_text(second)),
                    "remove one of the two plugins, or rename its component");
}

}  // namespace

Registry& Registry::instance() {
  static Registry registry;
  return registry;
}

void Registry::commit(std::vector<Entry> entries) {
  std::map<std::pair<std::string, std::string>, const Entry*> added;
  for (const auto& entry : entries) {
    if (const Entry* known = find(entry.info.kind, entry.info.name))
      fail_duplicate(known->info, entry.info);
    const auto [other, is_new] = added.emplace(std::pair(entry.info.kind, entry.info.name), &entry);
    if (!is_new) fail_duplicate(other->second->info, entry.info);
  }
  for (auto& entry : entries) {
    std::pair key(entry.info.kind, entry.info.name);
    entries_.emplace(std::move(key), std::move(entry));
  }
}

const Registry::Entry* Registry::find(std::string_view kind, std::string_view name) const {
  const auto entry = entries_.find(std::pair(std::string(kind), std::string(name)));
  return entry == entries_.end() ? nullptr : &entry->second;
}

std::vector<const ComponentInfo*> Registry::list(std::string_view kind) const {
  std::vector<const ComponentInfo*> result;
  for (const auto& [key, entry] : entries_) {
    if (kind.empty() || key.first == kind) result.push_back(&entry.info);
  }
  return result;
}

config::ComponentSchemas Registry::schemas() const {
  // Another registry than the process's own (in tests) knows only itself.
  PluginLoader* loader = this == &instance() ? &PluginLoader::instance() : nullptr;
  config::ComponentSchemas schemas;
  schemas.find = [this, loader](const std::string& kind,
                                const std::string& name) -> const config::Schema* {
    if (const Entry* entry = find(kind, name)) return &entry->info.schema;
    const ComponentInfo* info = loader == nullptr ? nullptr : loader->find(kind, name);
    return info == nullptr ? nullptr : &info->schema;
  };
  schemas.names = [this, loader](const std::string& kind) {
    std::set<std::string> names;
    for (const auto* info : list(kind)) names.insert(info->name);
    if (loader != nullptr) names.merge(loader->names(kind));
    return std::vector<std::string>(names.begin(), names.end());
  };
  schemas.explain = [loader](const std::string& kind, const std::string& name) {
    return loader == nullptr ? std::string() : loader->why_unavailable(kind, name);
  };
  return schemas;
}

const Registry::Entry& Registry::require(std::string_view kind, const std::string& name) const {
  if (find(kind, name) == nullptr && this == &instance() &&
      PluginLoader::instance().find(kind, name) != nullptr) {
    PluginLoader::instance().load_provider_of(kind, name);
  }
  if (const Entry* entry = find(kind, name)) return *entry;
  const auto known = schemas().names(std::string(kind));
  const std::string reason = schemas().explain(std::string(kind), name);
  throw ConfigError("config-unknown-component",
                    fmt::format("unknown {} '{}'{}", kind, name, text::did_you_mean(name, known)),
                    !reason.empty() ? reason
                    : known.empty() ? fmt::format("no plugin that was found provides a {}", kind)
                                    : fmt::format("known {}s: {}", kind, text::join(known, ", ")));
}

config::Value Registry::complete(const Entry& entry, const config::Value& options) const {
  config::Problems problems;
  config::Value result =
      config::validate(options, entry.info.schema, schemas(),
                       fmt::format("{} {}", entry.info.kind, entry.info.name), problems);
  problems.throw_if_any();
  return result;
}

}  // namespace equigen
