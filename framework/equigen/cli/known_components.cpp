// SPDX-License-Identifier: MIT
#include "equigen/cli/known_components.h"

#include "equigen/plugin/loader.h"

namespace equigen::cli {

std::map<std::pair<std::string, std::string>, const ComponentInfo*> known_components() {
  std::map<std::pair<std::string, std::string>, const ComponentInfo*> known;
  for (const ComponentInfo* info : Registry::instance().list())
    known[{info->kind, info->name}] = info;
  for (const PluginCandidate& candidate : PluginLoader::instance().candidates()) {
    if (candidate.state == PluginCandidate::State::rejected) continue;
    for (const ComponentInfo& info : candidate.components)
      known.try_emplace({info.kind, info.name}, &info);
  }
  return known;
}

}  // namespace equigen::cli
