// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "equigen/data/sample.h"

namespace equigen {

/// Means and standard deviations of a data set's lattices, axis by axis; what processes on lattices
/// scale by.
struct LatticeStatistics {
  std::array<double, 3> length_mean{};       ///< Å
  std::array<double, 3> length_deviation{};  ///< Å
  std::array<double, 3> log_length_mean{};   ///< of natural logarithms
  std::array<double, 3> log_length_deviation{};
  std::array<double, 3> angle_logit_mean{};  ///< of angle_logit()
  std::array<double, 3> angle_logit_deviation{};
  /// Å, of the nine components of all lattice vectors in the standard orientation about their mean.
  double vector_deviation = 0;

  nlohmann::json to_json() const;
  /// Throws nlohmann::json::exception.
  static LatticeStatistics from_json(const nlohmann::json& json);
  bool operator==(const LatticeStatistics&) const = default;
};

/// Angles of reduced cells lie in this open interval, degrees.
inline constexpr double kSmallestReducedAngle = 59.9;
inline constexpr double kLargestReducedAngle = 120.1;
/// Shares of that interval are taken to lie so far from its ends, so that logits are finite.
inline constexpr double kReducedAngleMargin = 1e-4;

/// The real number that an angle in that interval is mapped to: log(u / (1 - u)), u its share of
/// the interval (FlowMM, Miller et al. 2024). Angles outside count as just inside.
double angle_logit(double degrees);

/// Of the crystals among the samples; all zero when there is none.
LatticeStatistics lattice_statistics(const std::vector<Sample>& samples);

}  // namespace equigen
