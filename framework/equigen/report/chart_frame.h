// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "equigen/report/axis.h"

namespace equigen::report {

inline constexpr std::string_view kTextColour = "var(--text,#1c2430)";
inline constexpr std::string_view kMutedColour = "var(--muted,#667080)";
inline constexpr std::string_view kGridColour = "var(--line,#d9dde3)";
inline constexpr std::string_view kSurfaceColour = "var(--surface,#ffffff)";
inline constexpr std::string_view kReferenceColour = "var(--reference,#c3cad3)";

/// Colour `index` of the palette as a CSS value: Okabe and Ito's, safe for the common forms of
/// colour blindness; 0 is the neutral grey of reference sets.
std::string_view series_colour(int index);

/// An `<svg>` that scales with its place and is announced as an image named `title`.
std::string svg_element(int width, int height, std::string_view title, std::string_view body);

struct LegendEntry {
  std::string name;
  int colour = 1;
  bool faint = false;
};

/// The plotting area of a chart: margins, axes with ticks and labels, legend.
class ChartFrame {
 public:
  /// The left margin fits the labels of `y`.
  ChartFrame(int width, int height, const Axis& y, bool has_legend);

  double left() const { return left_; }
  double right() const { return right_; }
  double top() const { return top_; }
  double bottom() const { return bottom_; }
  double x(const Axis& axis, double value) const;
  double y(const Axis& axis, double value) const;

  std::string draw_y_axis(const Axis& axis, std::string_view label) const;
  std::string draw_x_axis(const Axis& axis, std::string_view label) const;
  /// Labels in the middle of equally wide classes; every k-th where they would touch.
  std::string draw_classes(const std::vector<std::string>& labels, std::string_view label) const;
  std::string draw_legend(const std::vector<LegendEntry>& entries) const;
  std::string draw_message(std::string_view text) const;
  std::string wrap(std::string_view title, std::string_view body) const;

 private:
  int width_;
  int height_;
  double left_;
  double right_;
  double top_;
  double bottom_;
};

}  // namespace equigen::report
