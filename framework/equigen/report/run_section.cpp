// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <utility>

#include "equigen/report/html.h"
#include "equigen/report/sections.h"

namespace equigen::report {

namespace {

std::string skipped_table(const std::string& title, std::int64_t count,
                          std::span<const SkippedRow> rows) {
  if (count == 0) return {};
  std::string body;
  for (const SkippedRow& row : rows)
    body += fmt::format("<tr><td><code>{}</code></td><td>{}</td></tr>\n", html_text(row.source),
                        html_text(row.reason));
  const std::string table =
      body.empty() ? std::string()
                   : "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Row</th>"
                     "<th scope=\"col\">Reason</th></tr></thead>\n<tbody>\n" +
                         body + "</tbody></table></div>";
  const std::string shown = static_cast<std::int64_t>(rows.size()) < count
                                ? fmt::format(", the first {} are shown", rows.size())
                                : "";
  return fmt::format("<details><summary>{}: {} {}{}</summary>\n{}</details>\n", html_text(title),
                     count_text(count), count == 1 ? "row" : "rows", shown, table);
}

void add_rows(const nlohmann::json& json, const std::string& prefix, std::string& rows) {
  for (const auto& [key, value] : json.items()) {
    const std::string name = prefix.empty() ? key : prefix + " · " + key;
    if (value.is_structured() && !value.empty() && !value.begin()->is_primitive()) {
      add_rows(value, name, rows);
    } else if (value.is_object()) {
      add_rows(value, name, rows);
    } else {
      const std::string text =
          value.is_string() ? value.get<std::string>()
                            : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
      rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", html_text(name),
                          html_text(text));
    }
  }
}

/// The place of the colon that ends a key, or npos: a colon at the line's end or before a blank.
std::size_t key_end(std::string_view line) {
  if (line.empty() || line.front() == '"' || line.front() == '\'') return std::string::npos;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] == ':' && (i + 1 == line.size() || line[i + 1] == ' ')) return i;
  return std::string::npos;
}

/// The place where a comment starts (a # at the start or behind a blank, outside quotes), or the
/// line's length.
std::size_t comment_start(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quote != 0) {
      if (line[i] == quote) quote = 0;
    } else if (line[i] == '"' || line[i] == '\'') {
      quote = line[i];
    } else if (line[i] == '#' && (i == 0 || line[i - 1] == ' ')) {
      return i;
    }
  }
  return line.size();
}

std::string span(const char* kind, std::string_view text) {
  if (text.empty()) return {};
  return fmt::format("<span class=\"{}\">{}</span>", kind, html_text(text));
}

std::string highlighted_line(std::string_view line) {
  const std::size_t comment = comment_start(line);
  std::string_view code = line.substr(0, comment);
  std::string result;
  const std::size_t indent = std::min(code.find_first_not_of(" -"), code.size());
  result += html_text(code.substr(0, indent));
  code.remove_prefix(indent);
  if (const std::size_t end = key_end(code); end != std::string::npos) {
    result += span("yaml-key", code.substr(0, end)) + ":";
    code.remove_prefix(end + 1);
  }
  const std::size_t blank = std::min(code.find_first_not_of(' '), code.size());
  result += std::string(code.substr(0, blank)) + span("yaml-value", code.substr(blank));
  return result + span("yaml-comment", line.substr(comment));
}

std::string configuration(const std::string& yaml) {
  if (yaml.empty()) return {};
  return "<details open=\"open\"><summary>Resolved configuration</summary>\n<pre class=\"yaml\">" +
         highlighted_yaml(yaml) + "</pre></details>\n";
}

std::string environment(const nlohmann::json& json) {
  std::string rows;
  if (json.is_object()) add_rows(json, "", rows);
  if (rows.empty()) return {};
  return "<details><summary>Environment</summary>\n<div class=\"scroll\"><table "
         "class=\"environment\"><tbody>\n" +
         rows + "</tbody></table></div></details>\n";
}

}  // namespace

std::string highlighted_yaml(std::string_view yaml) {
  std::string result;
  while (!yaml.empty()) {
    const std::size_t end = std::min(yaml.find('\n'), yaml.size());
    result += highlighted_line(yaml.substr(0, end)) + "\n";
    yaml.remove_prefix(std::min(end + 1, yaml.size()));
  }
  return result;
}

std::string data_section(const ReportInput& input) {
  std::string content;
  if (input.dataset) {
    const DatasetInfo& data = *input.dataset;
    content += fmt::format(
        "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Data set</th><th scope=\"col\" "
        "class=\"number\">Training</th><th scope=\"col\" class=\"number\">Validation</th><th "
        "scope=\"col\" class=\"number\">Test</th><th scope=\"col\" class=\"number\">Skipped</th>"
        "</tr></thead>\n<tbody><tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td "
        "class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>"
        "</tbody></table></div>\n",
        html_text(data.name), count_text(data.train_count), count_text(data.validation_count),
        count_text(data.test_count), count_text(data.skipped_count));
    if (!data.note.empty()) content += fmt::format("<p>{}</p>\n", html_text(data.note));
    content += skipped_table("Left out of the data set", data.skipped_count, data.skipped);
  }
  if (input.evaluation) {
    content += skipped_table("Generated rows that could not be read",
                             input.evaluation->skipped_count, input.evaluation->skipped);
  }
  return section_element("data", "Data", "", content);
}

std::string run_section(const ReportInput& input) {
  std::string content;
  if (!input.command_line.empty())
    content += fmt::format("<pre class=\"command\">{}</pre>\n", html_text(input.command_line));
  content += configuration(input.config_yaml) + environment(input.environment);
  if (content.empty())
    content = "<p class=\"empty\">Neither configuration nor environment was given.</p>";
  return section_element("run", "Run", "", content);
}

}  // namespace equigen::report
