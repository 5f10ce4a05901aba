// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>

#include "equigen/crystal/lattice.h"

namespace equigen {

/// Row i: the integer combination of a lattice's vectors that makes the new vector i.
using IntegerMatrix3 = std::array<std::array<int, 3>, 3>;

inline constexpr IntegerMatrix3 kIdentity3{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

inline Vector3 sum(const Vector3& a, const Vector3& b) {
  return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}

inline Vector3 difference(const Vector3& a, const Vector3& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

inline Vector3 scaled(const Vector3& a, double factor) {
  return {a[0] * factor, a[1] * factor, a[2] * factor};
}

inline Matrix3 scaled(const Matrix3& m, double factor) {
  return {scaled(m[0], factor), scaled(m[1], factor), scaled(m[2], factor)};
}

/// `difference` less the nearest whole number (halves to even), for |difference| below 2^51: the
/// same as std::nearbyint, without the call that the oldest x86-64 processors need.
inline double nearest_image(double difference) {
  constexpr double kShift = 6755399441055744.0;  // 1.5 · 2^52: no digits are left after the point
  return difference - ((difference + kShift) - kShift);
}

inline double squared_length(const Vector3& a) {
  return a[0] * a[0] + a[1] * a[1] + a[2] * a[2];
}

/// row · matrix
template <typename Number>
inline Vector3 row_times(const std::array<Number, 3>& row, const Matrix3& m) {
  Vector3 result{};
  for (std::size_t i = 0; i < 3; ++i)
    result[i] = static_cast<double>(row[0]) * m[0][i] + static_cast<double>(row[1]) * m[1][i] +
                static_cast<double>(row[2]) * m[2][i];
  return result;
}

template <typename Number>
inline Matrix3 times(const std::array<std::array<Number, 3>, 3>& a, const Matrix3& b) {
  return {row_times(a[0], b), row_times(a[1], b), row_times(a[2], b)};
}

inline IntegerMatrix3 times(const IntegerMatrix3& a, const IntegerMatrix3& b) {
  IntegerMatrix3 result{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      result[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
  return result;
}

/// Entries up to 10,000 do not overflow.
inline std::int64_t determinant(const IntegerMatrix3& m) {
  const auto minor = [&](std::size_t i, std::size_t j) {
    return std::int64_t{m[1][i]} * m[2][j] - std::int64_t{m[1][j]} * m[2][i];
  };
  return m[0][0] * minor(1, 2) - m[0][1] * minor(0, 2) + m[0][2] * minor(0, 1);
}

/// Of a matrix with determinant ±1 and entries up to 10,000.
inline IntegerMatrix3 inverse(const IntegerMatrix3& m) {
  const int sign = determinant(m) < 0 ? -1 : 1;
  IntegerMatrix3 result{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) {
      const std::size_t a = (j + 1) % 3, b = (j + 2) % 3, c = (i + 1) % 3, d = (i + 2) % 3;
      result[i][j] = sign * (m[a][c] * m[b][d] - m[a][d] * m[b][c]);
    }
  return result;
}

}  // namespace equigen
