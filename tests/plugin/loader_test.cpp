// SPDX-License-Identifier: MIT
#include "equigen/plugin/loader.h"

#include <chrono>
#include <fstream>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/version.h"
#include "paths.h"
#include "plugin/part.h"

using namespace equigen;
using equigen::testing::Part;
using equigen::testing::TemporaryFolder;
namespace fs = std::filesystem;
using State = PluginCandidate::State;

namespace {

fs::path sample(const std::string& name) {
  return fs::path(EQUIGEN_SAMPLE_PLUGINS) / (name + ".so");
}

/// A copy of a sample plugin with its manifest, in a folder of its own.
fs::path installed(const std::string& name, const fs::path& folder) {
  const fs::path library = folder / (name + ".so");
  fs::create_directories(folder);
  fs::copy_file(sample(name), library);
  Registry registry;
  PluginLoader(registry).write_manifest(library);
  return library;
}

const PluginCandidate& candidate_at(PluginLoader& loader, const fs::path& library) {
  const fs::path full = fs::canonical(library);
  for (const auto& candidate : loader.candidates()) {
    if (candidate.library == full) return candidate;
  }
  FAIL("no candidate " << library);
  throw std::logic_error("unreachable");
}

std::string failure_of(const std::string& name) {
  Registry registry;
  try {
    PluginLoader(registry).load(sample(name));
  } catch (const PluginError& failure) {
    CHECK(registry.list().empty());
    return failure.identifier() + ": " + failure.what();
  }
  return "nothing was thrown";
}

void search(PluginLoader& loader, std::vector<fs::path> paths) {
  loader.add_search_paths(paths);
}

}  // namespace

TEST_CASE("loader: a good plugin registers its components, once") {
  Registry registry;
  PluginLoader loader(registry);
  loader.load(sample("good"));
  loader.load(sample("good"));
  REQUIRE(registry.find("part", "wheel") != nullptr);
  CHECK(registry.find("part", "wheel")->info.provider == "good");
  CHECK(registry.create<Part>({"wheel"}, 28)->text() == "8 spokes of 28");
}

TEST_CASE("loader: each kind of broken plugin has its own message") {
  CHECK_THAT(failure_of("absent"), ContainsSubstring("plugin-missing: there is no plugin file"));
  CHECK_THAT(failure_of("not_a_plugin"),
             ContainsSubstring("plugin-not-a-plugin") && ContainsSubstring("EQUIGEN_PLUGIN("));
  CHECK_THAT(failure_of("wrong_abi"),
             ContainsSubstring("it was built for plugin ABI 99.0") &&
                 ContainsSubstring("build the plugin again with this equigen"));
  CHECK_THAT(failure_of("wrong_library"),
             ContainsSubstring("another C++ standard library ('another one'"));
  CHECK_THAT(failure_of("throwing"), ContainsSubstring("plugin-registration") &&
                                         ContainsSubstring("the table of constants is missing") &&
                                         ContainsSubstring("nothing of it was registered"));
  CHECK_THAT(failure_of("missing_symbol"),
             ContainsSubstring("plugin-missing-symbol") &&
                 ContainsSubstring("needs equigen::absent::measure(std::"));
}

TEST_CASE("loader: a plugin built for another LibTorch is refused") {
  const std::string message = failure_of("wrong_torch");
  const bool host_has_torch = std::string(EQUIGEN_TORCH_VERSION).size() > 0;
  CHECK_THAT(message, ContainsSubstring(host_has_torch ? "it was built for LibTorch 9.7.1"
                                                       : "it needs LibTorch 9.7.1"));
}

TEST_CASE("loader: a file that is no library is refused") {
  const TemporaryFolder folder;
  std::ofstream(folder / "notes.so") << "not a library";
  Registry registry;
  PluginLoader loader(registry);
  CHECK_THROWS_WITH(loader.load(folder / "notes.so"), ContainsSubstring("not a shared library"));
  std::ofstream(folder / "cut.so") << "\x7f"
                                      "ELF";
  CHECK_THROWS_WITH(loader.load(folder / "cut.so"), ContainsSubstring("cannot be loaded"));
  CHECK_THROWS_AS(loader.load(folder.path()), PluginError);
  CHECK_THROWS_AS(search(loader, {folder / "nowhere"}), PluginError);
}

TEST_CASE("loader: a library that was cut off is refused before it is opened") {
  const TemporaryFolder folder;
  // Not a copy that is open in this process: its pages would be gone when the process ends.
  const fs::path library = folder / "cut.so";
  fs::copy_file(sample("good"), library);
  const auto size = fs::file_size(library);
  for (const auto left : {size / 2, size - 1, std::uintmax_t{100}}) {
    fs::resize_file(library, left);
    Registry registry;
    CHECK_THROWS_WITH(PluginLoader(registry).load(library),
                      ContainsSubstring("is cut off: it has " + std::to_string(left)));
  }
}

TEST_CASE("loader: two plugins with the same component are named in the message") {
  Registry registry;
  PluginLoader loader(registry);
  loader.load(sample("good"));
  CHECK_THROWS_WITH(loader.load(sample("twin")),
                    ContainsSubstring("good.so") && ContainsSubstring("twin.so") &&
                        ContainsSubstring("part 'wheel' is provided twice"));
  CHECK(registry.find("part", "wheel")->info.provider == "good");
}

