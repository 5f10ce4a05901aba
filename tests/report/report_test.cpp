// SPDX-License-Identifier: MIT
#include "equigen/report/report.h"

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/molecule/smiles.h"
#include "equigen/report/html.h"
#include "equigen/report/sections.h"
#include "page_text.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::report;
using equigen::testing::count_of;
using equigen::testing::markup_fault;

namespace {

const char* const kHostile = "</script><b a='\"&\x01\xff\xc3(";

/// An evaluation whose every text is hostile.
Evaluation hostile_evaluation() {
  Evaluation evaluation;
  evaluation.dataset = evaluation.method = evaluation.structure = kHostile;
  evaluation.generated_count = 2;
  Figure figure;
  figure.value = {kHostile, kHostile, 0.5, Direction::lower, kHostile, kHostile, 2, kHostile};
  figure.metric = kHostile;
  figure.floor = Floor{0.1, 0.01, 5, 2};
  PublishedResult row;
  row.system = row.source = row.protocol_note = row.evidence = kHostile;
  row.value = 0.3;
  figure.published = {row};
  evaluation.figures = {figure};
  figure.value.direction = Direction::neither;
  figure.value.value = std::nan("");
  evaluation.figures.push_back(figure);
  evaluation.left_out = {{kHostile, kHostile}};
  evaluation.remarks = {kHostile};
  evaluation.skipped_count = 3;
  evaluation.skipped = {{kHostile, kHostile}};
  SampleVerdict verdict;
  verdict.text = verdict.reason = kHostile;
  evaluation.verdicts = {verdict, verdict};
  return evaluation;
}

ReportInput hostile_input(std::span<const Sample> samples) {
  ReportInput input;
  input.title = input.subtitle = input.command_line = kHostile;
  input.config_yaml = std::string("key: ") + kHostile + "\n# " + kHostile + "\n- " + kHostile;
  input.environment = {{kHostile, kHostile}, {"list", {kHostile, 1}}, {"map", {{kHostile, {1}}}}};
  DatasetInfo data;
  data.name = data.note = kHostile;
  data.skipped_count = 1;
  data.skipped = {{kHostile, kHostile}};
  input.dataset = data;
  input.evaluation = hostile_evaluation();
  input.training = TrainingLog{};
  input.training->series.push_back({kHostile, {1, 2}, {3, 4}});
  input.training->series.push_back({std::string("train/loss_") + kHostile, {1, 2}, {3, 4}});
  input.samples = samples;
  input.reference = samples;
  input.warnings = {kHostile};
  return input;
}

std::vector<Sample> hostile_molecules() {
  Molecule odd;
  odd.atoms = {{6, 0}, {0, 0}};
  odd.smiles = odd.name = kHostile;
  return {{parse_smiles("CCO"), {}}, {odd, {}}};
}

}  // namespace

TEST_CASE("a page without any content is whole") {
  const ReportInput input;
  const std::string page = report_html(input);
  CHECK(markup_fault(page).empty());
  CHECK_THAT(page, ContainsSubstring("Nothing was evaluated"));
  CHECK_THAT(page, ContainsSubstring("No samples were generated"));
  CHECK(report_json(input).at("format") == "equigen-report/1");
}

TEST_CASE("a page of one graph is whole") {
  const std::vector<Sample> samples = {{Graph{3, {{0, 1}, {1, 2}}}, {}}};
  ReportInput input;
  input.samples = samples;
  input.training = TrainingLog{};
  const std::string page = report_html(input);
  CHECK(markup_fault(page).empty());
  CHECK(count_of(page, "<li class=\"card\"") == 1);
  CHECK_THAT(page, ContainsSubstring("3 nodes · 2 edges"));
  CHECK_THAT(page, ContainsSubstring("No figures were logged"));
}

TEST_CASE("samples without atoms or nodes are shown as what they are") {
  const std::vector<Sample> samples = {{Graph{}, {}}};
  ReportInput input;
  input.samples = samples;
  CHECK(markup_fault(report_html(input)).empty());
  const std::vector<Sample> molecules = {{Molecule{}, {}}};
  input.samples = molecules;
  CHECK_THAT(report_html(input), ContainsSubstring("no drawing"));
}

TEST_CASE("hostile names, keys and reasons stay text") {
  const auto samples = hostile_molecules();
  const std::string page = report_html(hostile_input(samples));
  CHECK(markup_fault(page) == "");
  CHECK(count_of(page, "</script>") == 1);
  CHECK(page.find("<b a=") == std::string::npos);
  CHECK(page.find('\x01') == std::string::npos);
  CHECK(page.find('\xff') == std::string::npos);
}

