// SPDX-License-Identifier: MIT
#include "equigen/crystal/lattice.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "equigen/base/error.h"
#include "equigen/crystal/matrix3.h"

namespace equigen {
namespace {

constexpr double kDegree = std::numbers::pi / 180.0;

double angle_between(const Vector3& a, const Vector3& b) {
  const double cosine = dot(a, b) / (norm(a) * norm(b));
  return std::acos(std::clamp(cosine, -1.0, 1.0)) / kDegree;
}

}  // namespace

Vector3 wrapped(const Vector3& fractional) {
  Vector3 inside{};
  for (std::size_t i = 0; i < 3; ++i) {
    inside[i] = fractional[i] - std::floor(fractional[i]);
    if (inside[i] >= 1.0) inside[i] = 0.0;  // -1e-17 rounds up to 1
  }
  return inside;
}

Lattice Lattice::from_parameters(const LatticeParameters& parameters) {
  const auto [a, b, c] = parameters.lengths;
  const double alpha = parameters.angles[0] * kDegree;
  const double beta = parameters.angles[1] * kDegree;
  const double gamma = parameters.angles[2] * kDegree;
  const double cosine =
      (std::cos(alpha) * std::cos(beta) - std::cos(gamma)) / (std::sin(alpha) * std::sin(beta));
  const double reciprocal_gamma = std::acos(std::clamp(cosine, -1.0, 1.0));
  return Lattice({Vector3{a * std::sin(beta), 0.0, a * std::cos(beta)},
                  Vector3{-b * std::sin(alpha) * std::cos(reciprocal_gamma),
                          b * std::sin(alpha) * std::sin(reciprocal_gamma), b * std::cos(alpha)},
                  Vector3{0.0, 0.0, c}});
}

LatticeParameters Lattice::parameters() const {
  const auto& [a, b, c] = vectors_;
  return {.lengths = {norm(a), norm(b), norm(c)},
          .angles = {angle_between(b, c), angle_between(a, c), angle_between(a, b)}};
}

double Lattice::determinant() const {
  return dot(vectors_[0], cross(vectors_[1], vectors_[2]));
}

double Lattice::volume() const {
  return std::abs(determinant());
}

Matrix3 Lattice::reciprocal_vectors() const {
  const double signed_volume = determinant();
  if (!(std::abs(signed_volume) > 0.0) || !std::isfinite(signed_volume))
    throw DataError("crystal.flat-lattice",
                    "the lattice has no volume: its vectors lie in one plane");
  const auto& [a, b, c] = vectors_;
  return {scaled(cross(b, c), 1.0 / signed_volume), scaled(cross(c, a), 1.0 / signed_volume),
          scaled(cross(a, b), 1.0 / signed_volume)};
}

Vector3 Lattice::reciprocal_lengths() const {
  const Matrix3 reciprocal = reciprocal_vectors();
  return {norm(reciprocal[0]), norm(reciprocal[1]), norm(reciprocal[2])};
}

Vector3 Lattice::to_cartesian(const Vector3& f) const {
  Vector3 position{};
  for (std::size_t axis = 0; axis < 3; ++axis)
    position[axis] = f[0] * vectors_[0][axis] + f[1] * vectors_[1][axis] + f[2] * vectors_[2][axis];
  return position;
}

Vector3 Lattice::to_fractional(const Vector3& cartesian) const {
  const Matrix3 reciprocal = reciprocal_vectors();
  return {dot(reciprocal[0], cartesian), dot(reciprocal[1], cartesian),
          dot(reciprocal[2], cartesian)};
}

}  // namespace equigen