TEST_CASE("loader: manifests answer without loading, and the provider is loaded on demand") {
  const TemporaryFolder folder;
  const fs::path library = installed("good", folder.path());
  Registry registry;
  PluginLoader loader(registry);
  search(loader, {folder.path()});
  CHECK(candidate_at(loader, library).state == State::available);
  CHECK(candidate_at(loader, library).version == "1.2.0");
  const ComponentInfo* info = loader.find("part", "wheel");
  REQUIRE(info != nullptr);
  CHECK(info->schema.find("spokes")->maximum == 64);
  CHECK(registry.list().empty());
  CHECK(loader.names("part") == std::set<std::string>{"wheel"});
  loader.load_provider_of("part", "wheel");
  CHECK(candidate_at(loader, library).state == State::loaded);
  CHECK(registry.create<Part>({"wheel"}, 1)->text() == "8 spokes of 1");
  CHECK_THROWS_WITH(loader.load_provider_of("part", "axle"),
                    ContainsSubstring("no plugin provides part 'axle'"));
}

TEST_CASE("loader: missing, damaged and foreign manifests reject the plugin with a reason") {
  const TemporaryFolder folder;
  const fs::path library = installed("good", folder.path());
  const fs::path manifest = folder / "good.json";
  auto json = nlohmann::json::parse(read_file(manifest));
  const auto reason_with = [&](const std::string& content) {
    std::ofstream(manifest) << content;
    Registry registry;
    PluginLoader loader(registry);
    search(loader, {library});
    CHECK(candidate_at(loader, library).state == State::rejected);
    CHECK(loader.find("part", "wheel") == nullptr);
    return candidate_at(loader, library).reason;
  };
  CHECK_THAT(reason_with("{"), ContainsSubstring("good.json is damaged"));
  CHECK_THAT(reason_with("[]"), ContainsSubstring("is damaged"));
  CHECK_THAT(reason_with("{\"manifest\": 7}"), ContainsSubstring("another version"));
  json["torch"] = "9.7.1";
  CHECK_THAT(reason_with(json.dump()), ContainsSubstring("LibTorch 9.7.1"));
  json["abi"] = {99, 0};
  CHECK_THAT(reason_with(json.dump()), ContainsSubstring("ABI 99.0"));
  {
    Registry registry;
    PluginLoader loader(registry);
    search(loader, {library});
    CHECK_THAT(loader.why_unavailable("part", "wheel"), ContainsSubstring("ABI 99.0"));
    CHECK_THROWS_WITH(loader.load(library), ContainsSubstring("ABI 99.0"));
  }
  fs::remove(manifest);
  Registry registry;
  PluginLoader loader(registry);
  search(loader, {folder.path()});
  CHECK_THAT(candidate_at(loader, library).reason,
             ContainsSubstring("has no manifest good.json") &&
                 ContainsSubstring("equigen plugins write-manifest"));
}

TEST_CASE("loader: a manifest that is older than its library or promises too much is told") {
  const TemporaryFolder folder;
  const fs::path library = installed("good", folder.path());
  const fs::path manifest = folder / "good.json";
  auto json = nlohmann::json::parse(read_file(manifest));
  json["components"][0]["name"] = "axle";
  std::ofstream(manifest) << json.dump();
  fs::last_write_time(manifest, fs::last_write_time(library) - std::chrono::hours(1));
  Registry registry;
  PluginLoader loader(registry);
  search(loader, {folder.path()});
  CHECK_THAT(candidate_at(loader, library).remark, ContainsSubstring("older than the library"));
  CHECK_THROWS_WITH(
      loader.load_provider_of("part", "axle"),
      ContainsSubstring("does not register part 'axle', which its manifest promises"));
}

TEST_CASE("loader: the first of two plugins of one name is taken, doubled components are refused") {
  const TemporaryFolder folder;
  const fs::path first = installed("good", folder / "first");
  const fs::path second = installed("good", folder / "second");
  const fs::path twin = installed("twin", folder / "twin");
  Registry registry;
  PluginLoader loader(registry);
  search(loader, {folder / "first", folder / "second", folder / "twin"});
  CHECK(candidate_at(loader, first).state == State::available);
  CHECK(candidate_at(loader, second).state == State::shadowed);
  CHECK(candidate_at(loader, twin).state == State::rejected);
  CHECK_THAT(candidate_at(loader, twin).reason,
             ContainsSubstring("good.so") && ContainsSubstring("twin.so"));
}

TEST_CASE("loader: EQUIGEN_PLUGIN_PATH and the user's folder come before the installed one") {
  ::setenv("EQUIGEN_PLUGIN_PATH", "/first::/second", 1);
  ::setenv("XDG_DATA_HOME", "/user", 1);
  Registry registry;
  const auto paths = PluginLoader(registry).search_paths();
  ::unsetenv("EQUIGEN_PLUGIN_PATH");
  ::unsetenv("XDG_DATA_HOME");
  REQUIRE(paths.size() == 4);
  CHECK(paths[0] == "/first");
  CHECK(paths[1] == "/second");
  CHECK(paths[2] == "/user/equigen/plugins");
  CHECK(paths[3].filename() == "plugins");
}
