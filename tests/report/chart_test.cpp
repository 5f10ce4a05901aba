// SPDX-License-Identifier: MIT
#include "equigen/report/chart.h"

#include <cmath>
#include <limits>

#include "catch.h"
#include "page_text.h"

using namespace equigen::report;
using equigen::testing::count_of;
using equigen::testing::markup_fault;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string draw(std::vector<double> x, std::vector<double> y,
                 AxisScale scale = AxisScale::automatic) {
  LineChart chart;
  chart.title = "a & b";
  chart.x_label = "step";
  chart.y_label = "loss";
  chart.y_scale = scale;
  chart.curves.push_back({"<curve>", std::move(x), std::move(y), 1, LineStyle::marked});
  return draw_line_chart(chart);
}

void check_drawing(const std::string& svg) {
  CAPTURE(svg);
  CHECK(markup_fault(svg).empty());
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find("inf\"") == std::string::npos);
  CHECK(svg.find("inf ") == std::string::npos);
}

std::vector<std::string> labels(const Axis& axis) {
  std::vector<std::string> result;
  for (const Tick& tick : axis.ticks()) result.push_back(tick.label);
  return result;
}

}  // namespace

TEST_CASE("an axis has round ticks that cover the data") {
  const Axis axis = Axis::covering({0.13, 0.97}, AxisScale::linear);
  CHECK(labels(axis) == std::vector<std::string>{"0", "0.2", "0.4", "0.6", "0.8", "1.0"});
  CHECK(axis.position(0.5) == Approx(0.5));
  CHECK(axis.position(-7) == 0);
  CHECK(labels(Axis::covering({0, 20000}, AxisScale::linear, 4)) ==
        std::vector<std::string>{"0", "5k", "10k", "15k", "20k"});
}

TEST_CASE("an axis turns logarithmic when the data span decades") {
  const Axis axis = Axis::covering({1e-4, 1}, AxisScale::automatic);
  CHECK(axis.is_logarithmic());
  CHECK(labels(axis) == std::vector<std::string>{"0.0001", "0.001", "0.01", "0.1", "1"});
  CHECK_FALSE(Axis::covering({1, 2}, AxisScale::automatic).is_logarithmic());
  CHECK_FALSE(Axis::covering({-1, 1000}, AxisScale::automatic).is_logarithmic());
  CHECK_FALSE(axis.can_show(0));
}

TEST_CASE("labels of very small and large ticks are powers of ten") {
  CHECK(tick_label(1e-6, 0) == "10⁻⁶");
  CHECK(tick_label(2e-6, 0) == "2·10⁻⁶");
  CHECK(tick_label(3e12, 1e12) == "3·10¹²");
  CHECK(tick_label(1.5e6, 5e5) == "1.5M");
  CHECK(tick_label(0, 1) == "0");
}

TEST_CASE("charts stand constant, missing, huge and broken data") {
  check_drawing(draw({}, {}));
  check_drawing(draw({1}, {2}));
  check_drawing(draw({1, 2, 3}, {5, 5, 5}));
  check_drawing(draw({1, 2, 3}, {0, 0, 0}));
  check_drawing(draw({1, 2, 3}, {0, 0, 0}, AxisScale::logarithmic));
  check_drawing(draw({1, 2, 3}, {std::nan(""), std::nan(""), std::nan("")}));
  check_drawing(draw({1, 2, 3, 4}, {1, std::nan(""), kInfinity, 2}));
  check_drawing(draw({1, 2}, {-1e308, 1e308}));
  check_drawing(draw({1, 2}, {-1e299, 1e299}));
  check_drawing(draw({1, 2}, {1e-308, 1e299}));
  check_drawing(draw({5, 5}, {1, 2}));
  check_drawing(draw({1, 2, 3}, {1}));
}

TEST_CASE("a gap in the data is a gap in the curve") {
  const std::string svg = draw({1, 2, 3, 4}, {1, std::nan(""), 2, 3});
  const std::string path = svg.substr(svg.find("<path d=\""));
  CHECK(count_of(path.substr(0, path.find("style")), "M") == 2);
}

TEST_CASE("texts of charts are escaped") {
  const std::string svg = draw({1, 2}, {1, 2});
  CHECK(svg.find("<curve>") == std::string::npos);
  CHECK_THAT(svg, ContainsSubstring("&lt;curve&gt;"));
  CHECK_THAT(svg, ContainsSubstring("a &amp; b"));
}

TEST_CASE("share charts and histograms stand empty and odd input") {
  check_drawing(draw_share_chart({"t", "x", {}, {}, {}}));
  check_drawing(draw_share_chart({"t", "x", {"<a>"}, {}, {1}}));
  check_drawing(draw_share_chart({"t", "x", {"a", "b"}, {0.5, std::nan("")}, {1}}));
  check_drawing(draw_histogram({"t", "x", {}, {}, {}}));
  check_drawing(draw_histogram({"t", "x", {0, 1, 2}, {0.5, 0.5}, {}}));
  check_drawing(draw_histogram({"t", "x", {0, 1, 2}, {}, {std::nan(""), 1}}));
  std::vector<std::string> many(500, "class");
  check_drawing(draw_share_chart({"t", "x", many, std::vector<double>(500, 0.002), {}}));
}

TEST_CASE("strips stand equal, missing and unverified figures") {
  check_drawing(draw_strip({"t", 1, {}, {}}));
  check_drawing(draw_strip({"t", 0, 0.0, {{"A", 0, true, false}}}));
  check_drawing(draw_strip({"t", 1, std::nan(""), {{"<A>", kInfinity, false, true}}}));
  CHECK_THAT(draw_strip({"t", 1, {}, {{"A", 2, false, false}}}), ContainsSubstring("not verified"));
}

TEST_CASE("smoothing keeps constants and skips what is not finite") {
  CHECK(smoothed({}, 3).empty());
  CHECK(smoothed({2, 2, 2, 2}, 1) == std::vector<double>{2, 2, 2, 2});
  const auto values = smoothed({1, std::nan(""), 3}, 1);
  CHECK(values[0] == 1);
  CHECK(values[1] == 2);
  CHECK(values[2] == 3);
  CHECK(smoothed({0, 3, 6}, 1) == std::vector<double>{1.5, 3, 4.5});
}

TEST_CASE("thinning keeps peaks") {
  Curve curve;
  for (int i = 0; i < 100000; ++i) {
    curve.x.push_back(i);
    curve.y.push_back(i == 54321 ? 9 : 1);
  }
  const Curve thin = thinned(curve, 700);
  CHECK(thin.x.size() <= 700);
  CHECK(*std::max_element(thin.y.begin(), thin.y.end()) == 9);
  CHECK(thinned({"", {1, 2}, {3, 4}}, 700).x.size() == 2);
}
