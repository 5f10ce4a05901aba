// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/cli/commands.h"
#include "equigen/cli/known_components.h"
#include "equigen/config/describe.h"
#include "equigen/experiment/experiment.h"
#include "equigen/plugin/loader.h"

namespace equigen::cli {
namespace {

struct Section {
  const char* name;
  const config::Schema& schema;
};

std::vector<Section> experiment_sections() {
  return {{"experiment", config::schema_of<Experiment>()},
          {"trainer", config::schema_of<TrainerConfig>()},
          {"sampling", config::schema_of<SamplingConfig>()}};
}

[[noreturn]] void unknown_name(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [key, info] : known_components()) names.push_back(key.second);
  for (const Section& section : experiment_sections()) names.emplace_back(section.name);
  throw ConfigError("describe-unknown",
                    fmt::format("there is no component or section named '{}'{}", name,
                                text::did_you_mean(name, names)),
                    "`equigen list` prints all names");
}

}  // namespace

int list(const std::string& kind) {
  const auto known = known_components();
  std::set<std::string> kinds;
  for (const auto& [key, info] : known) kinds.insert(key.first);
  if (!kind.empty() && !kinds.contains(kind)) {
    const std::vector<std::string> names(kinds.begin(), kinds.end());
    throw ConfigError("list-kind",
                      fmt::format("there is no kind '{}'{}", kind, text::did_you_mean(kind, names)),
                      fmt::format("kinds: {}", text::join(names, ", ")));
  }
  for (const std::string& shown : kinds) {
    if (!kind.empty() && shown != kind) continue;
    fmt::print("{}\n", shown);
    for (const auto& [key, info] : known) {
      if (key.first != shown) continue;
      const std::string provider =
          info->provider == "equigen" ? "" : fmt::format("  (plugin {})", info->provider);
      fmt::print("  {:<28} {}{}\n", info->name, info->summary, provider);
    }
  }
  for (const PluginCandidate& candidate : PluginLoader::instance().candidates()) {
    if (candidate.state == PluginCandidate::State::rejected) {
      fmt::print("rejected plugin {}\n  {}\n", candidate.library.string(), candidate.reason);
    }
  }
  fmt::print("\n`equigen describe NAME` prints the keys of one.\n");
  return 0;
}

int describe(const std::string& name) {
  for (const Section& section : experiment_sections()) {
    if (name != section.name) continue;
    fmt::print("{}", config::describe_text(section.name, section.schema.doc, section.schema));
    return 0;
  }
  bool found = false;
  for (const auto& [key, info] : known_components()) {
    if (name != info->name && name != info->kind + "/" + info->name) continue;
    fmt::print("{}{}", found ? "\n" : "",
               config::describe_text(fmt::format("{}/{}", info->kind, info->name), info->summary,
                                     info->schema));
    found = true;
  }
  if (!found) unknown_name(name);
  return 0;
}

int plugins_list() {
  const auto& candidates = PluginLoader::instance().candidates();
  if (candidates.empty())
    fmt::print("no plugins found; EQUIGEN_PLUGIN_PATH or --plugin add folders\n");
  for (const PluginCandidate& candidate : candidates) {
    const bool rejected = candidate.state == PluginCandidate::State::rejected;
    fmt::print("{:<10} {} {}  {}\n", rejected ? "rejected" : "available", candidate.name,
               candidate.version, candidate.library.string());
    if (rejected) fmt::print("           {}\n", candidate.reason);
    for (const ComponentInfo& info : candidate.components) {
      fmt::print("           {}/{}: {}\n", info.kind, info.name, info.summary);
    }
  }
  return 0;
}

int plugins_write_manifest(const std::filesystem::path& library) {
  PluginLoader::instance().write_manifest(library);
  return 0;
}

int config_check(const ConfigArguments& arguments) {
  const LoadedExperiment loaded = load_experiment(arguments.experiment, arguments.overrides);
  fmt::print("{}: no mistakes; model {}, data {}\n", arguments.experiment.string(),
             loaded.experiment.model.type, loaded.experiment.data.type);
  fmt::print(
      "not checked: data, and what the model refuses once it is made; equigen train {} --dry-run "
      "tries it\n",
      arguments.experiment.string());
  return 0;
}

int config_print(const ConfigArguments& arguments) {
  fmt::print(
      "{}",
      load_experiment(arguments.experiment, arguments.overrides).tree.to_yaml(arguments.origins));
  return 0;
}

}  // namespace equigen::cli
