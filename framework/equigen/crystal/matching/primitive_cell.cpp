// SPDX-License-Identifier: MIT
#include "equigen/crystal/matching/primitive_cell.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "equigen/crystal/elements.h"
#include "equigen/crystal/lattice_reduction.h"

namespace equigen {
namespace {

/// Distance of a fractional difference from the nearest whole number.
double periodic_gap(double difference) {
  return std::abs(nearest_image(difference));
}

bool within(const Vector3& a, const Vector3& b, const Vector3& tolerance) {
  for (std::size_t i = 0; i < 3; ++i)
    if (!(periodic_gap(a[i] - b[i]) < tolerance[i])) return false;
  return true;
}

Vector3 fractional_tolerance(const Matrix3& vectors, double tolerance) {
  return {tolerance / norm(vectors[0]), tolerance / norm(vectors[1]), tolerance / norm(vectors[2])};
}

/// The sites of one element.
struct SiteGroup {
  std::uint8_t atomic_number = 0;
  std::vector<Vector3> positions;
  /// [n, n]: the two sites may fall together in a smaller cell: they are no close neighbours here,
  /// or one and the same.
  std::vector<std::uint8_t> may_coincide;
};

std::vector<SiteGroup> group_sites(const Crystal& crystal, const Vector3& tolerance) {
  std::map<std::string, SiteGroup> by_symbol;
  for (std::size_t site = 0; site < crystal.size(); ++site) {
    SiteGroup& group = by_symbol[element(crystal.atomic_numbers[site]).symbol];
    group.atomic_number = crystal.atomic_numbers[site];
    group.positions.push_back(crystal.fractional_coordinates[site]);
  }
  std::vector<SiteGroup> groups;
  for (auto& [symbol, group] : by_symbol) {
    const std::size_t n = group.positions.size();
    group.may_coincide.assign(n * n, 0);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        bool apart = i == j;
        for (std::size_t axis = 0; axis < 3 && !apart; ++axis)
          apart = periodic_gap(group.positions[i][axis] - group.positions[j][axis]) >
                  2 * tolerance[axis];
        group.may_coincide[i * n + j] = apart;
      }
    groups.push_back(std::move(group));
  }
  return groups;
}

/// True when moving the group along `translation` brings every site onto some site of the group.
bool repeats(const SiteGroup& group, const Vector3& translation, const Vector3& tolerance) {
  return std::ranges::all_of(group.positions, [&](const Vector3& from) {
    return std::ranges::any_of(group.positions, [&](const Vector3& to) {
      return within(translation, difference(to, from), tolerance);
    });
  });
}

std::vector<Vector3> candidate_translations(const std::vector<SiteGroup>& groups,
                                            const Vector3& tolerance) {
  const SiteGroup& smallest = *std::ranges::min_element(
      groups, {}, [](const SiteGroup& group) { return group.positions.size(); });
  const Vector3 doubled = scaled(tolerance, 2.0);
  std::vector<Vector3> translations;
  for (const Vector3& position : smallest.positions) {
    const Vector3 translation = difference(position, smallest.positions.front());
    if (std::ranges::all_of(
            groups, [&](const SiteGroup& group) { return repeats(group, translation, doubled); }))
      translations.push_back(translation);
  }
  return translations;
}

/// Fractional coordinates of the merged sites of one group in the smaller cell, or nothing when
/// they do not fall together in cliques of `size`.
std::optional<std::vector<Vector3>> merged_sites(const SiteGroup& group,
                                                 const IntegerMatrix3& matrix,
                                                 const Vector3& tolerance, std::size_t size) {
  const std::size_t n = group.positions.size();
  std::vector<Vector3> positions(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t axis = 0; axis < 3; ++axis)
      positions[i][axis] = group.positions[i][0] * matrix[0][axis] +
                           group.positions[i][1] * matrix[1][axis] +
                           group.positions[i][2] * matrix[2][axis];
  std::vector<std::vector<std::size_t>> partners(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j)
      if (group.may_coincide[i * n + j] && within(positions[j], positions[i], tolerance))
        partners[i].push_back(j);
    if (partners[i].size() != size) return std::nullopt;
  }
  // All lists have the same size, so a clique is where every member has the same list.
  for (std::size_t i = 0; i < n; ++i)
    for (const std::size_t j : partners[i])
      if (partners[j] != partners[i]) return std::nullopt;
  std::vector<Vector3> merged;
  for (std::size_t i = 0; i < n; ++i) {
    if (partners[i].front() != i) continue;
    Vector3 mean = wrapped(positions[i]);
    for (std::size_t k = 1; k < size; ++k)
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const double offset = positions[partners[i][k]][axis] - mean[axis];
        mean[axis] += nearest_image(offset) / static_cast<double>(k + 1);
      }
    merged.push_back(mean);
  }
  return merged;
}

