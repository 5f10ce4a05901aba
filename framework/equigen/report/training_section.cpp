// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equigen/base/progress.h"
#include "equigen/report/chart.h"
#include "equigen/report/html.h"
#include "equigen/report/sections.h"

namespace equigen::report {

namespace {

constexpr std::size_t kMostCharts = 12;
constexpr std::size_t kMostTerms = 6;

bool starts_with(const std::string& text, std::string_view start) {
  return text.compare(0, start.size(), start) == 0;
}

std::string figure_element(const std::string& svg, const std::string& caption) {
  return fmt::format("<figure>{}<figcaption>{}</figcaption></figure>\n", svg, html_text(caption));
}

Curve curve_of(const LoggedSeries& series, const std::string& name, int colour, LineStyle style) {
  return {name, series.steps, series.values, colour, style};
}

Curve smooth_curve_of(const LoggedSeries& series, const std::string& name, int colour) {
  Curve curve = curve_of(series, name, colour, LineStyle::line);
  // About one part in sixty of the run on each side.
  curve.y = smoothed(curve.y, std::max<std::size_t>(1, series.values.size() / 60));
  return curve;
}

std::string loss_chart(const TrainingLog& log) {
  const LoggedSeries* train = log.find("train/loss");
  const LoggedSeries* validation = log.find("validation/loss");
  if (!train && !validation) return {};
  LineChart chart;
  chart.title = "Training and validation loss over the steps";
  chart.x_label = "step";
  chart.y_label = "loss";
  if (train) {
    if (train->values.size() > 30) {
      chart.curves.push_back(curve_of(*train, "", 1, LineStyle::faint));
      chart.curves.push_back(smooth_curve_of(*train, "training (smoothed; raw behind)", 1));
    } else {
      chart.curves.push_back(curve_of(*train, "training", 1, LineStyle::line));
    }
  }
  if (validation) chart.curves.push_back(curve_of(*validation, "validation", 2, LineStyle::marked));
  return figure_element(draw_line_chart(chart), "Loss");
}

/// What follows `prefix` in a name, where it is one word more; else empty.
std::string word_behind(const std::string& name, std::string_view prefix) {
  if (!starts_with(name, prefix)) return {};
  const std::string rest = name.substr(prefix.size());
  return rest.find('/') == std::string::npos ? rest : std::string();
}

/// Name of a term of the loss ("train/adjacency", "train/loss_x"), or empty.
std::string term_of(const LoggedSeries& series) {
  const std::string word = word_behind(series.name, "train/");
  if (word == "loss" || word == "gradient_norm") return {};
  return starts_with(word, "loss_") ? word.substr(5) : word;
}

std::string gradient_of(const LoggedSeries& series) {
  return word_behind(series.name, "train/gradient_norm/");
}

/// One chart of all series that `name_of` gives a name.
std::string joint_chart(const TrainingLog& log, const std::string& title,
                        const std::string& y_label, std::string (*name_of)(const LoggedSeries&)) {
  LineChart chart;
  chart.title = title + " over the steps";
  chart.x_label = "step";
  chart.y_label = y_label;
  for (const LoggedSeries& series : log.series) {
    const std::string name = name_of(series);
    if (name.empty() || chart.curves.size() == kMostTerms) continue;
    chart.curves.push_back(
        smooth_curve_of(series, name, static_cast<int>(chart.curves.size()) + 1));
  }
  if (chart.curves.empty()) return {};
  return figure_element(draw_line_chart(chart), title);
}

std::string single_chart(const LoggedSeries& series, const std::string& label) {
  LineChart chart;
  chart.title = label + " over the steps";
  chart.x_label = "step";
  chart.y_label = label;
  chart.curves.push_back(curve_of(series, "", 3, LineStyle::marked));
  return figure_element(draw_line_chart(chart), label);
}

/// "metric/degree_mmd" as "Degree MMD".
std::string plain_label(const std::string& name) {
  std::string label = name;
  for (const std::string_view start : {"metric/", "train/"})
    if (starts_with(label, start)) label = label.substr(start.size());
  std::replace(label.begin(), label.end(), '_', ' ');
  if (const std::size_t at = label.find("mmd"); at != std::string::npos)
    label.replace(at, 3, "MMD");
  return display_name(label, name);
}

/// What has no chart yet: metrics while training, learning rate, speed and whatever else was
/// logged.
std::string other_charts(const TrainingLog& log) {
  std::string result;
  std::size_t count = 0;
  const auto add = [&](bool wanted, const LoggedSeries& series) {
    const bool is_drawn = starts_with(series.name, "train/loss") ||
                          starts_with(series.name, "validation/") || !term_of(series).empty() ||
                          !gradient_of(series).empty();
    if (!wanted || is_drawn || count == kMostCharts) return;
    result += single_chart(series, plain_label(series.name));
    ++count;
  };
  for (const LoggedSeries& series : log.series) add(starts_with(series.name, "metric/"), series);
  for (const LoggedSeries& series : log.series) add(!starts_with(series.name, "metric/"), series);
  return result;
}

std::string lead_of(const TrainingLog& log) {
  std::string lead = fmt::format("{} steps", count_text(log.last_step));
  if (log.last_epoch > 0) lead += fmt::format(", {} epochs", figure_text(log.last_epoch));
  if (log.seconds > 0) {
    lead += fmt::format(", {} ({} steps a second)", duration_text(log.seconds),
                        figure_text(static_cast<double>(log.last_step) / log.seconds));
  }
  lead += ".";
  if (log.bad_line_count > 0)
    lead += fmt::format(" {} lines of the log could not be read.", log.bad_line_count);
  return lead;
}

}  // namespace

std::string training_section(const ReportInput& input) {
  if (!input.training) return {};
  const TrainingLog& log = *input.training;
  if (log.empty()) {
    return section_element("training", "Training", "",
                           "<p class=\"empty\">No figures were logged while training.</p>");
  }
  const std::string charts =
      loss_chart(log) + joint_chart(log, "Terms of the training loss, smoothed", "loss", term_of) +
      joint_chart(log, "Norms of the gradients, smoothed", "norm", gradient_of) + other_charts(log);
  return section_element("training", "Training", lead_of(log),
                         "<div class=\"charts wide\">\n" + charts + "</div>");
}

}  // namespace equigen::report
