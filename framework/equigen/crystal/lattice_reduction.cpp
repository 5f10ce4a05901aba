// SPDX-License-Identifier: MIT
#include "equigen/crystal/lattice_reduction.h"

#include <cmath>
#include <optional>

#include "equigen/base/error.h"

namespace equigen {
namespace {

constexpr int kMostSwaps = 1000;             // of LLL; ordinary cells need fewer than ten
constexpr double kLargestMultiple = 10'000;  // in the transformation
constexpr int kMostNiggliRounds = 100;       // the reference's limit

void require_volume(const Lattice& lattice) {
  const double volume = lattice.volume();
  if (!(volume > 0.0) || !std::isfinite(volume))
    throw DataError("crystal.flat-lattice",
                    "a lattice without a finite positive volume cannot be reduced");
}

/// LLL on the rows of `vectors`, which keeps the Gram–Schmidt vectors and coefficients up to date.
class LllReduction {
 public:
  explicit LllReduction(const Lattice& lattice) : vectors_(lattice.vectors()) {
    for (std::size_t row = 0; row < 3; ++row) orthogonalise(row);
  }

  ReducedLattice reduce(double delta) {
    std::size_t k = 1;
    for (int swaps = 0; k < 3;) {
      reduce_length(k);
      const double coefficient = coefficients_[k][k - 1];
      if (lengths_[k] >= (delta - coefficient * coefficient) * lengths_[k - 1]) {
        ++k;
        continue;
      }
      if (++swaps > kMostSwaps)
        throw DataError("crystal.skewed-lattice", "the lattice is too skewed to be reduced");
      std::swap(vectors_[k], vectors_[k - 1]);
      std::swap(transformation_[k], transformation_[k - 1]);
      for (std::size_t row = k - 1; row < 3; ++row) orthogonalise(row);
      if (k > 1) --k;
    }
    return {.lattice = Lattice(vectors_), .transformation = transformation_};
  }

 private:
  void orthogonalise(std::size_t row) {
    orthogonal_[row] = vectors_[row];
    for (std::size_t j = 0; j < row; ++j)
      coefficients_[row][j] = dot(vectors_[row], orthogonal_[j]) / lengths_[j];
    for (std::size_t j = 0; j < row; ++j)
      orthogonal_[row] =
          difference(orthogonal_[row], scaled(orthogonal_[j], coefficients_[row][j]));
    lengths_[row] = squared_length(orthogonal_[row]);
  }

  void reduce_length(std::size_t k) {
    for (std::size_t i = k; i-- > 0;) {
      const double multiple = std::nearbyint(coefficients_[k][i]);  // halves to even
      if (multiple == 0.0) continue;
      for (std::size_t axis = 0; axis < 3; ++axis)
        if (!(std::abs(transformation_[k][axis] - multiple * transformation_[i][axis]) <=
              kLargestMultiple))
          throw DataError("crystal.skewed-lattice", "the lattice is too skewed to be reduced");
      vectors_[k] = difference(vectors_[k], scaled(vectors_[i], multiple));
      for (std::size_t axis = 0; axis < 3; ++axis)
        transformation_[k][axis] -= static_cast<int>(multiple) * transformation_[i][axis];
      for (std::size_t j = 0; j < i; ++j) coefficients_[k][j] -= multiple * coefficients_[i][j];
      coefficients_[k][i] -= multiple;
    }
  }

  Matrix3 vectors_;
  IntegerMatrix3 transformation_ = kIdentity3;
  Matrix3 orthogonal_{};
  Matrix3 coefficients_{};
  Vector3 lengths_{};  // squared, of the orthogonal vectors
};

/// The metric's numbers under the names of the paper.
struct NiggliForm {
  double a, b, c, xi, eta, zeta;
};

NiggliForm form_of(const Matrix3& g) {
  return {g[0][0], g[1][1], g[2][2], 2 * g[1][2], 2 * g[0][2], 2 * g[0][1]};
}

int sign_of(double value, double epsilon) {
  return std::abs(value) < epsilon ? 0 : (value > 0 ? 1 : -1);
}

/// The Niggli algorithm on the metric G; the columns of the step matrices combine old vectors.
class NiggliReduction {
 public:
  NiggliReduction(const Lattice& lattice, double epsilon, NiggliRule rule)
      : epsilon_(epsilon), rule_(rule) {
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j)
        metric_[i][j] = dot(lattice.vectors()[i], lattice.vectors()[j]);
  }

  IntegerMatrix3 reduce() {
    for (int round = 0; round < kMostNiggliRounds; ++round)
      if (!step()) break;
    return transformation_;
  }

 private:
  /// True when the algorithm starts again from its first step.
  bool step() {
    NiggliForm form = form_of(metric_);
    if (swaps_first_two(form)) {
      apply({{{0, -1, 0}, {-1, 0, 0}, {0, 0, -1}}});
      if (rule_ == NiggliRule::textbook) form = form_of(metric_);
    }
    if (swaps_last_two(form)) {
      apply({{{-1, 0, 0}, {0, 0, -1}, {0, -1, 0}}});
      return true;
    }
    choose_signs(form);
    const auto shear = next_shear(form_of(metric_));
    if (shear) apply(*shear);
    return shear.has_value();
  }

