// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "equigen/crystal/crystal.h"

namespace equigen {

/// `to`, moved by `cell` lattice vectors, is near `from`. Coordinates count as they are given, not
/// wrapped: the vector between the two is (f_to + cell - f_from) · lattice.
struct PeriodicNeighbour {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::array<int, 3> cell{0, 0, 0};
  double distance = 0;  ///< Å

  bool operator==(const PeriodicNeighbour&) const = default;
};

struct NeighbourSearch {
  double cutoff = 5;       ///< Å; neighbours at exactly this distance count
  int max_neighbours = 0;  ///< nearest ones kept of each atom; 0: all
  /// With max_neighbours: those that are at most this (Å) farther than the last one kept stay, too,
  /// so that no shell is cut by rounding; 0: exactly max_neighbours.
  double tie_tolerance = 0;
  bool with_own_images = true;  ///< an atom's images of itself count; itself never does

  bool operator==(const NeighbourSearch&) const = default;
};

/// All pairs within the cutoff, of cells of any size and shape, through a cell list: linear in the
/// number of atoms. Rows are sorted by from, then distance (to 1e-8 Å), to and cell, so that the
/// same crystal gives the same rows everywhere, and ties are cut the same way.
/// Throws DataError: a flat lattice, numbers that are not finite, a cutoff that is not positive, or
/// so large for the cell that there were more than 200 million rows.
std::vector<PeriodicNeighbour> periodic_neighbours(const Crystal& crystal,
                                                   const NeighbourSearch& search);

/// The nearest `count` images of each atom's neighbours, however far they are, in the order as
/// above. Throws DataError as above and for a count below 1.
std::vector<PeriodicNeighbour> nearest_neighbours(const Crystal& crystal, int count,
                                                  double tie_tolerance = 0);

}  // namespace equigen
