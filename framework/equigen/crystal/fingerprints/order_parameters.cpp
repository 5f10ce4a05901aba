// SPDX-License-Identifier: MIT
#include "equigen/crystal/fingerprints/order_parameters.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "equigen/crystal/matrix3.h"

namespace equigen {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kOnAxis = 1e-12;  // a shorter part perpendicular to the axis has no direction

double gaussian(double x) {
  return std::exp(-x * x / 2);
}

/// cos(kφ) from cos(φ), by Chebyshev's recurrence.
double cosine_of_multiple(int k, double cosine) {
  double before = 1, current = cosine;
  for (int i = 1; i < k; ++i) before = std::exchange(current, 2 * cosine * current - before);
  return current;
}

/// cos²(fφ) from cos(φ), for f a multiple of one half.
double squared_cosine(double fold, double cosine) {
  return (1 + cosine_of_multiple(static_cast<int>(std::lround(2 * fold)), cosine)) / 2;
}

/// Sum of the terms of one pair of neighbours and their count.
struct Sum {
  double value = 0;
  double count = 0;

  void add(double term, double weight = 1) {
    value += weight * term;
    count += weight;
  }
};

double legendre(int degree, double x) {
  double before = 1, current = x;
  for (int l = 2; l <= degree; ++l) {
    const double next = ((2 * l - 1) * x * current - (l - 1) * before) / l;
    before = current;
    current = next;
  }
  return current;
}

}  // namespace

NeighbourDirections::NeighbourDirections(std::span<const Vector3> vectors)
    : n_(vectors.size()), cosine_(n_ * n_), theta_(n_ * n_), across_(n_ * n_), off_axis_(n_ * n_) {
  std::vector<Vector3> unit;
  for (const Vector3& vector : vectors) unit.push_back(scaled(vector, 1 / norm(vector)));
  for (std::size_t j = 0; j < n_; ++j)
    for (std::size_t k = 0; k < n_; ++k) {
      const double cosine = std::clamp(dot(unit[j], unit[k]), -1.0, 1.0);
      cosine_[j * n_ + k] = cosine;
      theta_[j * n_ + k] = std::acos(cosine);
      const Vector3 part = difference(unit[k], scaled(unit[j], cosine));
      const double length = norm(part);
      if (k == j || length <= kOnAxis) continue;
      off_axis_[j * n_ + k] = 1;
      across_[j * n_ + k] = scaled(part, 1 / length);
    }
}

template <typename Function>
std::vector<double> NeighbourDirections::of_angles(const Function& function) const {
  std::vector<double> values(theta_.size());
  std::ranges::transform(theta_, values.begin(), function);
  return values;
}

/// Of the angle of m around the axis j from the meridian of k.
double NeighbourDirections::cosine_of_phi(std::size_t jk, std::size_t jm) const {
  return std::clamp(dot(across_[jk], across_[jm]), -1.0, 1.0);
}

/// The largest mean over ordered pairs (j, k). `pair_term(sum, jk)` adds the term of the pair,
/// `triple_term(sum, jk, jm)` that of each third neighbour where k defines a meridian.
template <typename PairTerm, typename TripleTerm>
double NeighbourDirections::best_pair(const PairTerm& pair_term,
                                      const TripleTerm& triple_term) const {
  double best = 0;
  for (std::size_t j = 0; j < n_; ++j)
    for (std::size_t k = 0; k < n_; ++k) {
      if (j == k) continue;
      Sum sum;
      const std::size_t jk = j * n_ + k;
      pair_term(sum, jk);
      for (std::size_t m = 0; m < n_ && off_axis_[jk]; ++m)
        if (m != j && m != k) triple_term(sum, jk, j * n_ + m);
      if (sum.count > 0) best = std::max(best, sum.value / sum.count);
    }
  return best;
}

double NeighbourDirections::bent(const OrderParameter& p) const {
  Sum sum;
  for (std::size_t j = 0; j < n_; ++j)
    for (std::size_t k = 0; k < n_; ++k)
      if (j != k) sum.add(gaussian(p.inverse_width * (theta_[j * n_ + k] / kPi - p.target_angle)));
  return sum.value / sum.count;
}

double NeighbourDirections::tetrahedral(const OrderParameter& p) const {
  const double target = p.kind == OrderParameterKind::pyramid ? 0.5 : p.target_angle;
  const auto near =
      of_angles([&](double theta) { return gaussian(p.inverse_width * (theta / kPi - target)); });
  return best_pair([&](Sum& sum, std::size_t jk) { sum.add(near[jk]); },
                   [&](Sum& sum, std::size_t jk, std::size_t jm) {
                     if (off_axis_[jm])
                       sum.add(squared_cosine(p.fold, cosine_of_phi(jk, jm)) * near[jm]);
                   });
}

double NeighbourDirections::bipyramid(const OrderParameter& p) const {
  const bool planar = p.kind == OrderParameterKind::hexagonal_planar;
  const double least_cosine = p.kind == OrderParameterKind::see_saw ? std::cos(0.75 * kPi) : -2.0;
  const auto near = of_angles([&](double theta) {
    if (theta >= p.south) return gaussian(p.south_width * (theta / kPi - 1));
    const double beside = theta / kPi - 0.5;
    return planar ? gaussian(p.inverse_width * (std::abs(beside) - p.target_angle))
                  : gaussian(p.equator_width * beside);
  });
  return best_pair(
      [&](Sum& sum, std::size_t jk) {
        if (theta_[jk] < p.south) sum.add(near[jk]);
      },
      [&](Sum& sum, std::size_t jk, std::size_t jm) {
        if (theta_[jm] >= p.south) {
          sum.add(near[jm]);
        } else if (theta_[jk] < p.south && off_axis_[jm]) {
          const double cosine = cosine_of_phi(jk, jm);
          if (cosine > least_cosine) sum.add(squared_cosine(p.fold, cosine) * near[jm]);
        }
      });
}