/// Upper triangular: its rows combine the smaller cell's vectors into the larger cell's.
struct HermiteMatrix {
  IntegerMatrix3 matrix;

  [[nodiscard]] Matrix3 inverse() const {
    const double a = matrix[0][0], b = matrix[0][1], c = matrix[0][2];
    const double e = matrix[1][1], f = matrix[1][2], g = matrix[2][2];
    return {Vector3{1 / a, -b / (a * e), (b * f - c * e) / (a * e * g)},
            Vector3{0, 1 / e, -f / (e * g)}, Vector3{0, 0, 1 / g}};
  }
};

/// Calls `visit` for each Hermite matrix of the determinant in the reference's order until it
/// returns true; true if it did.
template <typename Visit>
bool any_hermite_matrix(int determinant, const Visit& visit) {
  for (int a = 1; a <= determinant; ++a) {
    if (determinant % a != 0) continue;
    for (int e = 1; e <= determinant / a; ++e) {
      if ((determinant / a) % e != 0) continue;
      const int g = determinant / a / e;
      for (int b = 0; b < a; ++b)
        for (int c = 0; c < a; ++c)
          for (int f = 0; f < e; ++f)
            if (visit(HermiteMatrix{{{{a, b, c}, {0, e, f}, {0, 0, g}}}})) return true;
    }
  }
  return false;
}

std::optional<Crystal> in_smaller_cell(const Crystal& crystal, const std::vector<SiteGroup>& groups,
                                       const HermiteMatrix& hermite, std::size_t size,
                                       double tolerance) {
  const Matrix3 vectors = times(hermite.inverse(), crystal.lattice.vectors());
  Crystal smaller{.lattice = Lattice(vectors),
                  .fractional_coordinates = {},
                  .atomic_numbers = {},
                  .name = crystal.name};
  for (const SiteGroup& group : groups) {
    const auto merged =
        merged_sites(group, hermite.matrix, fractional_tolerance(vectors, tolerance), size);
    if (!merged) return std::nullopt;
    for (const Vector3& position : *merged) {
      smaller.fractional_coordinates.push_back(position);
      smaller.atomic_numbers.push_back(group.atomic_number);
    }
  }
  return smaller;
}

std::optional<Crystal> smaller_cell(const Crystal& crystal, double tolerance) {
  const Vector3 fractional = fractional_tolerance(crystal.lattice.vectors(), tolerance);
  const auto groups = group_sites(crystal, fractional);
  int common = 0;
  for (const SiteGroup& group : groups)
    common = std::gcd(common, static_cast<int>(group.positions.size()));
  if (common <= 1) return std::nullopt;
  const auto translations = candidate_translations(groups, fractional);
  const auto is_translation = [&](const Vector3& row) {
    return std::ranges::any_of(translations, [&](const Vector3& translation) {
      return within(row, translation, fractional);
    });
  };
  std::optional<Crystal> found;
  for (int size = 2; size <= common && !found; ++size) {
    if (common % size != 0) continue;
    any_hermite_matrix(size, [&](const HermiteMatrix& hermite) {
      if (!std::ranges::all_of(hermite.inverse(), is_translation)) return false;
      found = in_smaller_cell(crystal, groups, hermite, static_cast<std::size_t>(size), tolerance);
      return found.has_value();
    });
  }
  return found;
}

}  // namespace

Crystal primitive_cell(const Crystal& crystal, double tolerance) {
  const auto smaller = smaller_cell(crystal, tolerance);
  return smaller ? niggli_reduced(primitive_cell(*smaller, tolerance)) : crystal;
}

}  // namespace equigen
