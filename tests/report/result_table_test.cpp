// SPDX-License-Identifier: MIT
#include "equigen/report/result_table.h"

#include <cmath>

#include "catch.h"

using namespace equigen;
using namespace equigen::report;

namespace {

Figure figure(const char* name, double value, Direction direction, const char* unit = "",
              const char* protocol = "one kernel") {
  Figure result;
  result.value = {name, name, value, direction, unit, protocol, 100, ""};
  return result;
}

Evaluation evaluation_with(std::vector<Figure> figures) {
  Evaluation evaluation;
  evaluation.dataset = "grid";
  evaluation.reference_count = 20;
  evaluation.figures = std::move(figures);
  return evaluation;
}

PublishedResult published(const char* system, double value, bool verified) {
  PublishedResult row;
  row.system = system;
  row.value = value;
  row.verified = verified;
  row.source = "Some paper, Table 1 & 2";
  return row;
}

}  // namespace

TEST_CASE("the best run of each figure is marked by the figure's direction") {
  const Evaluation a = evaluation_with(
      {figure("mmd", 0.1, Direction::lower), figure("valid", 90, Direction::higher, "%")});
  const Evaluation b = evaluation_with(
      {figure("mmd", 0.2, Direction::lower), figure("valid", 95, Direction::higher, "%")});
  const std::vector<NamedEvaluation> runs = {{"a", &a}, {"b", &b}};
  const ResultTable table = result_table(runs, false);
  REQUIRE(table.columns.size() == 2);
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].cells[0].is_best);
  CHECK_FALSE(table.rows[1].cells[0].is_best);
  CHECK_FALSE(table.rows[0].cells[1].is_best);
  CHECK(table.rows[1].cells[1].is_best);
}

TEST_CASE("figures of other protocols, data sets or reference sets never share a column") {
  const Evaluation a = evaluation_with({figure("mmd", 0.1, Direction::lower)});
  const Evaluation b =
      evaluation_with({figure("mmd", 0.2, Direction::lower, "", "another kernel")});
  Evaluation c = a;
  c.dataset = "tree";
  Evaluation d = a;
  d.reference_count = 21;
  const std::vector<NamedEvaluation> runs = {{"a", &a}, {"b", &b}, {"c", &c}, {"d", &d}};
  const ResultTable table = result_table(runs, false);
  CHECK(table.columns.size() == 4);
  for (const ResultRow& row : table.rows)
    for (const ResultCell& cell : row.cells) CHECK_FALSE(cell.is_best);
}

TEST_CASE("statistics are left out unless they are asked for, and never have a best") {
  const Evaluation a = evaluation_with({figure("nodes", 5, Direction::neither)});
  const Evaluation b = evaluation_with({figure("nodes", 6, Direction::neither)});
  const std::vector<NamedEvaluation> runs = {{"a", &a}, {"b", &b}};
  CHECK(result_table(runs, false).empty());
  const ResultTable table = result_table(runs, false, true);
  REQUIRE(table.columns.size() == 1);
  CHECK_FALSE(table.rows[1].cells[0].is_best);
}

TEST_CASE("only verified published figures become rows, between floor and runs") {
  Figure mmd = figure("mmd", 0.1, Direction::lower);
  mmd.floor = Floor{0.05, 0.01, 5, 100};
  mmd.published = {published("A", 0.2, true), published("B", 0.01, false)};
  const Evaluation a = evaluation_with({mmd});
  const NamedEvaluation run{"mine", &a};
  const ResultTable table = result_table({&run, 1}, true);
  REQUIRE(table.rows.size() == 3);
  CHECK(table.rows[0].kind == ResultKind::training);
  CHECK(table.rows[1].name == "A");
  CHECK(table.rows[2].name == "mine");
}

TEST_CASE("numbers of a column have the same decimals") {
  ResultColumn column;
  column.decimals = 3;
  CHECK(cell_text({0.1, 0, 0, false, false}, column) == "0.100");
  CHECK(cell_text({0.1, 0.0123, 0, false, false}, column) == "0.100 ± 0.012");
  CHECK(cell_text({2.2e-16, 0, 0, false, false}, column) == "2.2e-16");
  CHECK(cell_text({0.1, 0.02, 0, false, true}, column) == "0.1 ± 0.02");
  CHECK(cell_text({std::nullopt, 0, 0, false, false}, column) == "–");
}

TEST_CASE("the table for LaTeX is whole and escapes what LaTeX would read") {
  Figure mmd = figure("mmd", 0.1, Direction::lower);
  mmd.value.label = "50%_of {x} & \\y";
  mmd.spread = Spread{"half-samples", 0.02, 20, 50, {}};
  mmd.floor = Floor{2e-7, 0, 1, 100};
  mmd.published = {published("A_1\nB", 0.2, true)};
  const Evaluation a = evaluation_with({mmd});
  const NamedEvaluation run{"mine", &a};
  const std::string text = latex_table(result_table({&run, 1}, true));
  CHECK_THAT(text, ContainsSubstring("\\begin{tabular}{lr}"));
  CHECK_THAT(text,
             ContainsSubstring(" & 50\\%\\_of \\{x\\} \\& \\textbackslash{}y $\\downarrow$ \\\\"));
  CHECK_THAT(text, ContainsSubstring("$2.0\\times 10^{-7}$"));
  CHECK_THAT(text, ContainsSubstring("mine & $0.10 \\pm 0.02$ \\\\"));
  CHECK_THAT(text, ContainsSubstring("A\\_1 B & $0.2$ \\\\\n    % Some paper, Table 1 & 2\n"));
  CHECK_THAT(text, ContainsSubstring("\\bottomrule\n  \\end{tabular}\n\\end{table}\n"));
  CHECK(latex_table({}).empty());
}

TEST_CASE("the table for Markdown escapes bars and marks the best") {
  Figure mmd = figure("mmd", 0.1, Direction::lower);
  mmd.value.label = "a|b";
  const Evaluation a = evaluation_with({mmd});
  const Evaluation b = evaluation_with({figure("mmd", 0.1, Direction::lower)});
  Evaluation worse = a;
  worse.figures.front().value.value = 0.3;
  const std::vector<NamedEvaluation> runs = {{"x|y", &a}, {"z", &worse}};
  const std::string text = markdown_table(result_table(runs, false));
  CHECK_THAT(text, ContainsSubstring("| | A\\|b ↓ |\n|:--|--:|\n"));
  CHECK_THAT(text, ContainsSubstring("| x\\|y | **0.10** |\n"));
  CHECK_THAT(text, ContainsSubstring("| z | 0.30 |\n"));
}
