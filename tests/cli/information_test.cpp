// SPDX-License-Identifier: MIT
#include <string>

#include "catch.h"
#include "program.h"

using namespace equigen::testing;

TEST_CASE("cli: help, version and unknown commands") {
  const auto help = run_program({"--help"});
  CHECK(help.status == 0);
  for (const char* command :
       {"train", "sample", "evaluate", "report", "import", "list", "describe", "doctor"}) {
    CHECK_THAT(help.output, ContainsSubstring(command));
  }
  CHECK_THAT(run_program({"--version"}).output, ContainsSubstring("equigen 0."));
  CHECK(run_program({"trian"}).status == 2);
  CHECK(run_program({}).status == 2);
}

TEST_CASE("cli: the program starts without LibTorch") {
  const auto loaded = run_program({}, {.environment = {"LD_TRACE_LOADED_OBJECTS=1"}});
  CHECK_THAT(loaded.output, ContainsSubstring("libequigen.so"));
  CHECK(loaded.output.find("libtorch") == std::string::npos);
}

TEST_CASE("cli: list names what is built in and what plugins provide, without loading them") {
  const auto listed = run_program({"list"}, {.environment = {"LD_DEBUG=files"}});
  CHECK(listed.status == 0);
  for (const char* name : {"gdss", "graphs", "molecules", "graph_mmd", "nspdk_mmd"}) {
    CHECK_THAT(listed.output, ContainsSubstring(name));
  }
  CHECK(listed.errors.find("libtorch") == std::string::npos);
  CHECK(run_program({"list", "metrics"}).status == 2);
  CHECK_THAT(run_program({"list", "metrics"}).errors, ContainsSubstring("did you mean 'metric'"));
}

TEST_CASE("cli: describe prints keys with type, default, range and meaning") {
  const auto described = run_program({"describe", "gdss"});
  CHECK(described.status == 0);
  for (const char* text :
       {"predictor", "langevin", "signal_to_noise_ratio", "0.05", "num_scales", "1000"}) {
    CHECK_THAT(described.output, ContainsSubstring(text));
  }
  CHECK_THAT(run_program({"describe", "trainer"}).output, ContainsSubstring("accumulate_batches"));
  const auto unknown = run_program({"describe", "gds"});
  CHECK(unknown.status == 2);
  CHECK_THAT(unknown.errors, ContainsSubstring("did you mean 'gdss'"));
}

TEST_CASE("cli: doctor shows the engine, its BLAS and the plugins") {
  const auto shown = run_program({"doctor"});
  CHECK(shown.status == 0);
  for (const char* text : {"LibTorch", "BLAS", "gdss", "cache"})
    CHECK_THAT(shown.output, ContainsSubstring(text));
}

TEST_CASE("cli: every experiment of the tree is valid", "[slow]") {
  const std::filesystem::path folder = std::filesystem::path(EQUIGEN_SOURCE_FOLDER) / "experiments";
  std::int64_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    const auto checked = run_program({"config", "check", entry.path().string()});
    INFO(entry.path().string() << "\n" << checked.errors);
    CHECK(checked.status == 0);
    ++count;
  }
  CHECK(count > 30);
}
