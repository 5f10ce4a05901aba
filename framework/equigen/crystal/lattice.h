// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>

namespace equigen {

using Vector3 = std::array<double, 3>;
using Matrix3 = std::array<Vector3, 3>;  ///< row by row

/// Lengths in Å, angles in degrees: alpha between b and c, beta between a and c, gamma between a
/// and b.
struct LatticeParameters {
  std::array<double, 3> lengths{1, 1, 1};
  std::array<double, 3> angles{90, 90, 90};

  bool operator==(const LatticeParameters&) const = default;
};

/// The three vectors a, b, c (Å) that a crystal repeats itself along.
class Lattice {
 public:
  /// The unit cube.
  Lattice() = default;
  /// `vectors`: rows a, b, c in Å. Any matrix is taken, a left-handed or flat one too: what cannot
  /// work with it says so.
  explicit Lattice(const Matrix3& vectors) : vectors_(vectors) {}

  /// The standard orientation of the field's data sets: c along z, a in the xz plane. The cosine of
  /// the reciprocal gamma is clamped to [-1, 1], so that impossible angles give a flat lattice
  /// (volume 0).
  static Lattice from_parameters(const LatticeParameters& parameters);

  [[nodiscard]] const Matrix3& vectors() const { return vectors_; }
  [[nodiscard]] LatticeParameters parameters() const;
  /// Å³, never negative.
  [[nodiscard]] double volume() const;
  /// Negative for a left-handed lattice.
  [[nodiscard]] double determinant() const;
  /// Lengths of the reciprocal vectors, without the factor 2π (1/Å): the inverse distances of the
  /// lattice planes.
  [[nodiscard]] Vector3 reciprocal_lengths() const;
  /// Rows are the reciprocal vectors without 2π. Throws DataError for a flat lattice.
  [[nodiscard]] Matrix3 reciprocal_vectors() const;

  [[nodiscard]] Vector3 to_cartesian(const Vector3& fractional) const;
  /// Throws DataError for a flat lattice.
  [[nodiscard]] Vector3 to_fractional(const Vector3& cartesian) const;

  bool operator==(const Lattice&) const = default;

 private:
  Matrix3 vectors_{Vector3{1, 0, 0}, Vector3{0, 1, 0}, Vector3{0, 0, 1}};
};

/// Each component into [0, 1).
Vector3 wrapped(const Vector3& fractional);

inline double dot(const Vector3& a, const Vector3& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

inline Vector3 cross(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

inline double norm(const Vector3& a) {
  return std::sqrt(dot(a, a));
}

}  // namespace equigen
