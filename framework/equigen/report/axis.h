// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace equigen::report {

enum class AxisScale { automatic, linear, logarithmic };

struct Tick {
  double value = 0;
  std::string label;
};

/// Maps values to [0, 1] and knows where its ticks stand.
class Axis {
 public:
  /// Covers the finite values of `values`, widened to round numbers. automatic: logarithmic when
  /// all are positive and span more than a factor of 50. Values that are not finite (or, on a
  /// logarithmic axis, not positive) are ignored; with none left the axis is [0, 1].
  static Axis covering(const std::vector<double>& values, AxisScale scale, int wanted_ticks = 5,
                       bool from_zero = false);
  /// Exactly [lower, upper], linear.
  static Axis exactly(double lower, double upper, int wanted_ticks = 5);

  double lower() const { return lower_; }
  double upper() const { return upper_; }
  bool is_logarithmic() const { return logarithmic_; }
  const std::vector<Tick>& ticks() const { return ticks_; }
  /// Position in [0, 1]; values outside are clamped.
  double position(double value) const;
  /// False for values that cannot be drawn here.
  bool can_show(double value) const;

 private:
  Axis(double lower, double upper, bool logarithmic) noexcept
      : lower_(lower), upper_(upper), logarithmic_(logarithmic) {}
  void place_linear_ticks(double step);
  void place_logarithmic_ticks(int wanted_ticks);

  double lower_ = 0;
  double upper_ = 1;
  bool logarithmic_ = false;
  std::vector<Tick> ticks_;
};

/// A label for a tick: "0.25", "10k", "1.5M", "10⁻⁵". `step` is the distance of the ticks (0:
/// unknown) and decides how many decimals are needed.
std::string tick_label(double value, double step);

}  // namespace equigen::report
