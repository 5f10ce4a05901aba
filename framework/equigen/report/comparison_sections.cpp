// SPDX-License-Identifier: MIT
#include "equigen/report/comparison_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equigen/base/progress.h"
#include "equigen/base/text.h"
#include "equigen/report/chart.h"
#include "equigen/report/gallery.h"
#include "equigen/report/html.h"
#include "equigen/report/sections.h"

namespace equigen::report {

namespace {

/// As many curves as there are colours that can be told apart.
constexpr std::size_t kMostCurves = 6;
constexpr std::size_t kMostCharts = 6;

std::vector<NamedEvaluation> evaluations_of(const ComparisonInput& input) {
  std::vector<NamedEvaluation> runs;
  for (const ComparedRun& run : input.runs)
    if (run.evaluation) runs.push_back({run.name, &*run.evaluation});
  return runs;
}

std::string run_colour(std::size_t run) {
  return run < kMostCurves ? fmt::format(
                                 "<span class=\"swatch\" style=\"background:var(--series-"
                                 "{})\"></span>",
                                 run + 1)
                           : std::string();
}

/// A name that may be broken where its parts end.
std::string breakable(const std::string& name) {
  std::string result;
  std::string part;
  for (const char c : name) {
    part += c;
    if (c != '_' && c != '/' && c != '.') continue;
    result += html_text(part) + "<wbr/>";
    part.clear();
  }
  return result + html_text(part);
}

std::string run_head(const ComparedRun& run, std::size_t index, const char* classes) {
  return fmt::format("<th scope=\"col\" class=\"{} run-name\">{}{}</th>", classes,
                     run_colour(index), breakable(run.name));
}

bool has_samples(const ComparisonInput& input) {
  return std::any_of(input.runs.begin(), input.runs.end(),
                     [](const ComparedRun& run) { return !run.samples.empty(); });
}

std::string direction_mark(Direction direction) {
  if (direction == Direction::neither) return {};
  const bool lower = direction == Direction::lower;
  return fmt::format(" <span class=\"direction\" title=\"{} is better\">{}</span>",
                     lower ? "lower" : "higher", lower ? "↓" : "↑");
}

std::string below_label(const ResultColumn& column) {
  return column.protocol.empty()
             ? std::string()
             : fmt::format("<span class=\"small\">{}</span>", html_text(column.protocol));
}

std::string figure_cell(const ResultCell& cell, const ResultColumn& column, bool counts_differ) {
  if (!cell.value) return "<td class=\"number muted\">–</td>";
  ResultCell without = cell;
  without.spread = 0;
  std::string below;
  if (cell.spread > 0) {
    const std::string whole = cell_text(cell, column);
    below +=
        fmt::format("<span class=\"small\">{}</span>", html_text(whole.substr(whole.find("±"))));
  }
  if (counts_differ && cell.sample_count > 0)
    below += fmt::format("<span class=\"small\">of {}</span>", count_text(cell.sample_count));
  const std::string value = html_text(cell_text(without, column));
  return fmt::format(
      "<td class=\"number{}\">{}{}</td>", cell.is_best ? " best" : "",
      cell.is_best ? "<strong title=\"best of these runs\">" + value + "</strong>" : value, below);
}

bool counts_differ(const ResultTable& table, std::size_t column) {
  std::int64_t count = 0;
  for (const ResultRow& row : table.rows) {
    if (row.kind != ResultKind::run || !row.cells[column].value) continue;
    if (count != 0 && count != row.cells[column].sample_count) return true;
    count = row.cells[column].sample_count;
  }
  return false;
}

std::string best_published(const ResultColumn& column, const std::vector<NamedEvaluation>& runs) {
  for (const NamedEvaluation& run : runs) {
    const Figure* figure = run.evaluation->find(column.name);
    if (!figure || figure->value.protocol != column.protocol ||
        run.evaluation->dataset != column.dataset)
      continue;
    for (const PublishedResult& row : figure->published) {
      if (!row.verified) continue;
      const std::string spread = row.stdev ? " ± " + text::shortest(*row.stdev) : "";
      return fmt::format(
          "<td class=\"number\" title=\"{}\">{}{}<span class=\"small\">{}</span></td>",
          html_text(row.source), text::shortest(row.value), spread, html_text(row.system));
    }
  }
  return "<td class=\"number muted\">–</td>";
}

/// Runs of one data set and reference set, with their places among all.
struct RunGroup {
  std::string title;
  std::vector<std::size_t> runs;
};

std::vector<RunGroup> groups_of(const ComparisonInput& input) {
  std::vector<RunGroup> groups;
  for (std::size_t i = 0; i < input.runs.size(); ++i) {
    if (!input.runs[i].evaluation) continue;
    const Evaluation& evaluation = *input.runs[i].evaluation;
    const std::string title = fmt::format(
        "{}, {} reference {}s", evaluation.dataset.empty() ? "no data set" : evaluation.dataset,
        count_text(evaluation.reference_count), evaluation.structure);
    const auto found = std::find_if(groups.begin(), groups.end(),
                                    [&](const RunGroup& item) { return item.title == title; });
    if (found == groups.end())
      groups.push_back({title, {i}});
    else
      found->runs.push_back(i);
  }
  return groups;
}

std::vector<NamedEvaluation> evaluations_of(const ComparisonInput& input, const RunGroup& group) {
  std::vector<NamedEvaluation> runs;
  for (const std::size_t i : group.runs)
    runs.push_back({input.runs[i].name, &*input.runs[i].evaluation});
  return runs;
}

std::string figure_row(const ResultTable& table, std::size_t place,
                       const std::vector<NamedEvaluation>& runs, bool statistics) {
  const ResultColumn& column = table.columns[place];
  const std::string unit = column.unit.empty() ? "" : ", " + html_text(column.unit);
  std::string row = fmt::format("<tr><th scope=\"row\">{}{}{}{}</th>", html_text(column.label),
                                unit, direction_mark(column.direction), below_label(column));
  const bool differ = counts_differ(table, place);
  std::string floor = "<td class=\"number muted\">–</td>";
  for (const ResultRow& item : table.rows) {
    if (item.kind == ResultKind::run) row += figure_cell(item.cells[place], column, differ);
    if (item.kind == ResultKind::training) floor = figure_cell(item.cells[place], column, false);
  }
  return row + floor + (statistics ? std::string() : best_published(column, runs)) + "</tr>\n";
}

/// Rows are figures here, since a screen is higher than wide.
std::string figures_table(const ComparisonInput& input, const RunGroup& group, bool statistics) {
  const std::vector<NamedEvaluation> runs = evaluations_of(input, group);
  const ResultTable table = result_table(runs, false, true);
  std::string body;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if ((table.columns[i].direction == Direction::neither) == statistics)
      body += figure_row(table, i, runs, statistics);
  if (body.empty()) return {};
  std::string heads;
  for (const std::size_t i : group.runs) heads += run_head(input.runs[i], i, "number");
  return fmt::format(
      "<div class=\"scroll\"><table class=\"metrics compared{}\"><thead><tr><th "
      "scope=\"col\">{}</th>{}<th scope=\"col\" class=\"number\">Training set</th>{}</tr></thead>\n"
      "<tbody>\n{}</tbody></table></div>\n",
      statistics ? " statistics" : "", statistics ? "Quantity" : "Metric", heads,
      statistics ? "" : "<th scope=\"col\" class=\"number\">Best published</th>", body);
}

std::string figure_element(const std::string& svg, const std::string& caption) {
  return fmt::format("<figure>{}<figcaption>{}</figcaption></figure>\n", svg, html_text(caption));
}

/// One chart of a logged quantity of all runs that have it.
std::string shared_chart(const ComparisonInput& input, const std::string& name,
                         const std::string& caption, bool smooth) {
  LineChart chart;
  chart.title = caption + " of the runs over the steps";
  chart.x_label = "step";
  chart.y_label = name.ends_with("loss") ? "loss" : caption;
  for (std::size_t i = 0; i < input.runs.size() && i < kMostCurves; ++i) {
    const auto& log = input.runs[i].training;
    const LoggedSeries* series = log ? log->find(name) : nullptr;
    if (!series || series->values.empty()) continue;
    Curve curve{input.runs[i].name, series->steps, series->values, static_cast<int>(i) + 1,
                series->values.size() > 30 ? LineStyle::line : LineStyle::marked};
    if (smooth) curve.y = smoothed(curve.y, std::max<std::size_t>(1, series->values.size() / 60));
    chart.curves.push_back(std::move(curve));
  }
  return chart.curves.empty() ? std::string() : figure_element(draw_line_chart(chart), caption);
}

}  // namespace

std::vector<ResultTable> comparison_tables(const ComparisonInput& input) {
  std::vector<ResultTable> tables;
  for (const RunGroup& group : groups_of(input)) {
    const std::vector<NamedEvaluation> runs = evaluations_of(input, group);
    ResultTable table = result_table(runs, false);
    if (table.empty()) continue;
    table.caption = group.title + ".";
    for (const NamedEvaluation& run : runs)
      if (table.spread.empty()) table.spread = spread_sentence(*run.evaluation);
    tables.push_back(std::move(table));
  }
  return tables;
}

std::string comparison_header(const ComparisonInput& input, const std::string& created) {
  std::vector<std::pair<std::string, std::string>> links = {{"figures", "Figures"}};
  const bool has_curves = std::any_of(
      input.runs.begin(), input.runs.end(),
      [](const ComparedRun& run) { return run.training.has_value() && !run.training->empty(); });
  if (has_curves) links.emplace_back("curves", "Training");
  links.emplace_back("config", "Configuration");
  if (has_samples(input)) links.emplace_back("samples", "Samples");
  links.emplace_back("tables", "Tables");
  links.emplace_back("runs", "Runs");
  std::string warnings;
  for (const std::string& warning : comparison_warnings(input.runs))
    warnings += fmt::format("<p class=\"warning\" role=\"note\">{}</p>\n", html_text(warning));
  return fmt::format(
      "{}<header class=\"wrap\">\n<h1>{}</h1>\n<dl class=\"facts\"><div><dt>runs</dt><dd>{}</dd>"
      "</div><div><dt>written</dt><dd>{}</dd></div></dl>\n{}</header>\n",
      bar_element(links), html_text(input.title), input.runs.size(), html_text(created), warnings);
}

std::string compared_figures_section(const ComparisonInput& input) {
  const std::vector<RunGroup> groups = groups_of(input);
  std::string content;
  for (const RunGroup& group : groups) {
    if (groups.size() > 1) content += "<h3>" + html_text(group.title) + "</h3>\n";
    content += figures_table(input, group, false);
    const std::string statistics = figures_table(input, group, true);
    if (!statistics.empty()) content += "<h3>Statistics</h3>\n" + statistics;
  }
  if (content.empty()) content = "<p class=\"empty\">No run has evaluated samples.</p>";
  std::string lead =
      "The best run of each figure is marked; only figures of one data set, reference set and "
      "protocol share a row. The training set's column is what training samples would get in "
      "place of the generated ones.";
  for (const NamedEvaluation& run : evaluations_of(input)) {
    const std::string spread = spread_sentence(*run.evaluation);
    if (spread.empty()) continue;
    lead += " " + spread;
    break;
  }
  return section_element("figures", "Figures", lead, content);
}

std::string compared_curves_section(const ComparisonInput& input) {
  std::string charts = shared_chart(input, "train/loss", "Training loss, smoothed", true) +
                       shared_chart(input, "validation/loss", "Validation loss", false);
  std::vector<std::string> names;
  for (const ComparedRun& run : input.runs) {
    if (!run.training) continue;
    for (const LoggedSeries& series : run.training->series)
      if (series.name.starts_with("metric/") &&
          std::find(names.begin(), names.end(), series.name) == names.end())
        names.push_back(series.name);
  }
  if (names.size() > kMostCharts) names.resize(kMostCharts);
  for (const std::string& name : names)
    charts += shared_chart(input, name, name.substr(std::string("metric/").size()), false);
  if (charts.empty()) return {};
  std::string lead =
      "Losses of different models, or of one with another loss, are not on one "
      "scale.";
  if (input.runs.size() > kMostCurves)
    lead += fmt::format(" The first {} of {} runs are drawn.", kMostCurves, input.runs.size());
  return section_element("curves", "Training", lead,
                         "<div class=\"charts wide\">\n" + charts + "</div>");
}

std::string compared_config_section(const ComparisonInput& input) {
  std::vector<std::string> yaml;
  std::string heads;
  std::vector<std::string> without;
  for (std::size_t i = 0; i < input.runs.size(); ++i) {
    if (input.runs[i].config_yaml.empty()) {
      without.push_back(input.runs[i].name);
      continue;
    }
    yaml.push_back(input.runs[i].config_yaml);
    heads += run_head(input.runs[i], i, "value");
  }
  if (yaml.empty()) {
    return section_element("config", "Configuration", "",
                           "<p class=\"empty\">None of these has a configuration.</p>");
  }
  std::string rows;
  for (const ConfigDifference& difference : config_differences(yaml)) {
    rows += fmt::format("<tr><th scope=\"row\"><code>{}</code></th>", html_text(difference.key));
    for (const auto& value : difference.values)
      rows += value ? fmt::format("<td><code>{}</code></td>", html_text(*value))
                    : "<td class=\"muted\">–</td>";
    rows += "</tr>\n";
  }
  const std::string content =
      rows.empty() ? "<p class=\"empty\">The configurations are the same.</p>"
                   : fmt::format(
                         "<div class=\"scroll\"><table class=\"config-table\"><thead><tr><th "
                         "scope=\"col\">Key</th>{}</tr></thead>\n<tbody>\n{}</tbody>"
                         "</table></div>\n",
                         heads, rows);
  std::string lead = "Keys whose values are not the same; all others are.";
  if (!without.empty()) lead += " Without a configuration: " + text::join(without, ", ") + ".";
  return section_element("config", "Configuration", lead, content);
}

std::string compared_galleries_section(const ComparisonInput& input) {
  std::string content;
  for (std::size_t i = 0; i < input.runs.size(); ++i) {
    const ComparedRun& run = input.runs[i];
    if (run.samples.empty()) continue;
    Gallery gallery;
    gallery.samples = run.samples;
    if (run.evaluation && run.evaluation->verdicts.size() == run.samples.size())
      gallery.verdicts = run.evaluation->verdicts;
    gallery.count = std::min(input.gallery_size, run.samples.size());
    content += fmt::format("<h3>{}{} <span class=\"small\">the first {} of {}</span></h3>\n",
                           run_colour(i), html_text(run.name), gallery.count,
                           count_text(std::ssize(run.samples)));
    content += gallery_element(gallery);
  }
  return section_element("samples", "Samples",
                         "In the order in which they were generated; none was chosen.", content);
}

std::string compared_sources_section(const ComparisonInput& input) {
  std::string rows;
  for (const ComparedRun& run : input.runs) {
    const bool trained = run.training && !run.training->empty();
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td><code>{}</code></td><td class=\"number\">{}</td><td "
        "class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
        html_text(run.name), html_text(run.source),
        run.evaluation ? count_text(run.evaluation->generated_count) : "–",
        trained ? count_text(run.training->last_step) : "–",
        trained && run.training->seconds > 0 ? html_text(duration_text(run.training->seconds))
                                             : "–");
  }
  std::string content =
      "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Run</th><th "
      "scope=\"col\">From</th><th scope=\"col\" class=\"number\">Samples</th><th scope=\"col\" "
      "class=\"number\">Steps</th><th scope=\"col\" class=\"number\">Training time</th></tr>"
      "</thead>\n<tbody>\n" +
      rows + "</tbody></table></div>\n";
  if (!input.command_line.empty())
    content += fmt::format("<pre class=\"command\">{}</pre>\n", html_text(input.command_line));
  for (const ComparedRun& run : input.runs) {
    if (run.config_yaml.empty()) continue;
    content += fmt::format(
        "<details><summary>Configuration of {}</summary>\n<pre class=\"yaml\">{}</pre></details>\n",
        html_text(run.name), highlighted_yaml(run.config_yaml));
  }
  return section_element("runs", "Runs", "", content);
}

}  // namespace equigen::report
