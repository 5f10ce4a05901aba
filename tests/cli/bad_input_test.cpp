// SPDX-License-Identifier: MIT
#include <filesystem>
#include <fstream>
#include <string>

#include "catch.h"
#include "equigen/base/file.h"
#include "paths.h"
#include "program.h"

using namespace equigen;
using namespace equigen::testing;

TEST_CASE("cli: every mistake of an experiment is reported at once, with its place") {
  const auto checked = run_program({"config", "check", test_experiment("mistakes.yaml")});
  CHECK(checked.status == 2);
  for (const char* text :
       {"mistakes.yaml:4:3", "did you mean 'network'", "mistakes.yaml:5:24", "langevin",
        "graph_generator", "mistakes.yaml:9:15", "ema.decay", "^^^", "nothing was run"}) {
    CHECK_THAT(checked.errors, ContainsSubstring(text));
  }
  CHECK(run_program({"train", test_experiment("mistakes.yaml")}).status == 2);
}

TEST_CASE("cli: a missing experiment and a wrong override are configuration errors") {
  const auto missing = run_program({"train", "no_such_experiment.yaml"});
  CHECK(missing.status == 2);
  CHECK_THAT(missing.errors, ContainsSubstring("no_such_experiment.yaml"));
  const auto wrong =
      run_program({"config", "check", test_experiment("tiny_graphs.yaml"), "trainer.max_epoch=3"});
  CHECK(wrong.status == 2);
  CHECK_THAT(wrong.errors, ContainsSubstring("did you mean 'max_epochs'"));
}

TEST_CASE("cli: a GPU that is not there is a resource error") {
  const auto result =
      run_program({"train", test_experiment("tiny_graphs.yaml"), "device=cuda:7", "output=/tmp"});
  CHECK(result.status == 5);
  CHECK_THAT(result.errors, ContainsSubstring("cuda:7"));
}

TEST_CASE("cli: a run folder that cannot be written is a resource error") {
  const auto result =
      run_program({"train", test_experiment("tiny_graphs.yaml"), "output=/dev/null/runs"});
  CHECK(result.status == 5);
}

TEST_CASE("cli: empty and broken data are data errors; broken rows are counted and named") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "empty.smi", "");
  const auto empty = run_program(
      {"evaluate", (folder / "empty.smi").string(), "--against", (folder / "empty.smi").string()});
  CHECK(empty.status == 3);
  write_file_atomically(folder / "good.smi", "CCO\nCC\nC1CC1\nC#N\n");
  write_file_atomically(folder / "dirty.smi", "CCO\nC1CC\nnonsense\nCCN\n");
  const auto dirty = run_program(
      {"evaluate", (folder / "dirty.smi").string(), "--against", (folder / "good.smi").string()});
  INFO(dirty.errors);
  CHECK(dirty.status == 0);
  CHECK_THAT(dirty.output + dirty.errors, ContainsSubstring("dirty.smi:2"));
  const auto unknown =
      run_program({"evaluate", (folder / "good.smi").string(), "--against", "no_such_data"});
  CHECK((unknown.status == 2 || unknown.status == 3));
  CHECK_THAT(unknown.errors, ContainsSubstring("no_such_data"));
}

TEST_CASE("cli: an unknown metric gets a suggestion") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "good.smi", "CCO\nCC\nC1CC1\nC#N\n");
  const auto result =
      run_program({"evaluate", (folder / "good.smi").string(), "--against",
                   (folder / "good.smi").string(), "--metrics", "molecule_validty"});
  CHECK(result.status == 2);
  CHECK_THAT(result.errors, ContainsSubstring("did you mean 'molecule_validity'"));
}

TEST_CASE("cli: metrics are chosen by name, by piece and by file, and take options") {
  const TemporaryFolder folder;
  const std::string good = (folder / "good.smi").string();
  write_file_atomically(good, "CCO\nCC\nC1CC1\nC#N\nCCN\nCCC\nCC=O\nCO\n");
  const std::string mine = (folder / "mine.yaml").string();
  write_file_atomically(mine, "- molecule_validity\n- type: guacamol_kl\n");
  const auto evaluated = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"evaluate", good, "--against", good};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(arguments);
  };
  const auto piece = evaluated({"--metrics", "moses"});
  CHECK(piece.status == 0);
  CHECK_THAT(piece.output, ContainsSubstring("SNN"));
  const auto trained =
      evaluated({"--metrics", mine, "--train", good, "--set", "guacamol_kl.against=training",
                 "--set", "guacamol_kl.sample_count=5"});
  CHECK(trained.status == 0);
  CHECK_THAT(trained.output, ContainsSubstring("KL"));
  const auto added = evaluated({"--set", "fcd.weights=" + (folder / "none.pt").string()});
  CHECK_THAT(added.output + added.errors, ContainsSubstring("none.pt"));
  CHECK_THAT(added.output, ContainsSubstring("NSPDK"));

  const auto mistaken =
      evaluated({"--metrics", mine, "--set", "guacamol_kl.agianst=training", "--set", "weights=3"});
  CHECK(mistaken.status == 2);
  CHECK_THAT(mistaken.errors,
             ContainsSubstring("did you mean 'against'") && ContainsSubstring("of which metric"));
}