TEST_CASE("a page refers to nothing outside itself") {
  const auto samples = hostile_molecules();
  const std::string page = report_html(hostile_input(samples));
  for (const char* word : {"src=", "url(", "@import", "<link", "href=\"http", "fetch("})
    CHECK(count_of(page, word) == 0);
}

TEST_CASE("a report is written as page, JSON and table, and its evaluation reads back") {
  const equigen::testing::TemporaryFolder folder;
  const auto samples = hostile_molecules();
  const ReportInput input = hostile_input(samples);
  const auto page = write_report(folder / "new/report", input);
  CHECK(page == folder / "new/report" / "report.html");
  CHECK(markup_fault(read_file(page)).empty());
  const auto json = nlohmann::json::parse(read_file(folder / "new/report/report.json"));
  CHECK(json.at("distributions").size() == 5);
  const Evaluation back = evaluation_from_json(json.at("evaluation"));
  CHECK(back.generated_count == 2);
  CHECK(back.figures.front().floor == input.evaluation->figures.front().floor);
  CHECK(count_of(read_file(folder / "new/report/samples.csv"), "\n") >= 3);
}

TEST_CASE("every logged quantity has its chart") {
  ReportInput input;
  input.training = parse_training_log(
      R"({"step": 1, "train/loss": 3, "train/node": 1, "train/adjacency": 2, "learning_rate": 0.1})"
      "\n"
      R"({"step": 2, "train/gradient_norm/all": 1, "samples_per_second": 9, "metric/degree_mmd": 1})");
  const std::string page = report_html(input);
  CHECK(markup_fault(page).empty());
  for (const char* text :
       {"Loss", "Terms of the training loss, smoothed", "Norms of the gradients, smoothed",
        "Learning rate", "Samples per second", "Degree MMD"})
    CHECK_THAT(page, ContainsSubstring(std::string("<figcaption>") + text + "</figcaption>"));
  CHECK(count_of(page, "<figcaption>") == 6);
}

TEST_CASE("a folder that cannot be made is a clear error") {
  const equigen::testing::TemporaryFolder folder;
  write_file_atomically(folder / "file", "x");
  CHECK_THROWS_AS(write_report(folder / "file/report", ReportInput{}), ResourceError);
}

TEST_CASE("unverified published figures carry a mark and their evidence") {
  Evaluation evaluation = hostile_evaluation();
  PublishedResult& row = evaluation.figures.front().published.front();
  evaluation.method = "gdss";
  row.system = "GDSS";
  row.evidence = "memory";
  ReportInput input;
  input.evaluation = evaluation;
  const std::string page = report_html(input);
  CHECK_THAT(page, ContainsSubstring("<abbr title=\"not verified\">†</abbr>"));
  CHECK_THAT(page, ContainsSubstring("Evidence: memory"));
}

TEST_CASE("broken UTF-8 and control characters are replaced, the rest is kept") {
  CHECK(clean_text("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n\t") ==
        "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n\t");
  CHECK(clean_text("\xc0\xaf") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(clean_text("\xed\xa0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(clean_text("\xe2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(clean_text(std::string_view("\0", 1)) == "\xEF\xBF\xBD");
}

TEST_CASE("figures for people are short") {
  CHECK(figure_text(0.0123456) == "0.0123");
  CHECK(figure_text(98.7654) == "98.77");
  CHECK(figure_text(1.5e-7) == "1.50e-07");
  CHECK(figure_text(std::nan("")) == "–");
  CHECK(count_text(1234567) == "1,234,567");
  CHECK(count_text(-1000) == "-1,000");
  CHECK(coordinate(1.50) == "1.5");
  CHECK(coordinate(-0.001) == "0");
}

TEST_CASE("YAML is highlighted line by line") {
  CHECK(highlighted_yaml("a: 1 # why") ==
        "<span class=\"yaml-key\">a</span>: <span class=\"yaml-value\">1 </span>"
        "<span class=\"yaml-comment\"># why</span>\n");
  CHECK_THAT(highlighted_yaml("b: 'x # y'"),
             ContainsSubstring("yaml-value\">&#39;x # y&#39;") ||
                 ContainsSubstring("yaml-value\">&apos;x # y&apos;"));
  CHECK_THAT(highlighted_yaml("- http://x"), ContainsSubstring("yaml-value\">http://x"));
  CHECK(highlighted_yaml("").empty());
}
