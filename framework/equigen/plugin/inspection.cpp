// SPDX-License-Identifier: MIT
#include "equigen/plugin/inspection.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/plugin/library.h"

namespace equigen {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Outcome = PluginTrial::Outcome;

std::set<std::string> component_names(const PluginManifest& manifest) {
  std::set<std::string> names;
  for (const ComponentInfo& info : manifest.components) names.insert(info.kind + '/' + info.name);
  return names;
}

/// How the manifest on disk differs from what the library registers; empty when it does not.
std::string staleness(const PluginManifest& written, const PluginManifest& registered) {
  if (written.name != registered.name || written.version != registered.version) {
    return fmt::format("its manifest is of {} {}, the library is {} {}", written.name,
                       written.version, registered.name, registered.version);
  }
  const auto promised = component_names(written);
  const auto present = component_names(registered);
  for (const std::string& name : promised) {
    if (!present.contains(name))
      return fmt::format("its manifest promises {}, which it does not register", name);
  }
  for (const std::string& name : present) {
    if (!promised.contains(name))
      return fmt::format("it registers {}, which its manifest does not name", name);
  }
  for (std::size_t i = 0; i < registered.components.size(); ++i) {
    if (written.components[i].schema.to_json() != registered.components[i].schema.to_json())
      return fmt::format("the keys of {} are others than its manifest says",
                         registered.components[i].name);
  }
  return {};
}

Json refusal(const Error& error) {
  return {{"outcome", "refused"},
          {"identifier", error.identifier()},
          {"reason", error.message()},
          {"remedy", error.remedy()}};
}

/// What the trying process writes.
Json verdict(const fs::path& library) {
  try {
    Registry registry;
    const PluginManifest registered = open_plugin(library, registry);
    const std::string difference = staleness(read_manifest(library), registered);
    if (difference.empty()) return {{"outcome", "opens"}};
    return {
        {"outcome", "stale"},
        {"identifier", "plugin-manifest-stale"},
        {"reason", difference},
        {"remedy", fmt::format("write the manifest again with: equigen plugins write-manifest {}",
                               library.string())}};
  } catch (const Error& error) {
    return refusal(error);
  } catch (const std::exception& failure) {
    return {{"outcome", "refused"}, {"identifier", "plugin"}, {"reason", failure.what()}};
  }
}

[[noreturn]] void report_and_leave(const fs::path& library, int pipe_end) {
  // What the host does on a crash of its own is no business of this process.
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE}) ::signal(signal, SIG_DFL);
  const std::string text = verdict(library).dump();
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(pipe_end, text.data() + written, text.size() - written);
    if (count <= 0) break;
    written += static_cast<std::size_t>(count);
  }
  // No destructors: the library stays open, and its threads may run.
  ::_exit(0);
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer{};
  ssize_t count = 0;
  while ((count = ::read(descriptor, buffer.data(), buffer.size())) > 0)
    text.append(buffer.data(), static_cast<std::size_t>(count));
  return text;
}

PluginTrial trial_of(const Json& json) {
  PluginTrial trial;
  const auto outcome = json.at("outcome").get<std::string>();
  trial.outcome = outcome == "opens"   ? Outcome::opens
                  : outcome == "stale" ? Outcome::stale
                                       : Outcome::refused;
  trial.identifier = json.value("identifier", "");
  trial.reason = json.value("reason", "");
  trial.remedy = json.value("remedy", "");
  return trial;
}

PluginTrial crash(int status) {
  const std::string how = WIFSIGNALED(status) ? fmt::format("signal {} ({})", WTERMSIG(status),
                                                            ::strsignal(WTERMSIG(status)))
                                              : fmt::format("exit status {}", WEXITSTATUS(status));
  return {Outcome::crashed, "plugin-crash", fmt::format("opening it ends the program: {}", how),
          "this is a mistake in its static objects or its register function"};
}

}  // namespace

PluginTrial try_plugin(const fs::path& library) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw ResourceError("plugin-trial", "there is no pipe left");
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw ResourceError("plugin-trial", "no process could be started");
  if (child == 0) {
    ::close(ends[0]);
    report_and_leave(library, ends[1]);
  }
  ::close(ends[1]);
  const std::string text = read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_discarded() ? crash(status) : trial_of(json);
}

std::vector<fs::path> orphaned_manifests(const fs::path& folder) {
  std::vector<fs::path> orphans;
  std::error_code failure;
  for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const fs::path& file = entry->path();
    if (file.extension() != ".json" || fs::exists(fs::path(file).replace_extension(".so")))
      continue;
    try {
      if (Json::parse(read_file(file)).contains("manifest")) orphans.push_back(file);
    } catch (const std::exception&) {
      // Some other file; it is no business of plugins.
    }
  }
  std::ranges::sort(orphans);
  return orphans;
}

}  // namespace equigen
