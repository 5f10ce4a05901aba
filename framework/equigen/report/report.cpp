// SPDX-License-Identifier: MIT
#include "equigen/report/report.h"

#include <fmt/format.h>

#include <cmath>

#include "equigen/base/file.h"
#include "equigen/report/distributions.h"
#include "equigen/report/html.h"
#include "equigen/report/page.h"
#include "equigen/report/sections.h"
#include "equigen/version.h"

namespace equigen::report {

namespace {

nlohmann::json dataset_json(const DatasetInfo& dataset) {
  nlohmann::json skipped = nlohmann::json::array();
  for (const SkippedRow& row : dataset.skipped)
    skipped.push_back({{"source", row.source}, {"reason", row.reason}});
  return {{"name", dataset.name},
          {"train", dataset.train_count},
          {"validation", dataset.validation_count},
          {"test", dataset.test_count},
          {"skipped_count", dataset.skipped_count},
          {"skipped", skipped},
          {"note", dataset.note}};
}

/// The last finite value of each logged quantity.
nlohmann::json training_json(const TrainingLog& log) {
  nlohmann::json last = nlohmann::json::object();
  for (const LoggedSeries& series : log.series) {
    for (std::size_t i = series.values.size(); i-- > 0;) {
      if (!std::isfinite(series.values[i])) continue;
      last[series.name] = series.values[i];
      break;
    }
  }
  return {{"steps", log.last_step},
          {"epochs", log.last_epoch},
          {"seconds", log.seconds},
          {"bad_lines", log.bad_line_count},
          {"last", last}};
}

/// The run below the floor and the published figures of its data set.
ResultTable run_table(const ReportInput& input) {
  if (!input.evaluation) return {};
  const std::string name =
      input.evaluation->method.empty() ? "This run" : input.evaluation->method + " (this run)";
  const NamedEvaluation run{name, &*input.evaluation};
  ResultTable table = result_table({&run, 1}, true);
  table.caption = fmt::format("{}, {} generated {}s.", input.title,
                              input.evaluation->generated_count, input.evaluation->structure);
  table.spread = spread_sentence(*input.evaluation);
  return table;
}

}  // namespace

std::string spread_sentence(const Evaluation& evaluation) {
  std::string sentence = spread_text(evaluation);
  if (!sentence.empty()) sentence.back() = '.';
  return sentence;
}

std::string section_element(std::string_view id, std::string_view heading, std::string_view lead,
                            std::string_view content) {
  if (content.empty()) return {};
  const std::string lead_element =
      lead.empty() ? std::string() : fmt::format("<p class=\"lead\">{}</p>\n", html_text(lead));
  return fmt::format(
      "<section id=\"{0}\" aria-labelledby=\"{0}-heading\">\n<h2 id=\"{0}-heading\">{1}</h2>\n{2}"
      "{3}\n</section>\n",
      id, html_text(heading), lead_element, content);
}

std::string value_with_unit(double value, std::string_view unit) {
  if (unit.empty() || unit == "1") return figure_text(value);
  return figure_text(value) + "\u202F" + std::string(unit);
}

std::string report_html(const ReportInput& input) {
  ReportInput dated = input;
  if (dated.created.empty()) dated.created = now_text();
  const ResultTable table = run_table(dated);
  const std::string body = metrics_section(dated) + distribution_section(dated) +
                           gallery_section(dated) + training_section(dated) + data_section(dated) +
                           tables_section(std::span(&table, 1)) + run_section(dated);
  return page_element(dated.title, header_section(dated), body, dated.created);
}

nlohmann::json report_json(const ReportInput& input) {
  nlohmann::json json = {
      {"format", "equigen-report/1"},
      {"equigen_version", EQUIGEN_VERSION},
      {"title", input.title},
      {"subtitle", input.subtitle},
      {"created", input.created.empty() ? now_text() : input.created},
      {"command_line", input.command_line},
      {"config_yaml", input.config_yaml},
      {"environment", input.environment},
      {"warnings", input.warnings},
      {"distributions", nlohmann::json::array()},
  };
  if (input.dataset) json["dataset"] = dataset_json(*input.dataset);
  if (input.evaluation) json["evaluation"] = to_json(*input.evaluation);
  if (input.training) json["training"] = training_json(*input.training);
  for (const Distribution& item : compare_distributions(input.samples, input.reference))
    json["distributions"].push_back(to_json(item));
  return json;
}

std::filesystem::path write_report(const std::filesystem::path& folder, const ReportInput& input) {
  make_folder(folder);
  // Names may hold anything; JSON is UTF-8, so what is not becomes U+FFFD.
  const std::string json =
      report_json(input).dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  write_file_atomically(folder / "report.json", json);
  if (input.evaluation && !input.evaluation->verdicts.empty())
    write_file_atomically(folder / "samples.csv", verdicts_csv(input.evaluation->verdicts));
  if (const ResultTable table = run_table(input); !table.empty()) {
    write_file_atomically(folder / "table.tex", latex_table(table));
    write_file_atomically(folder / "table.md", markdown_table(table));
  }
  const std::filesystem::path page = folder / "report.html";
  write_file_atomically(page, report_html(input));
  return page;
}

}  // namespace equigen::report
