// SPDX-License-Identifier: MIT
#include "equigen/report/comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "catch.h"
#include "compared_runs.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "page_text.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::report;
using equigen::testing::compared_runs;
using equigen::testing::count_of;
using equigen::testing::markup_fault;

TEST_CASE("the page of a comparison has every run's column, curves, cards and differences") {
  const ComparisonInput input = compared_runs();
  const std::string page = comparison_html(input);
  CHECK(markup_fault(page) == "");
  CHECK_THAT(page, ContainsSubstring("Figures") && ContainsSubstring("Training loss, smoothed"));
  CHECK(count_of(page, "<li class=\"card\"") == 14);
  CHECK_THAT(page, ContainsSubstring("<code>model.depth</code>"));
  CHECK(page.find("<code>seed</code>") == std::string::npos);
  CHECK(count_of(page, "title=\"best of these runs\"") == 1);
  for (const char* word : {"src=", "url(", "@import", "<link", "href=\"http", "fetch("})
    CHECK(count_of(page, word) == 0);
}

TEST_CASE("a comparison is written as page, JSON and tables") {
  const equigen::testing::TemporaryFolder folder;
  const ComparisonInput input = compared_runs();
  CHECK(write_comparison(folder / "new", input) == folder / "new" / "report.html");
  const auto json = nlohmann::json::parse(read_file(folder / "new/report.json"));
  CHECK(json.at("format") == "equigen-comparison/1");
  CHECK(evaluation_from_json(json.at("runs").at(1).at("evaluation")).generated_count == 7);
  CHECK_THAT(read_file(folder / "new/table.tex"), ContainsSubstring("\\toprule"));
  CHECK_THAT(read_file(folder / "new/table.md"), ContainsSubstring("|:--|"));
  ComparisonInput one = input;
  one.runs.resize(1);
  CHECK_THROWS_AS(write_comparison(folder / "one", one), ConfigError);
}

TEST_CASE("hostile names stay text in a comparison") {
  ComparisonInput input = compared_runs();
  const std::string hostile = "</script><b a='\"&\x01\xff";
  input.title = input.command_line = hostile;
  for (ComparedRun& run : input.runs) {
    run.name += hostile;
    run.source = hostile;
    run.config_yaml =
        "\""
        "k</script><b>\": '<i>" +
        run.name.substr(0, 1) + "'\n";
    run.evaluation->dataset = hostile + run.name;
    run.evaluation->figures.front().value.label = hostile;
    run.evaluation->figures.front().value.protocol = hostile;
  }
  const std::string page = comparison_html(input);
  CHECK(markup_fault(page) == "");
  CHECK(count_of(page, "</script>") == 1);
  CHECK(page.find("<b a=") == std::string::npos);
  CHECK(page.find("<i>") == std::string::npos);
}

TEST_CASE("runs without anything are named, not dropped") {
  ComparisonInput input;
  input.title = "two";
  input.runs = {{"a", "runs/a", "", {}, {}, {}}, {"b", "runs/b", "", {}, {}, {}}};
  const std::string page = comparison_html(input);
  CHECK(markup_fault(page) == "");
  CHECK_THAT(page, ContainsSubstring("a has no evaluated samples."));
  CHECK_THAT(page, ContainsSubstring("No run has evaluated samples."));
}

TEST_CASE("only keys whose values differ are differences") {
  const auto differences = config_differences(
      {"a: 1\nb: {c: x, d: [1, 2]}\n", "a: 1\nb: {c: y, d: [1, 2], e: 3}\n", "", "a: [\n"});
  CHECK(differences ==
        std::vector<ConfigDifference>{{"b.c", {"x", "y", std::nullopt, std::nullopt}},
                                      {"b.e", {std::nullopt, "3", std::nullopt, std::nullopt}}});
  CHECK(config_differences({"", ""}).empty());
}

TEST_CASE("what cannot be compared as it stands is said") {
  std::vector<ComparedRun> runs = compared_runs().runs;
  CHECK(comparison_warnings(runs).empty());
  runs[1].evaluation->generated_count = 100;
  runs[1].evaluation->figures.front().value.protocol = "another kernel";
  CHECK_THAT(fmt::format("{}", fmt::join(comparison_warnings(runs), "\n")),
             ContainsSubstring("different numbers of samples: 100 (b), 7 (a)") &&
                 ContainsSubstring("different protocols, hence in rows of their own: mmd"));
  runs[1].evaluation->dataset = "tree";
  CHECK_THAT(comparison_warnings(runs).front(),
             ContainsSubstring("different data sets: grid (a), tree (b)"));
  runs[1].evaluation->dataset = "grid";
  runs[1].evaluation->reference_count = 3;
  CHECK_THAT(comparison_warnings(runs).front(), ContainsSubstring("The reference sets differ"));
}
