// SPDX-License-Identifier: MIT
#include "equigen/plugin/inspection.h"

#include <fstream>

#include "catch.h"
#include "equigen/base/file.h"
#include "paths.h"

using namespace equigen;
using equigen::testing::TemporaryFolder;
namespace fs = std::filesystem;
using Outcome = PluginTrial::Outcome;

namespace {

fs::path sample(const std::string& name) {
  return fs::path(EQUIGEN_SAMPLE_PLUGINS) / (name + ".so");
}

std::string refusal_of(const fs::path& library) {
  const PluginTrial trial = try_plugin(library);
  CHECK(trial.outcome == Outcome::refused);
  return trial.identifier + ": " + trial.reason + "; " + trial.remedy;
}

/// The good plugin with its manifest in a folder.
fs::path installed(const fs::path& folder) {
  const fs::path library = folder / "good.so";
  fs::copy_file(sample("good"), library);
  Registry registry;
  PluginLoader(registry).write_manifest(library);
  return library;
}

}  // namespace

TEST_CASE("inspection: a sound plugin opens, and nothing of it stays") {
  const TemporaryFolder folder;
  const fs::path library = installed(folder.path());
  const std::size_t before = Registry::instance().list().size();
  CHECK(try_plugin(library).outcome == Outcome::opens);
  CHECK(Registry::instance().list().size() == before);
}

TEST_CASE("inspection: each way to be wrong has its own reason and remedy") {
  CHECK_THAT(refusal_of(sample("wrong_abi")), ContainsSubstring("plugin-incompatible"));
  CHECK_THAT(refusal_of(sample("missing_symbol")),
             ContainsSubstring("plugin-missing-symbol") && ContainsSubstring("absent::measure"));
  CHECK_THAT(refusal_of(sample("missing_library")),
             ContainsSubstring("plugin-missing-library: ") &&
                 ContainsSubstring("needs the library libsample_absent.so") &&
                 ContainsSubstring("LD_LIBRARY_PATH"));
  CHECK_THAT(refusal_of(sample("not_a_plugin")), ContainsSubstring("plugin-not-a-plugin"));
  CHECK_THAT(refusal_of(sample("throwing")), ContainsSubstring("plugin-registration"));
  CHECK_THAT(refusal_of(sample("good")), ContainsSubstring("plugin-manifest-missing"));
  CHECK_THAT(refusal_of(sample("absent")), ContainsSubstring("plugin-missing: "));
}

TEST_CASE("inspection: a library for another processor is named as such") {
  const TemporaryFolder folder;
  std::string bytes = read_file(sample("good"));
  bytes[18] = static_cast<char>(0xF3);  // e_machine: RISC-V
  bytes[19] = 0;
  std::ofstream(folder / "foreign.so", std::ios::binary) << bytes;
  CHECK_THAT(refusal_of(folder / "foreign.so"),
             ContainsSubstring("plugin-architecture") && ContainsSubstring("is for RISC-V"));
}

TEST_CASE("inspection: a library that aborts takes only the trying process down") {
  const PluginTrial trial = try_plugin(sample("crashing"));
  CHECK(trial.outcome == Outcome::crashed);
  CHECK_THAT(trial.reason, ContainsSubstring("signal 6"));
}

TEST_CASE("inspection: a stale manifest and one without its library are told") {
  const TemporaryFolder folder;
  const fs::path library = installed(folder.path());
  auto manifest = nlohmann::json::parse(read_file(folder / "good.json"));
  const auto reason_with = [&](const nlohmann::json& changed) {
    std::ofstream(folder / "good.json") << changed.dump();
    const PluginTrial trial = try_plugin(library);
    CHECK(trial.outcome == Outcome::stale);
    return trial.reason;
  };
  auto changed = manifest;
  changed["version"] = "0.9.0";
  CHECK_THAT(reason_with(changed),
             ContainsSubstring("is of good 0.9.0, the library is good 1.2.0"));
  changed = manifest;
  changed["components"][0]["name"] = "axle";
  CHECK_THAT(reason_with(changed), ContainsSubstring("promises part/axle"));
  changed = manifest;
  changed["components"][0]["schema"]["fields"][0]["maximum"] = 12;
  CHECK_THAT(reason_with(changed), ContainsSubstring("the keys of wheel are others"));
  fs::remove(library);
  CHECK(orphaned_manifests(folder.path()) == std::vector<fs::path>{folder / "good.json"});
}