TEST_CASE(
    "cli: a truncated checkpoint is refused by name, and the one before it is used when resuming",
    "[slow]") {
  const TemporaryFolder folder;
  REQUIRE(run_program({"train", test_experiment("tiny_graphs.yaml"),
                       "output=" + folder.path().string(), "--no-report"})
              .status == 0);
  const auto run = only_run(folder.path(), "tiny_graphs");
  std::filesystem::path last;
  for (const auto& entry : std::filesystem::directory_iterator(run / "checkpoints")) {
    if (entry.path().extension() == ".safetensors") last = std::max(last, entry.path());
  }
  std::filesystem::resize_file(last, std::filesystem::file_size(last) / 2);
  const auto direct =
      run_program({"sample", last.string(), "-n", "2", "-o", (folder / "x.jsonl").string()});
  CHECK(direct.status == 3);
  CHECK_THAT(direct.errors, ContainsSubstring(last.filename().string()));
  const auto resumed = run_program({"train", "--resume", run.string(), "--no-report"});
  INFO(resumed.errors);
  CHECK(resumed.status == 0);
  CHECK_THAT(resumed.errors, ContainsSubstring(last.stem().string()));
}

TEST_CASE("cli: a part that is empty because of broken rows names them") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "dirty.jsonl",
                        "{\"n\": 3, \"edges\": [[0, 1]]}\ngarbage\n{\"n\": -1, \"edges\": []}\n");
  const auto result = run_program(
      {"train", test_experiment("tiny_graphs.yaml"), "output=" + (folder / "runs").string(),
       "data={type: graphs, file: " + (folder / "dirty.jsonl").string() +
           ", split: {test_fraction: 0.5}}"});
  CHECK(result.status == 3);
  CHECK_THAT(result.errors, ContainsSubstring("part of data set dirty is empty") &&
                                ContainsSubstring("dirty.jsonl:2") &&
                                ContainsSubstring("dirty.jsonl:3"));
}

TEST_CASE("cli: a missing file that can be fetched is named with the command that does it") {
  const TemporaryFolder folder;
  // In a folder of its own: data sets are also looked for beside the experiment.
  write_file_atomically(folder / "run.yaml", read_file(test_experiment("tiny_molecules.yaml")));
  const auto result = run_program(
      {"train", "run.yaml", "data={type: molecules, file: moses/train.csv}", "output=runs"},
      {.folder = folder.path(),
       .environment = {"EQUIGEN_DATA=" + folder.path().string(), "HOME=" + folder.path().string(),
                       "XDG_DATA_HOME="}});
  CHECK(result.status == 3);
  CHECK_THAT(result.errors, ContainsSubstring("equigen data fetch moses"));
}

TEST_CASE("cli: what would only fail after the training is refused before it", "[slow]") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::vector<std::string>& changes, const std::string& experiment) {
    std::vector<std::string> arguments = {"train", test_experiment(experiment),
                                          "output=" + folder.path().string()};
    arguments.insert(arguments.end(), changes.begin(), changes.end());
    auto result = run_program(arguments);
    arguments.emplace_back("--dry-run");
    CHECK(run_program(arguments).status == result.status);
    CHECK(std::filesystem::is_empty(folder.path()));
    return result;
  };
  const auto format = refused({"sampling.file=foo.g6"}, "tiny_molecules.yaml");
  CHECK(format.status == 2);
  CHECK_THAT(format.errors, ContainsSubstring("foo.g6 cannot hold a molecule"));
  const auto ending = refused({"sampling.file=foo.bar"}, "tiny_graphs.yaml");
  CHECK(ending.status == 2);
  CHECK_THAT(ending.errors, ContainsSubstring("foo.bar"));
  const auto weights =
      refused({"metrics=[{type: fcd, weights: nothere.pt}]"}, "tiny_molecules.yaml");
  CHECK(weights.status == 2);
  CHECK_THAT(weights.errors, ContainsSubstring("fcd") && ContainsSubstring("nothere.pt"));
  const auto figure = refused({"trainer.checkpoint.best_metric=metric/degre_mmd",
                               "trainer.sampling.every_steps=2", "metrics=[graph_mmd]"},
                              "tiny_graphs.yaml");
  CHECK(figure.status == 2);
  CHECK_THAT(figure.errors, ContainsSubstring("metric/degre"));
}

TEST_CASE("cli: a training that cannot begin leaves nothing, and `latest` where it was", "[slow]") {
  const TemporaryFolder folder;
  const std::string output = "output=" + folder.path().string();
  REQUIRE(run_program({"train", test_experiment("tiny_molecules.yaml"), output, "--no-report"})
              .status == 0);
  const auto run = only_run(folder.path(), "tiny_molecules");
  const auto wrong = run_program(
      {"train", test_experiment("tiny_molecules.yaml"), output, "model.elements=[C, Xx]"});
  INFO(wrong.errors);
  CHECK(wrong.status != 0);
  CHECK(only_run(folder.path(), "tiny_molecules") == run);
  CHECK(std::filesystem::equivalent(folder / "tiny_molecules/latest", run));
}
