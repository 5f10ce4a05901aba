// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "equigen/base/text.h"
#include "equigen/report/chart.h"
#include "equigen/report/html.h"
#include "equigen/report/sections.h"

namespace equigen::report {

namespace {

/// Numbers the sources in the order of their first mention.
class Footnotes {
 public:
  std::string mark(const PublishedResult& row) {
    const std::string text =
        fmt::format("{}. {}. Evidence: {}.", row.source, row.protocol_note, row.evidence);
    const auto [place, is_new] = numbers_.emplace(text, texts_.size() + 1);
    if (is_new) texts_.push_back(text);
    const std::string dagger = row.verified ? "" : "<abbr title=\"not verified\">†</abbr>";
    has_unverified_ = has_unverified_ || !row.verified;
    return fmt::format("{}<sup><a href=\"#source-{}\" title=\"{}\">{}</a></sup>", dagger,
                       place->second, html_text(text), place->second);
  }

  std::string list() const {
    if (texts_.empty()) return {};
    std::string items;
    for (std::size_t i = 0; i < texts_.size(); ++i)
      items += fmt::format("<li id=\"source-{}\">{}</li>\n", i + 1, html_text(texts_[i]));
    const std::string dagger =
        has_unverified_ ? "<p class=\"small\">† not verified: remembered or from a weak source; "
                          "shown for orientation, never ranked.</p>\n"
                        : "";
    return "<h3>Sources of the published figures</h3>\n" + dagger + "<ol class=\"sources\">\n" +
           items + "</ol>\n";
  }

