// SPDX-License-Identifier: MIT
#include "equigen/crystal/matching/primitive_cell.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <span>
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
};

/// Fractional positions in boxes of the unit cell, so that those near a point are found without
/// looking at all.
class NearSites {
 public:
  /// Points nearer than `reach` (fractional, on each axis) will be asked for.
  NearSites(std::span<const Vector3> positions, const Vector3& reach) : reach_(reach) {
    const double most = 2 * std::cbrt(static_cast<double>(positions.size())) + 1;
    for (std::size_t axis = 0; axis < 3; ++axis)
      boxes_[axis] = static_cast<std::int64_t>(
          std::clamp(std::floor(0.5 / reach[axis]), 1.0, std::max(most, 1.0)));
    starts_.assign(static_cast<std::size_t>(boxes_[0] * boxes_[1] * boxes_[2]) + 1, 0);
    std::vector<std::size_t> box_of_site;
    for (const Vector3& position : positions) {
      box_of_site.push_back(
          index_of({box_of(position[0], 0), box_of(position[1], 1), box_of(position[2], 2)}));
      ++starts_[box_of_site.back() + 1];
    }
    for (std::size_t box = 1; box < starts_.size(); ++box) starts_[box] += starts_[box - 1];
    sites_.resize(positions.size());
    std::vector<std::size_t> next = starts_;
    for (std::size_t site = 0; site < positions.size(); ++site)
      sites_[next[box_of_site[site]]++] = site;
  }

  /// Calls `visit(site)` for at least all sites within reach of a point until it returns true; true
  /// if it did.
  template <typename Visit>
  bool any_near(const Vector3& point, const Visit& visit) const {
    std::array<std::array<std::int64_t, 2>, 3> spans{};  // first box and how many
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double place = wrapped(point[axis]) * static_cast<double>(boxes_[axis]);
      const double reach = reach_[axis] * static_cast<double>(boxes_[axis]) * (1 + 1e-9) + 1e-9;
      const auto first = static_cast<std::int64_t>(std::floor(place - reach));
      const auto last = static_cast<std::int64_t>(std::floor(place + reach));
      spans[axis] = {first, std::min(last - first + 1, boxes_[axis])};
    }
    for (std::int64_t i = 0; i < spans[0][1]; ++i)
      for (std::int64_t j = 0; j < spans[1][1]; ++j)
        for (std::int64_t k = 0; k < spans[2][1]; ++k) {
          const std::size_t box = index_of(
              {cyclic(spans[0][0] + i, 0), cyclic(spans[1][0] + j, 1), cyclic(spans[2][0] + k, 2)});
          for (std::size_t at = starts_[box]; at < starts_[box + 1]; ++at)
            if (visit(sites_[at])) return true;
        }
    return false;
  }

 private:
  static double wrapped(double value) {
    return std::isfinite(value) ? value - std::floor(value) : 0;
  }
  std::int64_t cyclic(std::int64_t box, std::size_t axis) const {
    return (box % boxes_[axis] + boxes_[axis]) % boxes_[axis];
  }
  std::int64_t box_of(double value, std::size_t axis) const {
    const auto box = static_cast<std::int64_t>(wrapped(value) * static_cast<double>(boxes_[axis]));
    return std::min(box, boxes_[axis] - 1);
  }
  std::size_t index_of(const std::array<std::int64_t, 3>& box) const {
    return static_cast<std::size_t>((box[0] * boxes_[1] + box[1]) * boxes_[2] + box[2]);
  }

  Vector3 reach_;
  std::array<std::int64_t, 3> boxes_{};
  std::vector<std::size_t> starts_, sites_;  // sites by box, and where those of each box start
};

std::vector<SiteGroup> group_sites(const Crystal& crystal) {
  std::map<std::string, SiteGroup> by_symbol;
  for (std::size_t site = 0; site < crystal.size(); ++site) {
    SiteGroup& group = by_symbol[element(crystal.atomic_numbers[site]).symbol];
    group.atomic_number = crystal.atomic_numbers[site];
    group.positions.push_back(crystal.fractional_coordinates[site]);
  }
  std::vector<SiteGroup> groups;
  for (auto& [symbol, group] : by_symbol) groups.push_back(std::move(group));
  return groups;
}

/// Whether two sites of the group may fall together in a smaller cell: they are no close neighbours
/// in this one, or one and the same.
bool may_coincide(const SiteGroup& group, std::size_t i, std::size_t j, const Vector3& tolerance) {
  if (i == j) return true;
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (periodic_gap(group.positions[i][axis] - group.positions[j][axis]) > 2 * tolerance[axis])
      return true;
  return false;
}

