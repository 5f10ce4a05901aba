// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <vector>

#include "equigen/crystal/crystal.h"

namespace equigen {

/// A facet of a site's Voronoi cell, towards one neighbour.
struct VoronoiFacet {
  std::size_t atom = 0;
  std::array<int, 3> cell{};  ///< the neighbour's position is fractional_coordinates[atom] + cell
  Vector3 vector{};           ///< Å, from the site to the neighbour
  double distance = 0;        ///< Å
  double solid_angle = 0;     ///< steradian, seen from the site
  double area = 0;            ///< Å²
};

/// Voronoi cells of a crystal's sites.
class VoronoiCells {
 public:
  /// Throws DataError for a flat lattice and for coordinates that are not finite or beyond 1e6.
  explicit VoronoiCells(const Crystal& crystal);

  /// The facets of one site, by ascending distance. As in the published fingerprints, only atoms
  /// within 7 Å make the cell; where that leaves it open, the radius is doubled, up to the cell's
  /// longest diagonal. Throws DataError when it still is open, when two atoms coincide, or when
  /// more than a million atoms would have to be looked at.
  [[nodiscard]] std::vector<VoronoiFacet> facets(std::size_t site) const;

 private:
  struct Point {
    std::size_t atom;
    std::array<int, 3> cell;
    Vector3 vector;
    double distance;
  };

  [[nodiscard]] std::vector<Point> points(std::size_t site, double beyond, double up_to) const;
  [[nodiscard]] std::vector<VoronoiFacet> facets_within(std::size_t site, double radius) const;

  Matrix3 lattice_;
  std::vector<Vector3> positions_;          // wrapped
  std::vector<std::array<int, 3>> offset_;  // whole cells that were taken off
  Vector3 reciprocal_lengths_;
  double spacing_;   // Å: cube root of the volume of an atom
  double diagonal_;  // Å
};

}  // namespace equigen
