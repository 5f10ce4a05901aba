// SPDX-License-Identifier: MIT
#include "equigen/report/report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <ctime>

#include "equigen/base/file.h"
#include "equigen/report/assets.h"
#include "equigen/report/distributions.h"
#include "equigen/report/html.h"
#include "equigen/report/sections.h"
#include "equigen/version.h"

namespace equigen::report {

namespace {

std::string now_text() {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
}

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

}  // namespace

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
  const std::string body = metrics_section(dated) + distribution_section(dated) +
                           gallery_section(dated) + training_section(dated) + data_section(dated) +
                           run_section(dated);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
      "<meta name=\"generator\" content=\"equigen {}\"/>\n<title>{}</title>\n"
      "<style>\n{}</style>\n</head>\n<body>\n{}<main class=\"wrap\">\n{}</main>\n"
      "<footer class=\"wrap\"><p>Written by equigen {} on {}. This page needs no network: figures, "
      "drawings and style are inside the file.</p></footer>\n<script>\n{}</script>\n</body>\n"
      "</html>\n",
      EQUIGEN_VERSION, html_text(dated.title), report_style(), header_section(dated), body,
      EQUIGEN_VERSION, html_text(dated.created), report_script());
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
  const std::filesystem::path page = folder / "report.html";
  write_file_atomically(page, report_html(input));
  return page;
}

}  // namespace equigen::report
