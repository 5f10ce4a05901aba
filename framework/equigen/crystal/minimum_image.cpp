// SPDX-License-Identifier: MIT
#include "equigen/crystal/minimum_image.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "equigen/crystal/lattice_reduction.h"

namespace equigen {

MinimumImages::MinimumImages(const Lattice& lattice) {
  const ReducedLattice reduced = lll_reduced(lattice);
  vectors_ = reduced.lattice.vectors();
  to_reduced_ = inverse(reduced.transformation);
  reciprocal_lengths_ = reduced.lattice.reciprocal_lengths();
  double shortest = std::numeric_limits<double>::infinity();
  std::size_t k = 0;
  for (int a = -1; a <= 1; ++a)
    for (int b = -1; b <= 1; ++b)
      for (int c = -1; c <= 1; ++c) {
        images_[k] = row_times(std::array<int, 3>{a, b, c}, vectors_);
        if (a != 0 || b != 0 || c != 0) shortest = std::min(shortest, squared_length(images_[k]));
        ++k;
      }
  shortest_ = std::sqrt(shortest);
}

Vector3 MinimumImages::reduced_fractional(const Vector3& f) const {
  Vector3 moved{};
  for (std::size_t i = 0; i < 3; ++i)
    moved[i] = f[0] * to_reduced_[0][i] + f[1] * to_reduced_[1][i] + f[2] * to_reduced_[2][i];
  return wrapped(moved);
}

Vector3 MinimumImages::shortest_image(const Vector3& difference) const {
  Vector3 best = difference;
  double best_square = std::numeric_limits<double>::infinity();
  for (const Vector3& image : images_) {
    const Vector3 candidate = sum(difference, image);
    const double square = squared_length(candidate);
    if (square < best_square) {
      best_square = square;
      best = candidate;
    }
  }
  return best;
}

Vector3 MinimumImages::shortest_vector(const Vector3& from, const Vector3& to) const {
  return shortest_image(
      difference(cartesian(reduced_fractional(to)), cartesian(reduced_fractional(from))));
}

double MinimumImages::distance(const Vector3& from, const Vector3& to) const {
  return norm(shortest_vector(from, to));
}

double periodic_distance(const Lattice& lattice, const Vector3& from, const Vector3& to) {
  return MinimumImages(lattice).distance(from, to);
}

}  // namespace equigen
