// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "equigen/report/axis.h"

/// Charts as static SVG text. Colours are CSS variables with a fallback (--series-1 ...), so a page
/// decides light and dark; a chart that stands alone is drawn in the light colours. All texts are
/// escaped here. Values that are not finite leave a gap.
namespace equigen::report {

enum class LineStyle { line, faint, marked };

/// One curve. x and y have the same length.
struct Curve {
  std::string name;  ///< in the legend; an empty one has no entry there
  std::vector<double> x;
  std::vector<double> y;
  int colour = 1;  ///< 1..6, of the colour-blind safe palette; 0: the neutral grey
  LineStyle style = LineStyle::line;
};

struct LineChart {
  std::string title;
  std::string x_label;
  std::string y_label;
  AxisScale y_scale = AxisScale::automatic;
  std::vector<Curve> curves;
  int width = 560;
  int height = 300;
};

std::string draw_line_chart(const LineChart& chart);

/// Shares of two sets over the same classes: the reference as wide grey bars, the generated set as
/// narrow coloured bars in front of it.
struct ShareChart {
  std::string title;
  std::string x_label;
  std::vector<std::string> classes;  ///< one label a bar; thinned out when there are many
  std::vector<double> reference;     ///< shares in [0, 1]; may be empty
  std::vector<double> generated;
  int width = 360;
  int height = 240;
  bool single_set = false;  ///< `generated` is all there is: no legend
};

std::string draw_share_chart(const ShareChart& chart);

/// The same for a continuous quantity: classes between `edges` (one more than shares).
struct HistogramChart {
  std::string title;
  std::string x_label;
  std::vector<double> edges;
  std::vector<double> reference;
  std::vector<double> generated;
  int width = 360;
  int height = 240;
  bool single_set = false;  ///< as above
};

std::string draw_histogram(const HistogramChart& chart);

/// One figure on a line: this run, the floor, and what others published.
struct StripChart {
  std::string title;  ///< read by screen readers
  double value = 0;
  std::optional<double> floor;
  struct Mark {
    std::string name;
    double value = 0;
    bool verified = true;
    bool same_method = false;
  };
  std::vector<Mark> published;
  int width = 190;
  int height = 30;
};

std::string draw_strip(const StripChart& chart);

/// Averages of `values` over a window of about `window` points on both sides, for a smooth curve
/// over a noisy one. Values that are not finite are left out of the averages.
std::vector<double> smoothed(const std::vector<double>& values, std::size_t window);

/// At most `limit` points of a curve: of each stretch the lowest and the highest, so that peaks
/// stay visible. Points that are not finite are dropped where the curve is thinned.
Curve thinned(const Curve& curve, std::size_t limit);

}  // namespace equigen::report