  [[nodiscard]] bool swaps_first_two(const NiggliForm& f) const {
    return f.a > f.b + epsilon_ || (equal(f.a, f.b) && std::abs(f.xi) > std::abs(f.eta) + epsilon_);
  }

  [[nodiscard]] bool swaps_last_two(const NiggliForm& f) const {
    return f.b > f.c + epsilon_ ||
           (equal(f.b, f.c) && std::abs(f.eta) > std::abs(f.zeta) + epsilon_);
  }

  void choose_signs(const NiggliForm& f) {
    const std::array<int, 3> signs{sign_of(f.xi, epsilon_), sign_of(f.eta, epsilon_),
                                   sign_of(f.zeta, epsilon_)};
    const bool acute = signs[0] * signs[1] * signs[2] == 1;
    std::array<int, 3> flip{1, 1, 1};
    for (std::size_t i = 0; i < 3; ++i)
      if (signs[i] == (acute ? -1 : 1)) flip[i] = -1;
    if (!acute && flip[0] * flip[1] * flip[2] == -1) {
      for (std::size_t i = 3; i-- > 0;) {
        if (signs[i] != 0) continue;
        flip[i] = -1;
        break;
      }
    }
    apply({{{flip[0], 0, 0}, {0, flip[1], 0}, {0, 0, flip[2]}}});
  }

  [[nodiscard]] std::optional<IntegerMatrix3> next_shear(const NiggliForm& f) const {
    const double e = epsilon_;
    const auto against = [](double value) { return value > 0 ? -1 : 1; };
    if (std::abs(f.xi) > f.b + e || (equal(f.xi, f.b) && 2 * f.eta < f.zeta - e) ||
        (equal(f.xi, -f.b) && f.zeta < -e))
      return IntegerMatrix3{{{1, 0, 0}, {0, 1, against(f.xi)}, {0, 0, 1}}};
    if (std::abs(f.eta) > f.a + e || (equal(f.a, f.eta) && 2 * f.xi < f.zeta - e) ||
        (equal(f.a, -f.eta) && f.zeta < -e))
      return IntegerMatrix3{{{1, 0, against(f.eta)}, {0, 1, 0}, {0, 0, 1}}};
    if (std::abs(f.zeta) > f.a + e || (equal(f.a, f.zeta) && 2 * f.xi < f.eta - e) ||
        (equal(f.a, -f.zeta) && f.eta < -e))
      return IntegerMatrix3{{{1, against(f.zeta), 0}, {0, 1, 0}, {0, 0, 1}}};
    const double total = f.xi + f.eta + f.zeta + f.a + f.b;
    if (total < -e || (std::abs(total) < e && f.zeta + 2 * (f.a + f.eta) > e))
      return IntegerMatrix3{{{1, 0, 1}, {0, 1, 1}, {0, 0, 1}}};
    return std::nullopt;
  }

  [[nodiscard]] bool equal(double a, double b) const { return std::abs(a - b) < epsilon_; }

  void apply(const IntegerMatrix3& columns) {
    IntegerMatrix3 rows{};
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) rows[i][j] = columns[j][i];
    const Matrix3 half = times(rows, metric_);
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j)
        metric_[i][j] = half[i][0] * rows[j][0] + half[i][1] * rows[j][1] + half[i][2] * rows[j][2];
    transformation_ = times(rows, transformation_);
  }

  double epsilon_;
  NiggliRule rule_;
  Matrix3 metric_{};
  IntegerMatrix3 transformation_ = kIdentity3;
};

}  // namespace

ReducedLattice lll_reduced(const Lattice& lattice, double delta) {
  require_volume(lattice);
  return LllReduction(lattice).reduce(delta);
}

ReducedLattice niggli_reduced(const Lattice& lattice, NiggliRule rule) {
  const ReducedLattice lll = lll_reduced(lattice);
  const double epsilon = 1e-5 * std::cbrt(lattice.volume());
  IntegerMatrix3 transformation =
      times(NiggliReduction(lll.lattice, epsilon, rule).reduce(), lll.transformation);
  Lattice reduced(times(transformation, lattice.vectors()));
  if (reduced.determinant() < 0) {
    for (auto& row : transformation)
      for (int& entry : row) entry = -entry;
    reduced = Lattice(times(transformation, lattice.vectors()));
  }
  return {.lattice = reduced, .transformation = transformation};
}

Crystal niggli_reduced(const Crystal& crystal, NiggliRule rule) {
  const ReducedLattice reduced = niggli_reduced(crystal.lattice, rule);
  // f · L = f · T⁻¹ · (T · L)
  const IntegerMatrix3 back = inverse(reduced.transformation);
  Crystal result = crystal;
  result.lattice = reduced.lattice;
  for (Vector3& position : result.fractional_coordinates) {
    Vector3 moved{};
    for (std::size_t i = 0; i < 3; ++i)
      moved[i] = position[0] * back[0][i] + position[1] * back[1][i] + position[2] * back[2][i];
    position = wrapped(moved);
  }
  return result;
}

}  // namespace equigen