double NeighbourDirections::pentagonal_planar(const OrderParameter& p) const {
  const auto near = of_angles([&](double theta) {
    const double target = theta <= 0.6 * kPi ? 0.4 : 0.8;
    return gaussian(p.inverse_width * (theta / kPi - target));
  });
  return best_pair([&](Sum& sum, std::size_t jk) { sum.add(near[jk]); },
                   [&](Sum& sum, std::size_t jk, std::size_t jm) {
                     if (off_axis_[jm])
                       sum.add(squared_cosine(1, cosine_of_phi(jk, jm)) * near[jm]);
                   });
}

double NeighbourDirections::cuboctahedral(const OrderParameter& p) const {
  constexpr double kLow = 1.3089969389957472, kHigh = 1.8325957145940461;  // 75° and 105°
  constexpr double kEquatorWidth = 25.5, kThirdWidth = 31.25;
  const auto is_equator = [&](double theta) { return theta > kLow && theta < kHigh; };
  const auto near = of_angles([&](double theta) {
    if (theta >= p.south) return gaussian(p.south_width * (theta / kPi - 1));
    if (is_equator(theta)) return gaussian(kEquatorWidth * (theta / kPi - 0.5));
    return gaussian(kThirdWidth * (theta / kPi - (theta < kPi / 2 ? 1.0 / 3 : 2.0 / 3)));
  });
  return best_pair(
      [&](Sum& sum, std::size_t jk) {
        if (theta_[jk] >= p.south) sum.add(near[jk], p.weight);
      },
      [&](Sum& sum, std::size_t jk, std::size_t jm) {
        if (!off_axis_[jm] || theta_[jm] >= p.south || !is_equator(theta_[jk])) return;
        const double cosine = cosine_of_phi(jk, jm);
        const double sine = std::sqrt(1 - cosine * cosine);
        sum.add(near[jm] * (is_equator(theta_[jm]) ? cosine * cosine
                                                   : gaussian(0.0556 * (sine - 0.81649658))));
      });
}

double NeighbourDirections::body_centred_cubic(const OrderParameter& p,
                                               NeighbourOrder order) const {
  const double width = std::asin(1.0 / 3);
  const auto tilt = of_angles([&](double theta) {
    const double x = (theta - kPi / 2) / width;
    return std::exp(0.5) * x * gaussian(x);
  });
  const bool both_ways = order == NeighbourOrder::independent;
  double total = 0;
  for (std::size_t j = 0; j < n_; ++j)
    for (std::size_t k = both_ways ? 0 : j + 1; k < n_; ++k) {
      if (k == j) continue;
      const std::size_t jk = j * n_ + k;
      if (theta_[jk] >= p.south) {
        total += p.weight * gaussian(p.south_width * (theta_[jk] / kPi - 1));
        continue;
      }
      const double sign = theta_[jk] > kPi / 2 ? 1 : -1;
      for (std::size_t m = 0; m < n_ && off_axis_[jk]; ++m) {
        const std::size_t jm = j * n_ + m;
        if (m == j || m == k || !off_axis_[jm]) continue;
        total += sign * cosine_of_multiple(3, cosine_of_phi(jk, jm)) * tilt[jm];
      }
    }
  const auto n = static_cast<double>(n_);
  return total / ((both_ways ? 1 : 0.5) * n * (6 + (n - 2) * (n - 3)));
}

/// By the addition theorem of spherical harmonics: q_l² is the mean of P_l over all pairs.
double NeighbourDirections::steinhardt(int degree) const {
  double total = 0;
  for (const double cosine : cosine_) total += legendre(degree, cosine);
  return std::sqrt(std::max(0.0, total)) / static_cast<double>(n_);
}

double NeighbourDirections::value(const OrderParameter& parameter, NeighbourOrder order) const {
  if (parameter.kind == OrderParameterKind::single_bond) return n_ == 1 ? 1 : 0;
  if (n_ < 2) return 0;
  switch (parameter.kind) {
    case OrderParameterKind::single_bond:
      break;
    case OrderParameterKind::bent:
      return bent(parameter);
    case OrderParameterKind::tetrahedral:
    case OrderParameterKind::pyramid:
      return tetrahedral(parameter);
    case OrderParameterKind::bipyramid:
    case OrderParameterKind::see_saw:
    case OrderParameterKind::hexagonal_planar:
      return bipyramid(parameter);
    case OrderParameterKind::pentagonal_planar:
      return pentagonal_planar(parameter);
    case OrderParameterKind::body_centred_cubic:
      return body_centred_cubic(parameter, order);
    case OrderParameterKind::cuboctahedral:
      return cuboctahedral(parameter);
    case OrderParameterKind::q2:
      return steinhardt(2);
    case OrderParameterKind::q4:
      return steinhardt(4);
    case OrderParameterKind::q6:
      return steinhardt(6);
  }
  return 0;
}

}  // namespace equigen
