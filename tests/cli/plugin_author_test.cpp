// SPDX-License-Identifier: MIT
#include <fstream>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/file.h"
#include "paths.h"
#include "program.h"

using namespace equigen;
using namespace equigen::testing;
namespace fs = std::filesystem;

TEST_CASE("cli: new plugin writes a project of each kind, with no placeholder left") {
  const TemporaryFolder folder;
  for (const std::string kind : {"model", "backbone", "dataset", "metric"}) {
    const std::string name = "sample_" + kind;
    const auto written =
        run_program({"new", "plugin", name, "--kind", kind}, {.folder = folder.path()});
    REQUIRE(written.status == 0);
    CHECK_THAT(written.output, ContainsSubstring("ctest --preset default"));
    for (const char* file :
         {"CMakeLists.txt", "CMakePresets.json", "README.md", ".gitignore", "src/plugin.cpp"})
      CHECK(fs::exists(folder / name / file));
    for (const auto& entry : fs::recursive_directory_iterator(folder / name)) {
      if (!entry.is_regular_file()) continue;
      const std::string text = read_file(entry.path()) + entry.path().string();
      CHECK(text.find("plugin_name") == std::string::npos);
      CHECK(text.find("PluginName") == std::string::npos);
    }
  }
}

TEST_CASE("cli: new plugin refuses names that cannot be or are taken, and full folders") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& name, const std::string& kind) {
    const auto result =
        run_program({"new", "plugin", name, "--kind", kind, "-o", (folder / "p").string()});
    CHECK(result.status == 2);
    return result.errors;
  };
  for (const char* name : {"SmallWorld", "2fast", "a__b", "a_", "class", "equigen", "a-b", "../a"})
    CHECK_THAT(refused(name, "model"), ContainsSubstring("new-plugin-name"));
  CHECK_THAT(refused("gdss", "metric"), ContainsSubstring("there is a plugin 'gdss' already"));
  CHECK_THAT(refused("graph_mmd", "metric"),
             ContainsSubstring("there is a metric 'graph_mmd' already, from equigen itself"));
  CHECK_THAT(refused("mine", "modl"), ContainsSubstring("did you mean 'model'"));
  fs::create_directories(folder / "p");
  std::ofstream(folder / "p" / "notes") << "mine";
  CHECK_THAT(refused("mine", "model"), ContainsSubstring("not an empty folder"));
}

TEST_CASE("cli: plugins doctor explains what it finds and fails when something is rejected") {
  const TemporaryFolder folder;
  const auto sound = run_program({"plugins", "doctor"});
  CHECK(sound.status == 0);
  CHECK_THAT(sound.output, ContainsSubstring("available") && ContainsSubstring("gdss.so") &&
                               ContainsSubstring("it opens, and registers what its manifest says"));
  std::ofstream(folder / "notes.so") << "not a library";
  const auto broken = run_program({"plugins", "doctor", "--plugin", folder.path().string()});
  CHECK(broken.status == 4);
  CHECK_THAT(broken.output,
             ContainsSubstring("rejected") && ContainsSubstring("is not a shared library"));
}

TEST_CASE("cli: schema describes experiments without LibTorch") {
  const TemporaryFolder folder;
  const auto written = run_program({"schema", "-o", (folder / "s.json").string()},
                                   {.environment = {"LD_DEBUG=files"}});
  CHECK(written.status == 0);
  CHECK(written.errors.find("libtorch") == std::string::npos);
  const auto schema = nlohmann::json::parse(read_file(folder / "s.json"));
  for (const char* name : {"model.gdss", "dataset.molecules", "metric.graph_mmd", "kind.model"})
    CHECK(schema["definitions"].contains(name));
  CHECK(schema["properties"]["trainer"]["anyOf"][0]["properties"].contains("max_steps"));
  CHECK(run_program({"schema", "--group", "modle"}).status == 2);
}
