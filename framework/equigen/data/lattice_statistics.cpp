// SPDX-License-Identifier: MIT
#include "equigen/data/lattice_statistics.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace equigen {
namespace {

/// Mean and standard deviation of numbers as they come (Welford).
class Moments {
 public:
  void add(double value) {
    ++count_;
    const double change = value - mean_;
    mean_ += change / static_cast<double>(count_);
    squares_ += change * (value - mean_);
  }
  double mean() const { return mean_; }
  double deviation() const {
    return count_ == 0 ? 0 : std::sqrt(squares_ / static_cast<double>(count_));
  }

 private:
  std::int64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

}  // namespace

nlohmann::json LatticeStatistics::to_json() const {
  return {{"length_mean", length_mean},           {"length_deviation", length_deviation},
          {"log_length_mean", log_length_mean},   {"log_length_deviation", log_length_deviation},
          {"angle_logit_mean", angle_logit_mean}, {"angle_logit_deviation", angle_logit_deviation},
          {"vector_deviation", vector_deviation}};
}

LatticeStatistics LatticeStatistics::from_json(const nlohmann::json& json) {
  LatticeStatistics statistics;
  json.at("length_mean").get_to(statistics.length_mean);
  json.at("length_deviation").get_to(statistics.length_deviation);
  json.at("log_length_mean").get_to(statistics.log_length_mean);
  json.at("log_length_deviation").get_to(statistics.log_length_deviation);
  json.at("angle_logit_mean").get_to(statistics.angle_logit_mean);
  json.at("angle_logit_deviation").get_to(statistics.angle_logit_deviation);
  json.at("vector_deviation").get_to(statistics.vector_deviation);
  return statistics;
}

double angle_logit(double degrees) {
  const double share =
      std::clamp((degrees - kSmallestReducedAngle) / (kLargestReducedAngle - kSmallestReducedAngle),
                 kReducedAngleMargin, 1 - kReducedAngleMargin);
  return std::log(share / (1 - share));
}

LatticeStatistics lattice_statistics(const std::vector<Sample>& samples) {
  std::array<Moments, 3> lengths;
  std::array<Moments, 3> logarithms;
  std::array<Moments, 3> angles;
  Moments components;
  for (const Sample& sample : samples) {
    const auto* crystal = std::get_if<Crystal>(&sample.structure);
    if (crystal == nullptr) continue;
    const LatticeParameters parameters = crystal->lattice.parameters();
    for (std::size_t axis = 0; axis < 3; ++axis) {
      lengths[axis].add(parameters.lengths[axis]);
      logarithms[axis].add(std::log(std::max(parameters.lengths[axis], 1e-6)));
      angles[axis].add(angle_logit(parameters.angles[axis]));
    }
    const Lattice standard = Lattice::from_parameters(parameters);
    for (const Vector3& row : standard.vectors()) {
      for (const double component : row) components.add(component);
    }
  }
  LatticeStatistics statistics;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    statistics.length_mean[axis] = lengths[axis].mean();
    statistics.length_deviation[axis] = lengths[axis].deviation();
    statistics.log_length_mean[axis] = logarithms[axis].mean();
    statistics.log_length_deviation[axis] = logarithms[axis].deviation();
    statistics.angle_logit_mean[axis] = angles[axis].mean();
    statistics.angle_logit_deviation[axis] = angles[axis].deviation();
  }
  statistics.vector_deviation = components.deviation();
  return statistics;
}

}  // namespace equigen
