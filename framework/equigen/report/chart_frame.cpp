// SPDX-License-Identifier: MIT
#include "equigen/report/chart_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "equigen/report/html.h"

namespace equigen::report {

namespace {

constexpr double kFontSize = 11.5;

/// Characters of UTF-8 text (continuation bytes are not counted).
std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Width of a text in the page's sans-serif font, good enough to keep labels apart.
double text_width(std::string_view text) {
  return static_cast<double>(character_count(text)) * kFontSize * 0.56;
}

std::string text_at(double x, double y, std::string_view anchor, std::string_view colour,
                    std::string_view content) {
  return fmt::format("<text x=\"{}\" y=\"{}\" style=\"text-anchor:{};fill:{}\">{}</text>",
                     coordinate(x), coordinate(y), anchor, colour, html_text(content));
}

std::string line(double x1, double y1, double x2, double y2, std::string_view colour) {
  return fmt::format(
      "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" style=\"stroke:{};stroke-width:1\"/>",
      coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2), colour);
}

}  // namespace

std::string_view series_colour(int index) {
  static constexpr std::array<std::string_view, 7> colours = {
      "var(--reference,#c3cad3)", "var(--series-1,#0072b2)", "var(--series-2,#d55e00)",
      "var(--series-3,#009e73)",  "var(--series-4,#b0568f)", "var(--series-5,#a67c00)",
      "var(--series-6,#3f8fc4)"};
  if (index <= 0) return colours[0];
  return colours[1 + static_cast<std::size_t>(index - 1) % 6];
}

std::string svg_element(int width, int height, std::string_view title, std::string_view body) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" role=\"img\" aria-label=\"{2}\" style=\"max-width:100%;height:auto;"
      "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:{3}px\">{4}"
      "</svg>",
      width, height, html_text(title), kFontSize, body);
}

ChartFrame::ChartFrame(int width, int height, const Axis& y, bool has_legend)
    : width_(width), height_(height) {
  double widest = 0;
  for (const Tick& tick : y.ticks()) widest = std::max(widest, text_width(tick.label));
  left_ = std::ceil(widest) + 30;
  right_ = width - 14;
  top_ = has_legend ? 34 : 12;
  bottom_ = height - 44;
}

double ChartFrame::x(const Axis& axis, double value) const {
  return left_ + axis.position(value) * (right_ - left_);
}

double ChartFrame::y(const Axis& axis, double value) const {
  return bottom_ - axis.position(value) * (bottom_ - top_);
}

std::string ChartFrame::draw_y_axis(const Axis& axis, std::string_view label) const {
  std::string result;
  for (const Tick& tick : axis.ticks()) {
    const double at = y(axis, tick.value);
    result += line(left_, at, right_, at, kGridColour);
    result += text_at(left_ - 7, at + 4, "end", kMutedColour, tick.label);
  }
  if (label.empty()) return result;
  const double middle = (top_ + bottom_) / 2;
  result += fmt::format(
      "<text transform=\"translate(12 {}) rotate(-90)\" style=\"text-anchor:middle;fill:{}\">{}"
      "</text>",
      coordinate(middle), kTextColour, html_text(label));
  return result;
}

std::string ChartFrame::draw_x_axis(const Axis& axis, std::string_view label) const {
  std::string result = line(left_, bottom_, right_, bottom_, kMutedColour);
  for (const Tick& tick : axis.ticks()) {
    const double at = x(axis, tick.value);
    result += line(at, bottom_, at, bottom_ + 4, kMutedColour);
    const double half = text_width(tick.label) / 2;
    const double inside = std::min(at, width_ - 2 - half);
    result += text_at(inside, bottom_ + 17, "middle", kMutedColour, tick.label);
  }
  return result + text_at((left_ + right_) / 2, height_ - 8, "middle", kTextColour, label);
}

std::string ChartFrame::draw_classes(const std::vector<std::string>& labels,
                                     std::string_view label) const {
  std::string result = line(left_, bottom_, right_, bottom_, kMutedColour);
  const double step =
      (right_ - left_) / static_cast<double>(std::max<std::size_t>(1, labels.size()));
  double widest = 0;
  for (const std::string& text : labels) widest = std::max(widest, text_width(text));
  const auto stride =
      static_cast<std::size_t>(std::max(1.0, std::ceil((widest + 5) / std::max(step, 0.01))));
  for (std::size_t i = 0; i < labels.size(); i += stride) {
    const double at = left_ + (static_cast<double>(i) + 0.5) * step;
    result += text_at(at, bottom_ + 17, "middle", kMutedColour, labels[i]);
  }
  return result + text_at((left_ + right_) / 2, height_ - 8, "middle", kTextColour, label);
}

std::string ChartFrame::draw_legend(const std::vector<LegendEntry>& entries) const {
  std::string result;
  double at = left_;
  for (const LegendEntry& entry : entries) {
    const double width = 22 + text_width(entry.name) + 16;
    if (at + width > width_ + 16 && at > left_) break;
    result += fmt::format(
        "<rect x=\"{}\" y=\"10\" width=\"14\" height=\"{}\" rx=\"1.5\" "
        "style=\"fill:{};opacity:{}\"/>",
        coordinate(at), entry.faint ? 4 : 6, series_colour(entry.colour), entry.faint ? 0.45 : 1);
    result += text_at(at + 20, 17, "start", kTextColour, entry.name);
    at += width;
  }
  return result;
}

std::string ChartFrame::draw_message(std::string_view text) const {
  return text_at((left_ + right_) / 2, (top_ + bottom_) / 2, "middle", kMutedColour, text);
}

std::string ChartFrame::wrap(std::string_view title, std::string_view body) const {
  return svg_element(width_, height_, title, body);
}

}  // namespace equigen::report
