// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equigen/report/chart.h"
#include "equigen/report/chart_frame.h"
#include "equigen/report/html.h"

namespace equigen::report {

namespace {

Axis share_axis(const std::vector<double>& reference, const std::vector<double>& generated) {
  std::vector<double> percent;
  for (const double share : reference) percent.push_back(100 * share);
  for (const double share : generated) percent.push_back(100 * share);
  if (percent.empty()) return Axis::exactly(0, 100);
  return Axis::covering(percent, AxisScale::linear, 4, true);
}

std::vector<LegendEntry> legend_of(const std::vector<double>& reference, bool single_set) {
  if (single_set) return {};
  if (reference.empty()) return {{"generated", 1, false}};
  return {{"generated", 1, false}, {"reference", 0, false}};
}

std::string percent_text(double share) {
  return std::isfinite(share) ? fmt::format("{:.3g} %", 100 * share) : "–";
}

struct Bar {
  double left;
  double width;
  double share;
  int colour;
  std::string label;
};

std::string draw_bar(const Bar& bar, const ChartFrame& frame, const Axis& y) {
  if (!(bar.share > 0) || !std::isfinite(bar.share)) return {};
  const double top = frame.y(y, 100 * bar.share);
  return fmt::format(
      "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" style=\"fill:{}\"><title>{}: {}</title>"
      "</rect>",
      coordinate(bar.left), coordinate(top), coordinate(bar.width),
      coordinate(std::max(0.5, frame.bottom() - top)), series_colour(bar.colour),
      html_text(bar.label), percent_text(bar.share));
}

/// The generated shares as one stepped outline with a light filling.
std::string draw_steps(const std::vector<double>& shares, const ChartFrame& frame, const Axis& y) {
  if (shares.empty()) return {};
  const double step = (frame.right() - frame.left()) / static_cast<double>(shares.size());
  std::string path = fmt::format("M{} {}", coordinate(frame.left()), coordinate(frame.bottom()));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double left = frame.left() + static_cast<double>(i) * step;
    const std::string level =
        coordinate(frame.y(y, std::isfinite(shares[i]) ? 100 * shares[i] : 0));
    path += fmt::format("L{} {}L{} {}", coordinate(left), level, coordinate(left + step), level);
  }
  path += fmt::format("L{} {}", coordinate(frame.right()), coordinate(frame.bottom()));
  return fmt::format(
      "<path d=\"{}\" style=\"fill:{};fill-opacity:0.14;stroke:{};stroke-width:1.8\"/>", path,
      series_colour(1), series_colour(1));
}

}  // namespace

std::string draw_share_chart(const ShareChart& chart) {
  const Axis y = share_axis(chart.reference, chart.generated);
  const ChartFrame frame(chart.width, chart.height, y, true);
  std::string body = frame.draw_y_axis(y, "share (%)") +
                     frame.draw_classes(chart.classes, chart.x_label) +
                     frame.draw_legend(legend_of(chart.reference, chart.single_set));
  if (chart.classes.empty()) return frame.wrap(chart.title, body + frame.draw_message("no data"));
  const double step = (frame.right() - frame.left()) / static_cast<double>(chart.classes.size());
  const auto bars = [&](const std::vector<double>& shares, double part, int colour,
                        const std::string& name) {
    const double width = std::min(step * part, 60 * part);
    for (std::size_t i = 0; i < std::min(shares.size(), chart.classes.size()); ++i) {
      const double middle = frame.left() + (static_cast<double>(i) + 0.5) * step;
      body += draw_bar({middle - width / 2, width, shares[i], colour,
                        fmt::format("{}, {}", chart.classes[i], name)},
                       frame, y);
    }
  };
  bars(chart.reference, 0.84, 0, "reference");
  bars(chart.generated, 0.42, 1, chart.single_set ? "share" : "generated");
  return frame.wrap(chart.title, body);
}

std::string draw_histogram(const HistogramChart& chart) {
  const Axis y = share_axis(chart.reference, chart.generated);
  const ChartFrame frame(chart.width, chart.height, y, true);
  if (chart.edges.size() < 2) {
    return frame.wrap(chart.title,
                      frame.draw_y_axis(y, "share (%)") + frame.draw_message("no data"));
  }
  const Axis x = Axis::exactly(chart.edges.front(), chart.edges.back());
  std::string body = frame.draw_y_axis(y, "share (%)") + frame.draw_x_axis(x, chart.x_label) +
                     frame.draw_legend(legend_of(chart.reference, chart.single_set));
  for (std::size_t i = 0; i + 1 < chart.edges.size() && i < chart.reference.size(); ++i) {
    const double left = frame.x(x, chart.edges[i]);
    const double right = frame.x(x, chart.edges[i + 1]);
    body += draw_bar({left + 0.5, std::max(0.5, right - left - 1), chart.reference[i], 0,
                      fmt::format("{} to {}, reference", figure_text(chart.edges[i]),
                                  figure_text(chart.edges[i + 1]))},
                     frame, y);
  }
  return frame.wrap(chart.title, body + draw_steps(chart.generated, frame, y));
}

}  // namespace equigen::report
