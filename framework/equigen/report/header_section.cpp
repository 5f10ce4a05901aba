// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <array>

#include "equigen/base/progress.h"
#include "equigen/report/html.h"
#include "equigen/report/page.h"
#include "equigen/report/sections.h"

namespace equigen::report {

namespace {

/// What a reader looks for first, in this order.
constexpr std::array kKeyFigures = std::to_array<std::string_view>(
    {"validity_without_correction", "match_rate", "rmse", "sun_share", "mean_mmd", "validity",
     "valid", "cov_recall", "cov_precision", "uniqueness", "novelty", "nspdk_mmd", "fcd",
     "degree_mmd", "clustering_mmd", "orbit_mmd", "spectral_mmd", "validity_uniqueness_novelty"});
constexpr std::size_t kMostTiles = 5;

std::string tile(const Figure& figure, const std::string& method) {
  const MetricValue& value = figure.value;
  std::string below;
  const auto add = [&](const std::string& text) {
    below += fmt::format("<span>{}</span>", html_text(text));
  };
  for (const PublishedResult& row : figure.published) {
    if (!is_same_method(row.system, method)) continue;
    add(fmt::format("{} published {}{}", row.system, value_with_unit(row.value, value.unit),
                    row.verified ? "" : " †"));
    break;
  }
  if (figure.floor) add("floor " + value_with_unit(figure.floor->value, value.unit));
  const std::string arrow = value.direction == Direction::lower    ? "\u00A0↓"
                            : value.direction == Direction::higher ? "\u00A0↑"
                                                                   : "";
  const std::string number = figure_text(value.value);
  const std::string unit =
      value.unit.empty() || value.unit == "1"
          ? std::string()
          : fmt::format("<span class=\"unit\">{}</span>", html_text(value.unit));
  return fmt::format(
      "<div class=\"tile\"><div class=\"tile-label\">{}{}</div><div class=\"tile-value\">{}{}</div>"
      "<div class=\"tile-note\">{}</div></div>\n",
      html_text(display_name(value.label, value.name)), arrow, html_text(number), unit, below);
}

std::string tiles(const Evaluation& evaluation) {
  std::string result;
  std::size_t count = 0;
  for (const std::string_view name : kKeyFigures) {
    const Figure* figure = evaluation.find(name);
    if (!figure || count == kMostTiles) continue;
    result += tile(*figure, evaluation.method);
    ++count;
  }
  return result.empty() ? result : "<div class=\"tiles\">\n" + result + "</div>\n";
}

std::string facts(const ReportInput& input) {
  std::string result;
  const auto add = [&](const std::string& name, const std::string& value) {
    result += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", html_text(name), html_text(value));
  };
  if (input.evaluation) {
    add("generated", count_text(input.evaluation->generated_count));
    add("reference", count_text(input.evaluation->reference_count));
  } else if (!input.samples.empty()) {
    add("generated", count_text(static_cast<long long>(input.samples.size())));
  }
  if (input.dataset && !input.dataset->name.empty()) add("data", input.dataset->name);
  if (input.training && !input.training->empty()) {
    add("training steps", count_text(input.training->last_step));
    if (input.training->seconds > 0) add("training time", duration_text(input.training->seconds));
  }
  add("written", input.created);
  return "<dl class=\"facts\">" + result + "</dl>\n";
}

std::string navigation(const ReportInput& input) {
  std::vector<std::pair<std::string, std::string>> links;
  const auto add = [&](bool present, const char* id, const char* name) {
    if (present) links.emplace_back(id, name);
  };
  const bool has_samples = !input.samples.empty() || !input.reference.empty();
  add(true, "metrics", "Metrics");
  add(has_samples, "distributions", "Distributions");
  add(true, "samples", "Samples");
  add(input.training.has_value(), "training", "Training");
  add(input.dataset.has_value() || (input.evaluation && input.evaluation->skipped_count > 0),
      "data", "Data");
  add(input.evaluation.has_value(), "tables", "Tables");
  add(true, "run", "Run");
  return bar_element(links);
}

}  // namespace

std::string header_section(const ReportInput& input) {
  std::string warnings;
  for (const std::string& warning : input.warnings)
    warnings += fmt::format("<p class=\"warning\" role=\"note\">{}</p>\n", html_text(warning));
  const std::string subtitle =
      input.subtitle.empty()
          ? std::string()
          : fmt::format("<p class=\"subtitle\">{}</p>\n", html_text(input.subtitle));
  return fmt::format(
      "{}"
      "<header class=\"wrap\">\n<h1>{}</h1>\n{}{}{}{}</header>\n",
      navigation(input), html_text(input.title), subtitle, facts(input), warnings,
      input.evaluation ? tiles(*input.evaluation) : std::string());
}

}  // namespace equigen::report