 private:
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::string> texts_;
  bool has_unverified_ = false;
};

std::string direction_mark(Direction direction) {
  if (direction == Direction::lower)
    return "<span class=\"direction\" title=\"lower is better\">↓</span>";
  if (direction == Direction::higher)
    return "<span class=\"direction\" title=\"higher is better\">↑</span>";
  return {};
}

std::string label_cell(const MetricValue& value) {
  std::string below;
  if (!value.protocol.empty())
    below += fmt::format("<span class=\"small\">{}</span>", html_text(value.protocol));
  if (!value.note.empty())
    below += fmt::format("<span class=\"small note\">{}</span>", html_text(value.note));
  return fmt::format("<th scope=\"row\">{} {}{}</th>",
                     html_text(display_name(value.label, value.name)),
                     direction_mark(value.direction), below);
}

std::string value_cell(const Figure& figure) {
  const MetricValue& value = figure.value;
  std::string spread;
  if (figure.spread && figure.spread->stdev > 0) {
    const bool seeds = figure.spread->method == "seeds";
    spread = fmt::format("<span class=\"small\" title=\"{} {}\">±\u00A0{:.2g}</span>",
                         figure.spread->repeats, seeds ? "files" : "draws of part of the samples",
                         figure.spread->stdev);
  }
  return fmt::format("<td class=\"number value\">{}{}</td>",
                     html_text(value_with_unit(value.value, value.unit)), spread);
}

std::string floor_cell(const Figure& figure) {
  if (!figure.floor) return "<td class=\"number muted\">–</td>";
  const Floor& floor = *figure.floor;
  const std::string spread =
      floor.stdev > 0 ? fmt::format("<span class=\"small\">±\u00A0{:.2g}</span>", floor.stdev) : "";
  return fmt::format("<td class=\"number\" title=\"{} training samples, {} draw{}\">{}{}</td>",
                     count_text(floor.sample_count), floor.repeats, floor.repeats == 1 ? "" : "s",
                     html_text(value_with_unit(floor.value, figure.value.unit)), spread);
}

/// A published figure with the digits that were printed.
std::string published_value(const PublishedResult& row, const std::string& unit,
                            Footnotes& footnotes) {
  std::string text = text::shortest(row.value);
  if (row.stdev) text += " ± " + text::shortest(*row.stdev);
  if (unit == "%") text += "\u202F%";
  return html_text(text) + footnotes.mark(row);
}

std::string own_cell(const Figure& figure, const std::string& method, Footnotes& footnotes) {
  for (const PublishedResult& row : figure.published)
    if (is_same_method(row.system, method))
      return "<td class=\"number\">" + published_value(row, figure.value.unit, footnotes) + "</td>";
  return "<td class=\"number muted\">–</td>";
}

std::string best_cell(const Figure& figure, const std::string& method, Footnotes& footnotes) {
  for (const PublishedResult& row : figure.published) {
    if (is_same_method(row.system, method) || !row.verified || !is_of_method(row)) continue;
    return fmt::format("<td class=\"number\">{}<span class=\"small\">{}</span></td>",
                       published_value(row, figure.value.unit, footnotes), html_text(row.system));
  }
  return "<td class=\"number muted\">–</td>";
}

std::string strip_cell(const Figure& figure, const std::string& method) {
  if (!std::isfinite(figure.value.value) || (figure.published.empty() && !figure.floor))
    return "<td></td>";
  StripChart strip;
  strip.title = fmt::format("{}: this run {}, beside the floor and published figures",
                            figure.value.label, figure_text(figure.value.value));
  strip.value = figure.value.value;
  if (figure.floor) strip.floor = figure.floor->value;
  for (const PublishedResult& row : figure.published) {
    strip.published.push_back(
        {row.system, row.value, row.verified, is_same_method(row.system, method)});
  }
  std::string position;
  if (figure.ranking) {
    position = fmt::format("<span class=\"small\">place {} of {}</span>", figure.ranking->position,
                           figure.ranking->count + 1);
  }
  return "<td class=\"strip\">" + draw_strip(strip) + position + "</td>";
}

std::string strip_key() {
  return "<p class=\"small key\"><span class=\"key-run\">◆</span> this run "
         "<span class=\"key-floor\">❙</span> floor <span class=\"key-own\">●</span> this method as "
         "published <span class=\"key-other\">●</span> others <span class=\"key-other\">○</span> "
         "not verified. Long ranges are drawn on a logarithmic axis.</p>\n";
}

/// The method as its publications write it.
std::string method_title(const Evaluation& evaluation) {
  for (const Figure& figure : evaluation.figures)
    for (const PublishedResult& row : figure.published)
      if (is_same_method(row.system, evaluation.method)) return row.system;
  return evaluation.method.empty() ? "This method" : evaluation.method;
}

std::string quality_table(const Evaluation& evaluation, Footnotes& footnotes) {
  const bool has_published =
      std::any_of(evaluation.figures.begin(), evaluation.figures.end(),
                  [](const Figure& item) { return !item.published.empty(); });
  std::string rows;
  for (const Figure& figure : evaluation.figures) {
    if (figure.value.direction == Direction::neither) continue;
    rows += "<tr>" + label_cell(figure.value) + value_cell(figure) + floor_cell(figure);
    if (has_published) {
      rows += own_cell(figure, evaluation.method, footnotes) +
              best_cell(figure, evaluation.method, footnotes);
    }
    rows += strip_cell(figure, evaluation.method) + "</tr>\n";
  }
  if (rows.empty()) return {};
  const std::string own = html_text(method_title(evaluation)) + ", published";
  const std::string published_heads =
      has_published ? fmt::format(
                          "<th scope=\"col\" class=\"number\">{}</th><th scope=\"col\" "
                          "class=\"number\">Best other</th>",
                          own)
                    : "";
  return fmt::format(
      "<div class=\"scroll\"><table class=\"metrics\"><thead><tr><th scope=\"col\">Metric</th>"
      "<th scope=\"col\" class=\"number\">This run</th><th scope=\"col\" class=\"number\">Floor"
      "</th>{}<th scope=\"col\">Where it stands</th></tr></thead>\n<tbody>\n{}</tbody></table>"
      "</div>\n{}",
      published_heads, rows, strip_key());
}

std::string statistics_table(const Evaluation& evaluation) {
  std::string rows;
  for (const Figure& figure : evaluation.figures) {
    if (figure.value.direction != Direction::neither) continue;
    rows += "<tr>" + label_cell(figure.value) + value_cell(figure) + floor_cell(figure) + "</tr>\n";
  }
  if (rows.empty()) return {};
  return "<h3>Statistics</h3>\n<div class=\"scroll\"><table class=\"metrics "
         "statistics\"><thead><tr>"
         "<th scope=\"col\">Quantity</th><th scope=\"col\" class=\"number\">Generated</th>"
         "<th scope=\"col\" class=\"number\">Training set</th></tr></thead>\n<tbody>\n" +
         rows + "</tbody></table></div>\n";
}

/// Published systems by name, the best of the first figure first.
std::vector<std::string> systems_of(const std::vector<const Figure*>& figures) {
  std::vector<std::string> systems;
  std::set<std::string> known;
  for (const Figure* figure : figures)
    for (const PublishedResult& row : figure->published)
      if (known.insert(row.system).second) systems.push_back(row.system);
  return systems;
}

std::string system_row(const std::string& system, const std::vector<const Figure*>& figures,
                       bool is_own, Footnotes& footnotes) {
  std::string cells;
  for (const Figure* figure : figures) {
    const auto row = std::find_if(figure->published.begin(), figure->published.end(),
                                  [&](const auto& item) { return item.system == system; });
    cells += row == figure->published.end()
                 ? "<td class=\"number muted\">–</td>"
                 : "<td class=\"number\">" + published_value(*row, figure->value.unit, footnotes) +
                       "</td>";
  }
  return fmt::format("<tr{}><th scope=\"row\">{}</th>{}</tr>\n", is_own ? " class=\"own\"" : "",
                     html_text(system), cells);
}

std::string all_published(const Evaluation& evaluation, Footnotes& footnotes) {
  std::vector<const Figure*> figures;
  for (const Figure& figure : evaluation.figures)
    if (!figure.published.empty()) figures.push_back(&figure);
  if (figures.empty()) return {};
  std::string heads;
  std::string own_cells;
  for (const Figure* figure : figures) {
    heads += fmt::format("<th scope=\"col\" class=\"number\">{} {}</th>",
                         html_text(display_name(figure->value.label, figure->value.name)),
                         direction_mark(figure->value.direction));
    own_cells += value_cell(*figure);
  }
  std::string rows =
      "<tr class=\"this-run\"><th scope=\"row\">this run</th>" + own_cells + "</tr>\n";
  const std::vector<std::string> systems = systems_of(figures);
  for (const std::string& system : systems)
    rows += system_row(system, figures, is_same_method(system, evaluation.method), footnotes);
  return fmt::format(
      "<details><summary>All published figures of the same data set and protocol ({} "
      "systems)</summary>\n<div class=\"scroll\"><table class=\"published\"><thead><tr><th "
      "scope=\"col\">System</th>{}</tr></thead>\n<tbody>\n{}</tbody></table></div></details>\n",
      systems.size(), heads, rows);
}

std::string remarks_of(const Evaluation& evaluation) {
  std::string result;
  for (const std::string& remark : evaluation.remarks)
    result += fmt::format("<p class=\"small note\">{}</p>\n", html_text(remark));
  return result;
}

std::string left_out_list(const Evaluation& evaluation) {
  if (evaluation.left_out.empty()) return {};
  std::string items;
  for (const LeftOutMetric& item : evaluation.left_out)
    items += fmt::format("<li><code>{}</code>: {}</li>\n", html_text(item.metric),
                         html_text(item.reason));
  return "<h3>Left out</h3>\n<ul>\n" + items + "</ul>\n";
}

}  // namespace

std::string metrics_section(const ReportInput& input) {
  if (!input.evaluation) {
    return section_element("metrics", "Metrics", "",
                           "<p class=\"empty\">Nothing was evaluated in this run.</p>");
  }
  const Evaluation& evaluation = *input.evaluation;
  Footnotes footnotes;
  std::string content = quality_table(evaluation, footnotes);
  content += remarks_of(evaluation);
  content += all_published(evaluation, footnotes);
  content += statistics_table(evaluation) + left_out_list(evaluation) + footnotes.list();
  if (content.empty()) content = "<p class=\"empty\">No metric was computed.</p>";
  const std::string lead = fmt::format(
      "{} generated {}s against {} of the reference set. The floor is what training samples in "
      "their place would get. Published figures are of the same data set and protocol only.",
      count_text(evaluation.generated_count), evaluation.structure,
      count_text(evaluation.reference_count));
  const std::string spread = spread_sentence(evaluation);
  return section_element("metrics", "Metrics", spread.empty() ? lead : lead + " " + spread,
                         content);
}

}  // namespace equigen::report
