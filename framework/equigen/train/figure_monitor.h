// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace equigen {

/// Watches one figure ("validation/loss", "metric/NAME") for its best value.
class FigureMonitor {
 public:
  /// `direction`: "lower" or "higher" is better.
  FigureMonitor(std::string name, const std::string& direction, double minimum_change = 0)
      : name_(std::move(name)), higher_(direction == "higher"), minimum_change_(minimum_change) {}

  const std::string& name() const { return name_; }

  /// Takes a new value; true when it is the best so far. NaN never is.
  bool observe(double value);
  std::optional<double> best() const { return best_; }
  /// Values since the best one.
  std::int64_t stalled() const { return stalled_; }

  nlohmann::json state() const;
  void load_state(const nlohmann::json& state);

 private:
  std::string name_;
  bool higher_;
  double minimum_change_;
  std::optional<double> best_;
  std::int64_t stalled_ = 0;
};

}  // namespace equigen
