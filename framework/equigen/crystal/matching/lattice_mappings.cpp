// SPDX-License-Identifier: MIT
#include "equigen/crystal/matching/lattice_mappings.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace equigen {
namespace {

struct LatticePoint {
  std::array<int, 3> multiples{};
  Vector3 vector{};
  double length = 0;
};

struct CosineRange {
  double low, high;

  [[nodiscard]] bool holds(double cosine) const { return low < cosine && cosine < high; }
};

CosineRange cosines_near(double angle, double tolerance) {
  constexpr double kDegree = std::numbers::pi / 180.0;
  return {angle + tolerance > 180 ? -2.0 : std::cos((angle + tolerance) * kDegree),
          angle - tolerance < 0 ? 2.0 : std::cos((angle - tolerance) * kDegree)};
}

double cosine(const LatticePoint& a, const LatticePoint& b) {
  return std::clamp(dot(a.vector, b.vector) / (a.length * b.length), -1.0, 1.0);
}

/// Lattice vectors that may stand for each of the three target vectors.
std::array<std::vector<LatticePoint>, 3> candidates(const Matrix3& lattice,
                                                    const std::array<double, 3>& lengths,
                                                    double ltol) {
  const double radius = std::ranges::max(lengths) * (1 + ltol);
  const Vector3 reciprocal = Lattice(lattice).reciprocal_lengths();
  std::array<int, 3> reach{};
  for (std::size_t i = 0; i < 3; ++i) reach[i] = static_cast<int>(radius * reciprocal[i] + 1e-9);
  std::array<std::vector<LatticePoint>, 3> result;
  for (int i = -reach[0]; i <= reach[0]; ++i)
    for (int j = -reach[1]; j <= reach[1]; ++j)
      for (int k = -reach[2]; k <= reach[2]; ++k) {
        LatticePoint point{.multiples = {i, j, k}};
        point.vector = row_times(point.multiples, lattice);
        const double square = squared_length(point.vector);
        if (square > radius * radius) continue;
        point.length = std::sqrt(square);
        for (std::size_t axis = 0; axis < 3; ++axis) {
          const double ratio = point.length / lengths[axis];
          if (ratio < 1 + ltol && ratio > 1 / (1 + ltol)) result[axis].push_back(point);
        }
      }
  return result;
}

}  // namespace

std::vector<LatticeMapping> lattice_mappings(const Matrix3& lattice,
                                             const LatticeParameters& target, double ltol,
                                             double angle_tol) {
  const auto [as, bs, cs] = candidates(lattice, target.lengths, ltol);
  const CosineRange alpha = cosines_near(target.angles[0], angle_tol);
  const CosineRange beta = cosines_near(target.angles[1], angle_tol);
  const CosineRange gamma = cosines_near(target.angles[2], angle_tol);
  std::vector<LatticeMapping> mappings;
  std::vector<std::pair<const LatticePoint*, double>> thirds;
  for (const LatticePoint& a : as) {
    thirds.clear();
    for (const LatticePoint& c : cs)
      if (const double ac = cosine(a, c); beta.holds(ac)) thirds.emplace_back(&c, ac);
    if (thirds.empty()) continue;
    for (const LatticePoint& b : bs) {
      const double ab = cosine(a, b);
      if (!gamma.holds(ab)) continue;
      for (const auto& [c, ac] : thirds) {
        const double bc = cosine(b, *c);
        if (!alpha.holds(bc)) continue;
        const IntegerMatrix3 rows{a.multiples, b.multiples, c->multiples};
        if (std::abs(determinant(rows)) != 1) continue;
        mappings.push_back({rows, {a.length, b.length, c->length}, {bc, ac, ab}});
      }
    }
  }
  return mappings;
}

}  // namespace equigen
