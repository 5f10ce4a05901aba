// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "catch.h"
#include "equigen/base/file.h"
#include "paths.h"
#include "program.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

std::string output_into(const TemporaryFolder& folder) {
  return "output=" + folder.path().string();
}

std::int64_t line_count(const std::filesystem::path& file) {
  std::int64_t count = 0;
  read_lines(file, [&](std::string_view, std::int64_t) { return ++count > 0; });
  return count;
}

}  // namespace

TEST_CASE(
    "cli: training leaves a run folder with samples and a report; sample and evaluate take it from "
    "there",
    "[slow]") {
  const TemporaryFolder folder;
  const auto trained = run_program(
      {"train", test_experiment("tiny_graphs.yaml"), output_into(folder), "method=Trial"});
  INFO(trained.errors);
  REQUIRE(trained.status == 0);
  const auto run = only_run(folder.path(), "tiny_graphs");
  for (const char* file : {"config.yaml", "environment.json", "train.log", "metrics.jsonl",
                           "report/report.html", "report/report.json", "samples/samples.jsonl"}) {
    CHECK(std::filesystem::exists(run / file));
  }
  CHECK(line_count(run / "samples/samples.jsonl") == 6);
  const auto report = nlohmann::json::parse(read_file(run / "report/report.json"));
  CHECK(report.at("evaluation").at("method") == "Trial");

  // The run's own samples, of the averaged parameters.
  const auto same = folder / "same.jsonl";
  const auto again = run_program({"sample", run.string(), "-o", same.string()});
  CHECK_THAT(again.errors, ContainsSubstring("averaged parameters"));
  CHECK(read_file(same) == read_file(run / "samples/samples.jsonl"));
  const auto last =
      run_program({"sample", run.string(), "--no-ema", "-o", (folder / "last.jsonl").string()});
  CHECK_THAT(last.errors, !ContainsSubstring("averaged parameters"));

  const auto target = folder / "more.g6";
  const auto sampled = run_program({"sample", run.string(), "-n", "5", "-o", target.string()});
  INFO(sampled.errors);
  CHECK(sampled.status == 0);
  CHECK(line_count(target) == 5);
  const auto seeded =
      run_program({"sample", run.string(), "-n", "5", "-o", target.string(), "--seed", "77"});
  CHECK(seeded.status == 2);
  CHECK_THAT(seeded.errors, ContainsSubstring("another seed") && ContainsSubstring("--restart"));
  CHECK(line_count(target) == 5);

  const auto json = folder / "metrics.json";
  const auto evaluated =
      run_program({"evaluate", target.string(), "--against",
                   (run / "samples/samples.jsonl").string(), "-o", json.string()});
  INFO(evaluated.errors);
  CHECK(evaluated.status == 0);
  CHECK_THAT(evaluated.output, ContainsSubstring("Degree MMD"));
  CHECK(std::filesystem::exists(json));

  const auto ranked = run_program({"evaluate", target.string(), target.string(), "--rank",
                                   "--against", (run / "samples/samples.jsonl").string()});
  CHECK(ranked.status == 0);
  CHECK_THAT(ranked.output, ContainsSubstring("10 generated graphs in 2 files") &&
                                ContainsSubstring("no comparison for"));
  const auto compared = run_program({"report", run.string(), target.string(), json.string(),
                                     "--against", (run / "samples/samples.jsonl").string(), "-o",
                                     (folder / "comparison").string()});
  INFO(compared.errors);
  CHECK(compared.status == 0);
  for (const char* file : {"report.html", "report.json", "table.tex", "table.md"})
    CHECK(std::filesystem::exists(folder / "comparison" / file));
  const auto undecided = run_program({"report", run.string(), target.string()});
  CHECK(undecided.status != 0);
  CHECK_THAT(undecided.errors, ContainsSubstring("--against"));
}

