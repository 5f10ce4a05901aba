// SPDX-License-Identifier: MIT
#include "equigen/report/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace equigen::report {

namespace {

/// The number 1, 2 or 5 times a power of ten nearest above `rough`.
double round_step(double rough) {
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double share = rough / power;
  const double factor = share <= 1.0001 ? 1 : share <= 2.0001 ? 2 : share <= 5.0001 ? 5 : 10;
  return factor * power;
}

std::string superscript(int exponent) {
  static constexpr const char* digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "⁻" : "";
  for (const char c : std::to_string(std::abs(exponent))) text += digits[c - '0'];
  return text;
}

std::string without_trailing_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

struct Range {
  double lower = std::numeric_limits<double>::infinity();
  double upper = -std::numeric_limits<double>::infinity();
  bool empty() const { return lower > upper; }
};

/// Values beyond these cannot be subtracted or divided without leaving the range of doubles.
constexpr double kLargest = 1e300;
constexpr double kSmallestPositive = 1e-300;

Range range_of(const std::vector<double>& values, bool positive_only) {
  Range range;
  for (const double value : values) {
    if (!std::isfinite(value) || std::abs(value) > kLargest ||
        (positive_only && value < kSmallestPositive))
      continue;
    range.lower = std::min(range.lower, value);
    range.upper = std::max(range.upper, value);
  }
  return range;
}

}  // namespace

std::string tick_label(double value, double step) {
  const double size = std::abs(value);
  if (size == 0 || (step > 0 && size < step * 1e-6)) return "0";
  const int exponent = static_cast<int>(std::floor(std::log10(size) + 1e-9));
  if (exponent < -4 || exponent > 8) {
    const double mantissa = value / std::pow(10.0, exponent);
    const std::string power = "10" + superscript(exponent);
    const std::string factor = without_trailing_zeros(fmt::format("{:.2f}", mantissa));
    return factor == "1" ? power : factor + "·" + power;
  }
  const auto scaled = [&](double unit, const char* suffix) {
    return without_trailing_zeros(fmt::format("{:.3f}", value / unit)) + suffix;
  };
  if (size >= 1e6) return scaled(1e6, "M");
  if (size >= 1e4 || (size >= 1e3 && step >= 500)) return scaled(1e3, "k");
  const int decimals =
      step > 0 ? std::clamp(-static_cast<int>(std::floor(std::log10(step) + 1e-9)), 0, 8)
               : std::max(0, -exponent);
  return fmt::format("{:.{}f}", value, decimals);
}

Axis Axis::covering(const std::vector<double>& values, AxisScale scale, int wanted_ticks,
                    bool from_zero) {
  const Range all = range_of(values, false);
  const Range positive = range_of(values, true);
  const bool spans_decades = !all.empty() && all.lower > 0 && all.upper > 50 * all.lower;
  const bool logarithmic = scale == AxisScale::logarithmic ||
                           (scale == AxisScale::automatic && !from_zero && spans_decades);
  if (logarithmic && !positive.empty()) {
    const double margin = std::exp(0.04 * (std::log(positive.upper) - std::log(positive.lower)));

    Axis axis(std::max(positive.lower / margin, 1e-305), std::min(positive.upper * margin, 1e305),
              true);
    if (positive.upper < positive.lower * 1.5) {
      axis.lower_ = positive.lower / 2;
      axis.upper_ = positive.upper * 2;
    }
    axis.place_logarithmic_ticks(wanted_ticks);
    return axis;
  }
  if (all.empty()) return exactly(0, 1, wanted_ticks);
  double lower = from_zero ? std::min(0.0, all.lower) : all.lower;
  double upper = from_zero ? std::max(0.0, all.upper) : all.upper;
  if (upper - lower <= 1e-12 * std::max(std::abs(lower), std::abs(upper))) {
    const double half = lower == 0 ? 0.5 : std::abs(lower) * 0.1;
    if (!from_zero) lower -= half;
    upper += half;
  }
  const double step = round_step((upper - lower) / wanted_ticks);
  Axis axis(std::floor(lower / step + 1e-9) * step, std::ceil(upper / step - 1e-9) * step, false);
  axis.place_linear_ticks(step);
  return axis;
}

Axis Axis::exactly(double lower, double upper, int wanted_ticks) {
  Axis axis(lower, upper > lower ? upper : lower + 1, false);
  axis.place_linear_ticks(round_step((axis.upper_ - axis.lower_) / wanted_ticks));
  return axis;
}

double Axis::position(double value) const {
  const double share =
      logarithmic_ ? (std::log(value) - std::log(lower_)) / (std::log(upper_) - std::log(lower_))
                   : (value - lower_) / (upper_ - lower_);
  return std::clamp(share, 0.0, 1.0);
}

bool Axis::can_show(double value) const {
  return std::isfinite(value) && std::abs(value) <= kLargest &&
         (!logarithmic_ || value >= kSmallestPositive);
}

void Axis::place_linear_ticks(double step) {
  const double first = std::ceil(lower_ / step - 1e-9);
  for (int i = 0; i < 100; ++i) {
    const double value = (first + i) * step;
    if (value > upper_ + step * 1e-6) break;
    ticks_.push_back({value, tick_label(value, step)});
  }
}

void Axis::place_logarithmic_ticks(int wanted_ticks) {
  const int first = static_cast<int>(std::floor(std::log10(lower_)));
  const int last = static_cast<int>(std::ceil(std::log10(upper_)));
  const double decades = std::log10(upper_) - std::log10(lower_);
  const int stride = std::max(1, static_cast<int>(std::ceil(decades / wanted_ticks)));
  const std::vector<double> factors = decades < 1.2   ? std::vector<double>{1, 2, 3, 5, 7}
                                      : decades < 2.6 ? std::vector<double>{1, 2, 5}
                                                      : std::vector<double>{1};
  for (int exponent = first; exponent <= last; ++exponent) {
    if (factors.size() == 1 && exponent % stride != 0) continue;
    for (const double factor : factors) {
      const double value = factor * std::pow(10.0, exponent);
      if (value >= lower_ && value <= upper_) ticks_.push_back({value, tick_label(value, 0)});
    }
  }
}

}  // namespace equigen::report
