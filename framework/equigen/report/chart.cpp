// SPDX-License-Identifier: MIT
#include "equigen/report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "equigen/report/chart_frame.h"
#include "equigen/report/html.h"

namespace equigen::report {

namespace {

/// Enough for the widest chart; more points would only make the page heavy.
constexpr std::size_t kMostPoints = 700;

std::string path_of(const Curve& curve, const ChartFrame& frame, const Axis& x, const Axis& y) {
  std::string path;
  bool pen_down = false;
  for (std::size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i) {
    if (!x.can_show(curve.x[i]) || !y.can_show(curve.y[i])) {
      pen_down = false;
      continue;
    }
    path += fmt::format("{}{} {}", pen_down ? "L" : "M", coordinate(frame.x(x, curve.x[i])),
                        coordinate(frame.y(y, curve.y[i])));
    pen_down = true;
  }
  return path;
}

std::string draw_markers(const Curve& curve, const ChartFrame& frame, const Axis& x,
                         const Axis& y) {
  std::string result;
  for (std::size_t i = 0; i < std::min(curve.x.size(), curve.y.size()); ++i) {
    if (!x.can_show(curve.x[i]) || !y.can_show(curve.y[i])) continue;
    result += fmt::format(
        "<circle cx=\"{}\" cy=\"{}\" r=\"3\" style=\"fill:{}\"><title>{}: {} at "
        "{}</title></circle>",
        coordinate(frame.x(x, curve.x[i])), coordinate(frame.y(y, curve.y[i])),
        series_colour(curve.colour), html_text(curve.name), figure_text(curve.y[i]),
        tick_label(curve.x[i], 0));
  }
  return result;
}

std::string draw_curve(const Curve& curve, const ChartFrame& frame, const Axis& x, const Axis& y) {
  const bool faint = curve.style == LineStyle::faint;
  const std::string path = path_of(curve, frame, x, y);
  std::string result;
  if (!path.empty()) {
    result = fmt::format(
        "<path d=\"{}\" style=\"fill:none;stroke:{};stroke-width:{};stroke-linejoin:round;"
        "stroke-linecap:round;opacity:{}\"/>",
        path, series_colour(curve.colour), faint ? 1 : 2, faint ? 0.35 : 1);
  }
  if (curve.style == LineStyle::marked && curve.x.size() <= 40)
    result += draw_markers(curve, frame, x, y);
  return result;
}

std::vector<double> all_values(const std::vector<Curve>& curves,
                               std::vector<double> Curve::*member) {
  std::vector<double> values;
  for (const Curve& curve : curves)
    values.insert(values.end(), (curve.*member).begin(), (curve.*member).end());
  return values;
}

/// Keeps one first peak from flattening the rest: drops the highest and lowest of the faint
/// curves' values beyond the 1st and 99th per cent.
std::vector<double> values_for_axis(const std::vector<Curve>& curves) {
  std::vector<double> values;
  for (const Curve& curve : curves) {
    std::vector<double> finite;
    std::copy_if(curve.y.begin(), curve.y.end(), std::back_inserter(finite),
                 [](double value) { return std::isfinite(value); });
    std::sort(finite.begin(), finite.end());
    const std::size_t cut = curve.style == LineStyle::faint ? finite.size() / 100 : 0;
    values.insert(values.end(), finite.begin() + static_cast<std::ptrdiff_t>(cut),
                  finite.end() - static_cast<std::ptrdiff_t>(cut));
  }
  return values;
}

/// Exactly the range of the steps, from zero where they start near it.
Axis step_axis(const std::vector<double>& xs) {
  const Axis rounded = Axis::covering(xs, AxisScale::linear, 6);
  if (xs.empty()) return rounded;
  const auto [lowest, highest] = std::minmax_element(xs.begin(), xs.end());
  if (*lowest == *highest) return rounded;
  const bool starts_near_zero = *lowest > 0 && *lowest <= 0.25 * *highest;
  return Axis::exactly(starts_near_zero ? 0 : *lowest, *highest, 6);
}

}  // namespace

std::string draw_line_chart(const LineChart& chart) {
  std::vector<Curve> curves;
  std::vector<LegendEntry> legend;
  for (const Curve& curve : chart.curves) {
    curves.push_back(thinned(curve, kMostPoints));
    if (!curve.name.empty())
      legend.push_back({curve.name, curve.colour, curve.style == LineStyle::faint});
  }
  const std::vector<double> xs = all_values(curves, &Curve::x);
  const Axis y = Axis::covering(values_for_axis(curves), chart.y_scale);
  const Axis x = step_axis(xs);
  const ChartFrame frame(chart.width, chart.height, y, !legend.empty());
  std::string body = frame.draw_y_axis(y, chart.y_label) + frame.draw_x_axis(x, chart.x_label) +
                     frame.draw_legend(legend);
  for (const Curve& curve : curves) body += draw_curve(curve, frame, x, y);
  if (xs.empty()) body += frame.draw_message("nothing was recorded");
  return frame.wrap(chart.title, body);
}

std::string draw_strip(const StripChart& chart) {
  std::vector<double> values = {chart.value};
  if (chart.floor) values.push_back(*chart.floor);
  for (const auto& mark : chart.published) values.push_back(mark.value);
  const Axis axis = Axis::covering(values, AxisScale::automatic, 4);
  const double middle = chart.height / 2.0;
  const auto x = [&](double value) {
    return coordinate(8 + axis.position(value) * (chart.width - 16));
  };
  std::string body = fmt::format(
      "<line x1=\"8\" x2=\"{0}\" y1=\"{1}\" y2=\"{1}\" style=\"stroke:{2};stroke-width:1\"/>",
      chart.width - 8, coordinate(middle), kGridColour);
  for (const auto& mark : chart.published) {
    if (!axis.can_show(mark.value)) continue;
    body += fmt::format(
        "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" style=\"fill:{};stroke:{};stroke-width:1.2;"
        "opacity:0.85\"><title>{}{}: {}</title></circle>",
        x(mark.value), coordinate(middle), mark.same_method ? 4.5 : 3.5,
        mark.verified ? (mark.same_method ? series_colour(2) : kMutedColour) : "none",
        mark.same_method ? series_colour(2) : kMutedColour, html_text(mark.name),
        mark.verified ? "" : " (not verified)", figure_text(mark.value));
  }
  if (chart.floor && axis.can_show(*chart.floor)) {
    body += fmt::format(
        "<line x1=\"{0}\" x2=\"{0}\" y1=\"4\" y2=\"{1}\" style=\"stroke:{2};stroke-width:2\">"
        "<title>floor: {3}</title></line>",
        x(*chart.floor), chart.height - 4, series_colour(3), figure_text(*chart.floor));
  }
  if (axis.can_show(chart.value)) {
    const double at = 8 + axis.position(chart.value) * (chart.width - 16);
    body += fmt::format(
        "<path d=\"M{0} {1}L{2} {3}L{0} {4}L{5} {3}Z\" style=\"fill:{6};stroke:{7};"
        "stroke-width:1.5\"><title>this run: {8}</title></path>",
        coordinate(at), coordinate(middle - 7), coordinate(at + 6), coordinate(middle),
        coordinate(middle + 7), coordinate(at - 6), series_colour(1), kSurfaceColour,
        figure_text(chart.value));
  }
  return svg_element(chart.width, chart.height, chart.title, body);
}

std::vector<double> smoothed(const std::vector<double>& values, std::size_t window) {
  std::vector<double> result(values.size(), std::nan(""));
  double sum = 0;
  std::size_t count = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (; end < values.size() && end <= i + window; ++end) {
      if (!std::isfinite(values[end])) continue;
      sum += values[end];
      ++count;
    }
    for (; begin + window < i; ++begin) {
      if (!std::isfinite(values[begin])) continue;
      sum -= values[begin];
      --count;
    }
    if (count > 0 && std::isfinite(sum)) result[i] = sum / static_cast<double>(count);
  }
  return result;
}

Curve thinned(const Curve& curve, std::size_t limit) {
  const std::size_t count = std::min(curve.x.size(), curve.y.size());
  if (count <= limit || limit < 4) return curve;
  Curve result = curve;
  result.x.clear();
  result.y.clear();
  const auto add = [&](std::size_t i) {
    result.x.push_back(curve.x[i]);
    result.y.push_back(curve.y[i]);
  };
  const std::size_t stretches = limit / 2;
  for (std::size_t s = 0; s < stretches; ++s) {
    std::size_t low = count;
    std::size_t high = count;
    for (std::size_t i = s * count / stretches; i < (s + 1) * count / stretches; ++i) {
      if (!std::isfinite(curve.y[i])) continue;
      if (low == count || curve.y[i] < curve.y[low]) low = i;
      if (high == count || curve.y[i] > curve.y[high]) high = i;
    }
    if (low == count) continue;
    add(std::min(low, high));
    if (low != high) add(std::max(low, high));
  }
  return result;
}

}  // namespace equigen::report