TEST_CASE("cli: a change that samples do not depend on is refused by name", "[slow]") {
  const TemporaryFolder folder;
  REQUIRE(run_program(
              {"train", test_experiment("tiny_graphs.yaml"), output_into(folder), "--no-report"})
              .status == 0);
  const auto run = only_run(folder.path(), "tiny_graphs");
  const auto changed = [&](const std::string& change) {
    return run_program({"sample", run.string(), "-n", "2", change});
  };
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"sde.node.num_scales=5", "did you mean 'model.sde.node.num_scales=5'?"},
      {"modle.sde.node.num_scales=5", "did you mean 'model'?"},
      {"trainer.max_steps=3", "samples do not depend on it"},
      {"foo=1", "'foo=1' changes nothing"},
      {"seed=abc", "seed"},
      {"seed=-1", "seed"},
      {"threads=abc", "threads"},
      {"sampling.cuont=3", "did you mean 'count'"}};
  for (const auto& [change, message] : mistakes) {
    const auto result = changed(change);
    INFO(change << ": " << result.errors);
    CHECK(result.status == 2);
    CHECK_THAT(result.errors, ContainsSubstring(message));
  }
  CHECK_FALSE(std::filesystem::exists(run / "samples/samples.jsonl"));
  CHECK(changed("sampling.seed=3").status == 0);

  const auto beside = run_program(
      {"train", test_experiment("tiny_graphs.yaml"), "--resume", run.string(), "--no-report"});
  CHECK(beside.status == 2);
  CHECK_THAT(beside.errors, ContainsSubstring("its own configuration"));
}

TEST_CASE("cli: samples do not depend on the batch size", "[slow]") {
  const TemporaryFolder folder;
  REQUIRE(run_program(
              {"train", test_experiment("tiny_molecules.yaml"), output_into(folder), "--no-report"})
              .status == 0);
  const auto run = only_run(folder.path(), "tiny_molecules").string();
  const auto draw = [&](const std::string& name, const std::string& count,
                        const std::string& batch) {
    const auto file = folder / name;
    const auto result =
        run_program({"sample", run, "-n", count, "--batch-size", batch, "-o", file.string()});
    INFO(result.errors);
    REQUIRE(result.status == 0);
    return read_file(file);
  };
  const std::string whole = draw("a.smi", "7", "7");
  CHECK(draw("b.smi", "7", "2") == whole);
  CHECK(draw("c.smi", "7", "3") == whole);
}

TEST_CASE("cli: a run stopped by a signal resumes to the numbers of one that was not", "[slow]") {
  const TemporaryFolder folder;
  const std::vector<std::string> steady{"train", test_experiment("tiny_graphs.yaml"), "--no-report",
                                        "trainer.max_epochs=40",
                                        "trainer.checkpoint.every_steps=0"};
  auto whole_arguments = steady;
  whole_arguments.push_back("output=" + (folder / "whole").string());
  REQUIRE(run_program(whole_arguments).status == 0);

  auto stopped_arguments = steady;
  stopped_arguments.push_back("output=" + (folder / "stopped").string());
  const auto stopped =
      run_program(stopped_arguments, {.signal = SIGTERM, .signal_after = "training in"});
  INFO(stopped.errors);
  CHECK(stopped.status == 0);
  const auto run = only_run(folder / "stopped", "tiny_graphs");
  const auto resumed = run_program({"train", "--resume", run.string(), "--no-report"});
  INFO(resumed.errors);
  REQUIRE(resumed.status == 0);

  const auto weights = [](const std::filesystem::path& run_folder) {
    std::string last;
    for (const auto& entry : std::filesystem::directory_iterator(run_folder / "checkpoints")) {
      if (entry.path().extension() == ".safetensors") last = std::max(last, entry.path().string());
    }
    return sha256_of_file(last);
  };
  CHECK(weights(run) == weights(only_run(folder / "whole", "tiny_graphs")));
}