/// True when moving the group along `translation` brings every site onto some site of the group;
/// `near` holds its positions.
bool repeats(const SiteGroup& group, const NearSites& near, const Vector3& translation,
             const Vector3& tolerance) {
  return std::ranges::all_of(group.positions, [&](const Vector3& from) {
    return near.any_near(sum(from, translation), [&](std::size_t to) {
      return within(translation, difference(group.positions[to], from), tolerance);
    });
  });
}

std::vector<Vector3> candidate_translations(const std::vector<SiteGroup>& groups,
                                            const Vector3& tolerance) {
  const SiteGroup& smallest = *std::ranges::min_element(
      groups, {}, [](const SiteGroup& group) { return group.positions.size(); });
  const Vector3 doubled = scaled(tolerance, 2.0);
  std::vector<NearSites> near;
  for (const SiteGroup& group : groups) near.emplace_back(group.positions, doubled);
  const auto all_repeat = [&](const Vector3& translation) {
    for (std::size_t i = 0; i < groups.size(); ++i)
      if (!repeats(groups[i], near[i], translation, doubled)) return false;
    return true;
  };
  std::vector<Vector3> translations;
  for (const Vector3& position : smallest.positions) {
    const Vector3 translation = difference(position, smallest.positions.front());
    if (all_repeat(translation)) translations.push_back(translation);
  }
  return translations;
}

/// Fractional coordinates of the merged sites of one group in the smaller cell, or nothing when
/// they do not fall together in cliques of `size`. Tolerances are of the larger cell and the
/// smaller.
std::optional<std::vector<Vector3>> merged_sites(const SiteGroup& group,
                                                 const IntegerMatrix3& matrix,
                                                 const Vector3& large_tolerance,
                                                 const Vector3& tolerance, std::size_t size) {
  const std::size_t n = group.positions.size();
  std::vector<Vector3> positions(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t axis = 0; axis < 3; ++axis)
      positions[i][axis] = group.positions[i][0] * matrix[0][axis] +
                           group.positions[i][1] * matrix[1][axis] +
                           group.positions[i][2] * matrix[2][axis];
  const NearSites near(positions, tolerance);
  std::vector<std::vector<std::size_t>> partners(n);
  for (std::size_t i = 0; i < n; ++i) {
    near.any_near(positions[i], [&](std::size_t j) {
      if (within(positions[j], positions[i], tolerance) &&
          may_coincide(group, i, j, large_tolerance))
        partners[i].push_back(j);
      return false;
    });
    if (partners[i].size() != size) return std::nullopt;
    std::ranges::sort(partners[i]);
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

/// Calls `visit` for each Hermite matrix of the determinant whose inverse's rows all are
/// translations, in the reference's order, until it returns true; true if it did.
template <typename IsTranslation, typename Visit>
bool any_hermite_matrix(int determinant, const IsTranslation& is_translation, const Visit& visit) {
  for (int a = 1; a <= determinant; ++a) {
    if (determinant % a != 0) continue;
    for (int e = 1; e <= determinant / a; ++e) {
      if ((determinant / a) % e != 0) continue;
      const int g = determinant / a / e;
      const auto matrix = [&](int b, int c, int f) {
        return HermiteMatrix{{{{a, b, c}, {0, e, f}, {0, 0, g}}}};
      };
      // The last rows depend on few of the numbers: nearly all matrices are left out by them.
      if (!is_translation(matrix(0, 0, 0).inverse()[2])) continue;
      std::vector<int> possible;
      for (int f = 0; f < e; ++f)
        if (is_translation(matrix(0, 0, f).inverse()[1])) possible.push_back(f);
      if (possible.empty()) continue;
      for (int b = 0; b < a; ++b)
        for (int c = 0; c < a; ++c)
          for (const int f : possible) {
            const HermiteMatrix hermite = matrix(b, c, f);
            if (is_translation(hermite.inverse()[0]) && visit(hermite)) return true;
          }
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
  const Vector3 large = fractional_tolerance(crystal.lattice.vectors(), tolerance);
  const Vector3 small = fractional_tolerance(vectors, tolerance);
  for (const SiteGroup& group : groups) {
    const auto merged = merged_sites(group, hermite.matrix, large, small, size);
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
  const auto groups = group_sites(crystal);
  int common = 0;
  for (const SiteGroup& group : groups)
    common = std::gcd(common, static_cast<int>(group.positions.size()));
  if (common <= 1) return std::nullopt;
  const auto translations = candidate_translations(groups, fractional);
  const NearSites near(translations, fractional);
  const auto is_translation = [&](const Vector3& row) {
    return near.any_near(row, [&](std::size_t translation) {
      return within(row, translations[translation], fractional);
    });
  };
  std::optional<Crystal> found;
  for (int size = 2; size <= common && !found; ++size) {
    if (common % size != 0) continue;
    any_hermite_matrix(size, is_translation, [&](const HermiteMatrix& hermite) {
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
