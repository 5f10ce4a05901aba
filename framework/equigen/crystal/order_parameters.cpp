// SPDX-License-Identifier: MIT
#include "equigen/crystal/order_parameters.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "equigen/crystal/matrix3.h"

namespace equigen {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kOnAxis = 1e-12;  // a shorter part perpendicular to the axis has no direction

double gaussian(double x) {
  return std::exp(-x * x / 2);
}

double squared_cosine(double x) {
  const double cosine = std::cos(x);
  return cosine * cosine;
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
    : n_(vectors.size()),
      cosine_(n_ * n_),
      theta_(n_ * n_),
      meridian_(n_ * n_),
      phi_(n_ * n_ * n_, -1.0) {
  std::vector<Vector3> unit;
  for (const Vector3& vector : vectors) unit.push_back(scaled(vector, 1 / norm(vector)));
  std::vector<Vector3> across(n_);  // unit vectors perpendicular to the axis
  for (std::size_t j = 0; j < n_; ++j) {
    for (std::size_t k = 0; k < n_; ++k) {
      const double cosine = std::clamp(dot(unit[j], unit[k]), -1.0, 1.0);
      cosine_[j * n_ + k] = cosine;
      theta_[j * n_ + k] = std::acos(cosine);
      const Vector3 part = difference(unit[k], scaled(unit[j], cosine));
      const double length = norm(part);
      const bool defined = k != j && length > kOnAxis;
      meridian_[j * n_ + k] = defined;
      if (defined) across[k] = scaled(part, 1 / length);
    }
    for (std::size_t k = 0; k < n_; ++k)
      for (std::size_t m = 0; m < n_; ++m)
        if (m != k && meridian_[j * n_ + k] && meridian_[j * n_ + m])
          phi_[(j * n_ + k) * n_ + m] = std::acos(std::clamp(dot(across[k], across[m]), -1.0, 1.0));
  }
}

/// The largest mean over ordered pairs (j, k). `pair_term(sum, θ_k)` adds the term of the pair,
/// `triple_term(sum, θ_k, θ_m, φ)` that of each third neighbour; φ is negative where not defined.
template <typename PairTerm, typename TripleTerm>
double NeighbourDirections::best_pair(const PairTerm& pair_term,
                                      const TripleTerm& triple_term) const {
  double best = 0;
  for (std::size_t j = 0; j < n_; ++j)
    for (std::size_t k = 0; k < n_; ++k) {
      if (j == k) continue;
      Sum sum;
      const double theta_k = theta(j, k);
      pair_term(sum, theta_k);
      for (std::size_t m = 0; m < n_ && meridian_[j * n_ + k]; ++m)
        if (m != j && m != k) triple_term(sum, theta_k, theta(j, m), phi_[(j * n_ + k) * n_ + m]);
      if (sum.count > 0) best = std::max(best, sum.value / sum.count);
    }
  return best;
}

double NeighbourDirections::bent(const OrderParameter& p) const {
  Sum sum;
  for (std::size_t j = 0; j < n_; ++j)
    for (std::size_t k = 0; k < n_; ++k)
      if (j != k) sum.add(gaussian(p.inverse_width * (theta(j, k) / kPi - p.target_angle)));
  return sum.value / sum.count;
}

double NeighbourDirections::tetrahedral(const OrderParameter& p) const {
  const double target = p.kind == OrderParameterKind::pyramid ? 0.5 : p.target_angle;
  const auto near = [&](double theta) {
    return gaussian(p.inverse_width * (theta / kPi - target));
  };
  return best_pair([&](Sum& sum, double theta_k) { sum.add(near(theta_k)); },
                   [&](Sum& sum, double, double theta_m, double phi) {
                     if (phi >= 0) sum.add(squared_cosine(p.fold * phi) * near(theta_m));
                   });
}

double NeighbourDirections::bipyramid(const OrderParameter& p) const {
  const bool planar = p.kind == OrderParameterKind::hexagonal_planar;
  const double largest_phi = p.kind == OrderParameterKind::see_saw ? 0.75 * kPi : 2 * kPi;
  const auto equator = [&](double theta) {
    const double beside = theta / kPi - 0.5;
    return planar ? gaussian(p.inverse_width * (std::abs(beside) - p.target_angle))
                  : gaussian(p.equator_width * beside);
  };
  return best_pair(
      [&](Sum& sum, double theta_k) {
        if (theta_k < p.south) sum.add(equator(theta_k));
      },
      [&](Sum& sum, double theta_k, double theta_m, double phi) {
        if (theta_m >= p.south)
          sum.add(gaussian(p.south_width * (theta_m / kPi - 1)));
        else if (theta_k < p.south && phi >= 0 && phi < largest_phi)
          sum.add(squared_cosine(p.fold * phi) * equator(theta_m));
      });
}

double NeighbourDirections::pentagonal_planar(const OrderParameter& p) const {
  const auto near = [&](double theta) {
    const double target = theta <= 0.6 * kPi ? 0.4 : 0.8;
    return gaussian(p.inverse_width * (theta / kPi - target));
  };
  return best_pair([&](Sum& sum, double theta_k) { sum.add(near(theta_k)); },
                   [&](Sum& sum, double, double theta_m, double phi) {
                     if (phi >= 0) sum.add(squared_cosine(phi) * near(theta_m));
                   });
}

double NeighbourDirections::cuboctahedral(const OrderParameter& p) const {
  constexpr double kLow = 1.3089969389957472, kHigh = 1.8325957145940461;  // 75° and 105°
  constexpr double kEquatorWidth = 25.5, kThirdWidth = 31.25;
  const auto off_equator = [&](double theta, double phi, double third) {
    return gaussian(0.0556 * (std::cos(phi - 0.5 * kPi) - 0.81649658)) *
           gaussian(kThirdWidth * (theta / kPi - third));
  };
  return best_pair(
      [&](Sum& sum, double theta_k) {
        if (theta_k >= p.south) sum.add(gaussian(p.south_width * (theta_k / kPi - 1)), p.weight);
      },
      [&](Sum& sum, double theta_k, double theta_m, double phi) {
        if (phi < 0 || theta_m >= p.south || theta_k <= kLow || theta_k >= kHigh) return;
        if (theta_m > kLow && theta_m < kHigh)
          sum.add(squared_cosine(phi) * gaussian(kEquatorWidth * (theta_m / kPi - 0.5)));
        else
          sum.add(off_equator(theta_m, phi, theta_m < kPi / 2 ? 1.0 / 3 : 2.0 / 3));
      });
}

double NeighbourDirections::body_centred_cubic(const OrderParameter& p) const {
  const double width = std::asin(1.0 / 3);
  double total = 0;
  for (std::size_t j = 0; j < n_; ++j)
    for (std::size_t k = j + 1; k < n_; ++k) {
      const double theta_k = theta(j, k);
      if (theta_k >= p.south) {
        total += p.weight * gaussian(p.south_width * (theta_k / kPi - 1));
        continue;
      }
      const double sign = theta_k > kPi / 2 ? 1 : -1;
      for (std::size_t m = 0; m < n_; ++m) {
        const double phi = phi_[(j * n_ + k) * n_ + m];
        if (m == j || m == k || phi < 0) continue;
        const double x = (theta(j, m) - kPi / 2) / width;
        total += sign * std::cos(3 * phi) * std::exp(0.5) * x * gaussian(x);
      }
    }
  const auto n = static_cast<double>(n_);
  return total / (0.5 * n * (6 + (n - 2) * (n - 3)));
}

/// By the addition theorem of spherical harmonics: q_l² is the mean of P_l over all pairs.
double NeighbourDirections::steinhardt(int degree) const {
  double total = 0;
  for (const double cosine : cosine_) total += legendre(degree, cosine);
  return std::sqrt(std::max(0.0, total)) / static_cast<double>(n_);
}

double NeighbourDirections::value(const OrderParameter& parameter) const {
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
      return body_centred_cubic(parameter);
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
