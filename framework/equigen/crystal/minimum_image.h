// SPDX-License-Identifier: MIT
#pragma once

#include <array>

#include "equigen/crystal/lattice.h"
#include "equigen/crystal/matrix3.h"

namespace equigen {

/// Exact shortest vectors between periodic points: the LLL-reduced cell needs only the 27 images
/// around it, whatever the shape of the given one.
class MinimumImages {
 public:
  /// Throws as lll_reduced() does.
  explicit MinimumImages(const Lattice& lattice);

  /// Reciprocal lengths of the reduced cell (1/Å, without 2π).
  [[nodiscard]] const Vector3& reciprocal_lengths() const { return reciprocal_lengths_; }
  /// Å
  [[nodiscard]] double shortest_lattice_vector() const { return shortest_; }

  /// Fractional coordinates in the reduced cell, wrapped into it.
  [[nodiscard]] Vector3 reduced_fractional(const Vector3& fractional) const;
  /// Å, of a point given in the reduced cell.
  [[nodiscard]] Vector3 cartesian(const Vector3& reduced_fractional) const {
    return row_times(reduced_fractional, vectors_);
  }
  /// The shortest image of the difference of two Cartesian points that lie in the reduced cell.
  [[nodiscard]] Vector3 shortest_image(const Vector3& difference) const;

  /// Shortest vector (Å) from one point to an image of another; given in fractional coordinates of
  /// the lattice of the constructor.
  [[nodiscard]] Vector3 shortest_vector(const Vector3& from, const Vector3& to) const;
  /// Å
  [[nodiscard]] double distance(const Vector3& from, const Vector3& to) const;

 private:
  Matrix3 vectors_{};
  IntegerMatrix3 to_reduced_ = kIdentity3;
  Vector3 reciprocal_lengths_{};
  double shortest_ = 0;
  std::array<Vector3, 27> images_{};
};

/// Å between two fractional positions; for many of one lattice make a MinimumImages.
double periodic_distance(const Lattice& lattice, const Vector3& from, const Vector3& to);

}  // namespace equigen