TEST_CASE("cli: a dry run does one step of everything and keeps nothing", "[slow]") {
  const TemporaryFolder folder;
  const auto dry = run_program(
      {"train", test_experiment("tiny_molecules.yaml"), output_into(folder), "--dry-run"});
  INFO(dry.errors);
  CHECK(dry.status == 0);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE(
    "cli: a structure predictor is asked for formulas, data sets and numbers of formula units",
    "[slow]") {
  const TemporaryFolder folder;
  const auto trained =
      run_program({"train", test_experiment("tiny_structures.yaml"), output_into(folder)});
  INFO(trained.errors);
  REQUIRE(trained.status == 0);
  CHECK_THAT(trained.output, ContainsSubstring("Match rate"));
  const auto run = only_run(folder.path(), "tiny_structures");

  const auto cif = folder / "predicted.cif";
  const auto sampled = run_program({"sample", run.string(), "--formula", "NaCl", "--formula-units",
                                    "1,4", "--per-composition", "2", "-o", cif.string()});
  INFO(sampled.errors);
  REQUIRE(sampled.status == 0);
  CHECK_THAT(sampled.output, ContainsSubstring("4 samples"));
  const std::string text = read_file(cif);
  CHECK_THAT(text, ContainsSubstring("NaCl"));
  CHECK_THAT(text, ContainsSubstring("Na4 Cl4"));

  const auto automatic =
      run_program({"sample", run.string(), "--formula", "NaCl", "--formula-units", "auto",
                   "model.sampling_steps=2", "-o", (folder / "automatic.cif").string()});
  INFO(automatic.errors);
  CHECK(automatic.status == 0);
  const auto wordy = run_program({"sample", run.string(), "--formula", "NaCl", "--formula-units",
                                  "two", "-o", (folder / "wordy.cif").string()});
  CHECK(wordy.status == 2);
  CHECK_THAT(wordy.errors, ContainsSubstring("'two' is no number of formula units"));
  const auto unknown = run_program({"sample", run.string(), "--formula", "NaXx"});
  CHECK(unknown.status == 3);
  CHECK_THAT(unknown.errors, ContainsSubstring("Xx"));
  const auto missing = run_program({"sample", run.string(), "--compositions", "nowhere.cif"});
  CHECK(missing.status != 0);
  CHECK_THAT(missing.errors, ContainsSubstring("nowhere.cif"));
  const auto untrained = run_program(
      {"sample", run.string(), "--formula", "UO2", "-o", (folder / "untrained.cif").string()});
  CHECK(untrained.status == 3);
  CHECK_THAT(untrained.errors,
             ContainsSubstring("cannot be predicted for: the model does not know elements O, U"));
}

TEST_CASE("cli: a run finds its own data from every folder, and only one process trains in it",
          "[slow]") {
  const TemporaryFolder folder;
  std::string graphs;
  for (int i = 0; i < 30; ++i)
    graphs += i % 2 ? "{\"n\": 4, \"edges\": [[0, 1], [1, 2]]}\n" : "{\"n\": 3, \"edges\": []}\n";
  write_file_atomically(folder / "own.jsonl", graphs);
  const auto trained = run_program(
      {"train", test_experiment("tiny_graphs.yaml"), "--no-report", "output=runs",
       "data={type: graphs, file: ./own.jsonl, split: {test_fraction: 0.2}}", "name=own"},
      {.folder = folder.path()});
  INFO(trained.errors);
  REQUIRE(trained.status == 0);
  const auto run = only_run(folder / "runs", "own");
  CHECK_THAT(read_file(run / "config.yaml"), ContainsSubstring((folder / "own.jsonl").string()));
  const std::vector<std::string> resume = {"train", "--resume", run.string(), "--no-report",
                                           "trainer.max_epochs=8"};
  const auto resumed = run_program(resume, {.folder = "/"});
  INFO(resumed.errors);
  CHECK(resumed.status == 0);

  const int lock = ::open((run / ".lock").c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(::flock(lock, LOCK_EX | LOCK_NB) == 0);
  const auto second = run_program(resume, {.folder = "/"});
  ::close(lock);
  CHECK(second.status == 5);
  CHECK_THAT(second.errors, ContainsSubstring("another process trains in"));
}

TEST_CASE("cli: a training that goes on replaces the samples of its earlier end", "[slow]") {
  const TemporaryFolder folder;
  REQUIRE(run_program({"train", test_experiment("tiny_graphs.yaml"), output_into(folder)}).status ==
          0);
  const auto run = only_run(folder.path(), "tiny_graphs");
  const auto file = run / "samples/samples.jsonl";
  const auto first = std::filesystem::last_write_time(file);
  REQUIRE(run_program({"train", "--resume", run.string()}).status == 0);
  CHECK(std::filesystem::last_write_time(file) == first);
  REQUIRE(run_program({"train", "--resume", run.string(), "trainer.max_epochs=6"}).status == 0);
  CHECK(std::filesystem::last_write_time(file) != first);
  CHECK(line_count(file) == 6);
}
