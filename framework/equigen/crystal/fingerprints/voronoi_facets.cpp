// SPDX-License-Identifier: MIT
#include "equigen/crystal/fingerprints/voronoi_facets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equigen/base/error.h"
#include "equigen/crystal/fingerprints/convex_cell.h"
#include "equigen/crystal/matrix3.h"

namespace equigen {
namespace {

constexpr double kPublishedRadius = 7;  // Å
constexpr double kMostPoints = 1e6;     // to look at for one shell of neighbours
constexpr double kCoincident = 1e-6;    // Å
constexpr double kFarthestCoordinate = 1e6;
constexpr double kFarAway = 1000;  // Å: where an open cell ends

double triangle_solid_angle(const Vector3& a, const Vector3& b, const Vector3& c) {
  const double la = norm(a), lb = norm(b), lc = norm(c);
  const double numerator = std::abs(dot(a, cross(b, c)));
  const double denominator = la * lb * lc + lc * dot(a, b) + lb * dot(a, c) + la * dot(b, c);
  return 2 * std::atan2(numerator, denominator);
}

struct Measure {
  double solid_angle = 0;
  double area = 0;
};

Measure measure(const std::vector<Vector3>& vertices) {
  Measure total;
  for (std::size_t i = 2; i < vertices.size(); ++i) {
    total.solid_angle += triangle_solid_angle(vertices[0], vertices[i - 1], vertices[i]);
    total.area += norm(cross(difference(vertices[i - 1], vertices[0]),
                             difference(vertices[i], vertices[0]))) /
                  2;
  }
  return total;
}

double longest_diagonal(const Lattice& lattice) {
  double longest = 0;
  for (const Vector3& corner : {Vector3{1, 1, 1}, {-1, 1, 1}, {1, -1, 1}, {1, 1, -1}})
    longest = std::max(longest, norm(lattice.to_cartesian(corner)));
  return longest;
}

}  // namespace

VoronoiCells::VoronoiCells(const Crystal& crystal)
    : lattice_(crystal.lattice.vectors()),
      reciprocal_lengths_(crystal.lattice.reciprocal_lengths()),
      spacing_(std::cbrt(crystal.lattice.volume() / static_cast<double>(crystal.size()))),
      diagonal_(longest_diagonal(crystal.lattice)) {
  for (const Vector3& position : crystal.fractional_coordinates) {
    std::array<int, 3> offset{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (!(std::abs(position[axis]) < kFarthestCoordinate))
        throw DataError(
            "crystal.coordinate",
            fmt::format("the fractional coordinate {} is out of range", position[axis]));
      offset[axis] = static_cast<int>(std::floor(position[axis]));
    }
    positions_.push_back(
        difference(position, Vector3{double(offset[0]), double(offset[1]), double(offset[2])}));
    offset_.push_back(offset);
  }
}

std::vector<VoronoiCells::Point> VoronoiCells::points(std::size_t site, double beyond,
                                                      double up_to) const {
  std::vector<Point> found;
  double images = static_cast<double>(positions_.size());
  for (const double reciprocal : reciprocal_lengths_) images *= 2 * up_to * reciprocal + 1;
  if (!(images <= kMostPoints))
    throw DataError("crystal.voronoi-points",
                    fmt::format("there are too many atoms within {:.0f} Å", up_to));
  for (std::size_t atom = 0; atom < positions_.size(); ++atom) {
    const Vector3 offset = difference(positions_[atom], positions_[site]);
    std::array<int, 3> low{}, high{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double reach = up_to * reciprocal_lengths_[axis] + 1e-9;
      low[axis] = static_cast<int>(std::ceil(-reach - offset[axis]));
      high[axis] = static_cast<int>(std::floor(reach - offset[axis]));
    }
    for (int i = low[0]; i <= high[0]; ++i)
      for (int j = low[1]; j <= high[1]; ++j)
        for (int k = low[2]; k <= high[2]; ++k) {
          const Vector3 vector =
              row_times(Vector3{offset[0] + i, offset[1] + j, offset[2] + k}, lattice_);
          const double distance = norm(vector);
          const bool itself = atom == site && i == 0 && j == 0 && k == 0;
          if (itself || distance > up_to || distance <= beyond) continue;
          const std::array<int, 3> cell{i - offset_[atom][0] + offset_[site][0],
                                        j - offset_[atom][1] + offset_[site][1],
                                        k - offset_[atom][2] + offset_[site][2]};
          found.push_back({atom, cell, vector, distance});
        }
  }
  std::ranges::sort(found, {}, [](const Point& point) { return point.distance; });
  return found;
}

std::vector<VoronoiFacet> VoronoiCells::facets_within(std::size_t site, double radius) const {
  ConvexCell cell;
  cell.reset(kFarAway);
  std::vector<Point> cutters;
  double done = -1;
  double reach = std::min(radius, 2.5 * spacing_);
  while (true) {
    for (Point& point : points(site, done, reach)) {
      // A plane beyond every vertex cuts nothing, nor does any after it.
      if (point.distance > 2 * cell.radius()) break;
      if (point.distance < kCoincident)
        throw DataError("crystal.coincident-atoms",
                        fmt::format("atoms {} and {} coincide", site + 1, point.atom + 1));
      cell.cut(point.vector, static_cast<int>(cutters.size()));
      cutters.push_back(point);
    }
    done = reach;
    if (reach >= std::min(radius, 2 * cell.radius())) break;
    reach = std::min({radius, 2 * cell.radius(), 1.5 * reach});
  }
  if (!cell.bounded()) return {};
  std::vector<VoronoiFacet> facets;
  for (const ConvexCell::Face& face : cell.faces()) {
    const Point& point = cutters[static_cast<std::size_t>(face.plane)];
    const Measure size = measure(face.vertices);
    facets.push_back({.atom = point.atom,
                      .cell = point.cell,
                      .vector = point.vector,
                      .distance = point.distance,
                      .solid_angle = size.solid_angle,
                      .area = size.area});
  }
  std::ranges::stable_sort(facets, {}, [](const VoronoiFacet& facet) { return facet.distance; });
  return facets;
}

std::vector<VoronoiFacet> VoronoiCells::facets(std::size_t site) const {
  for (double radius = kPublishedRadius;;) {
    std::vector<VoronoiFacet> found = facets_within(site, radius);
    if (!found.empty()) return found;
    if (radius >= diagonal_ + 0.01)
      throw DataError("crystal.open-voronoi-cell",
                      fmt::format("the Voronoi cell of atom {} is open", site + 1));
    radius = std::min(2 * radius, diagonal_ + 0.011);
  }
}

}  // namespace equigen
