// SPDX-License-Identifier: MIT
#include "equigen/crystal/neighbours.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "equigen/base/error.h"

namespace equigen {
namespace {

constexpr double kMostRows = 2e8;
constexpr double kMostImages = 1e7;  // cells around one, searched for each atom
constexpr double kMostBoxesOfAxis = 1e6;
constexpr double kBoxesOfAtom = 8;
constexpr double kRounding = 1e-9;   // Å; of the cutoff
constexpr double kStep = 1e-8;       // Å; distances nearer than this are ordered by site
constexpr double kFirstShell = 1.6;  // times the radius of a sphere that holds the count

[[noreturn]] void refuse(const std::string& reason) {
  throw DataError("crystal.neighbours", reason);
}

auto order_of(const PeriodicNeighbour& row) {
  return std::tuple(row.from, std::llround(row.distance / kStep), row.to, row.cell);
}

/// Atoms sorted into boxes of the cell, and the boxes that hold what is near.
class CellList {
 public:
  CellList(const Crystal& crystal, double cutoff)
      : crystal_(crystal), vectors_(crystal.lattice.vectors()), cutoff_(cutoff) {
    const Vector3 planes = crystal.lattice.reciprocal_lengths();
    const double atoms = static_cast<double>(crystal.size());
    Vector3 most{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      most[axis] = std::clamp(std::floor(2 / planes[axis] / cutoff), 1.0, kMostBoxesOfAxis);
    // Many more boxes than atoms only cost; in a chain or slab they lie along one or two axes.
    while (most[0] * most[1] * most[2] > kBoxesOfAtom * atoms + 1) {
      double& longest = *std::ranges::max_element(most);
      longest = std::floor(longest / 2 + 0.5);
    }
    double images = 1;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      boxes_[axis] = static_cast<std::int64_t>(most[axis]);
      reach_[axis] = std::floor(cutoff * planes[axis] * most[axis]) + 1;
      images *= 2 * reach_[axis] / most[axis] + 1;
    }
    if (!(images <= kMostImages))
      refuse(fmt::format("a cutoff of {} Å reaches {:.3g} cells around one", cutoff, images));
    sort_into_boxes();
  }

  /// Calls `found(to, cell, squared distance)` for all images near an atom.
  template <typename Found>
  void visit(std::size_t from, const Found& found) const {
    std::array<std::int64_t, 3> box = box_of(wrapped_[from]);
    const std::array<std::int64_t, 3> reach{static_cast<std::int64_t>(reach_[0]),
                                            static_cast<std::int64_t>(reach_[1]),
                                            static_cast<std::int64_t>(reach_[2])};
    for (std::int64_t i = box[0] - reach[0]; i <= box[0] + reach[0]; ++i)
      for (std::int64_t j = box[1] - reach[1]; j <= box[1] + reach[1]; ++j)
        for (std::int64_t k = box[2] - reach[2]; k <= box[2] + reach[2]; ++k)
          visit_box(from, {i, j, k}, found);
  }

 private:
  void sort_into_boxes() {
    const auto count = static_cast<std::size_t>(boxes_[0] * boxes_[1] * boxes_[2]);
    starts_.assign(count + 1, 0);
    for (const Vector3& site : crystal_.fractional_coordinates) {
      const Vector3 inside = wrapped(site);
      Vector3 shift{};
      for (std::size_t axis = 0; axis < 3; ++axis)
        shift[axis] = std::round(inside[axis] - site[axis]);
      wrapped_.push_back(inside);
      shifts_.push_back(
          {static_cast<int>(shift[0]), static_cast<int>(shift[1]), static_cast<int>(shift[2])});
      positions_.push_back(crystal_.lattice.to_cartesian(inside));
      ++starts_[index_of(box_of(inside)) + 1];
    }
    for (std::size_t box = 0; box < count; ++box) starts_[box + 1] += starts_[box];
    atoms_.resize(crystal_.size());
    auto next = starts_;
    for (std::size_t atom = 0; atom < crystal_.size(); ++atom)
      atoms_[next[index_of(box_of(wrapped_[atom]))]++] = atom;
  }

  std::array<std::int64_t, 3> box_of(const Vector3& inside) const {
    std::array<std::int64_t, 3> box{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      box[axis] =
          std::min(static_cast<std::int64_t>(inside[axis] * static_cast<double>(boxes_[axis])),
                   boxes_[axis] - 1);
    return box;
  }

  std::size_t index_of(const std::array<std::int64_t, 3>& box) const {
    return static_cast<std::size_t>((box[0] * boxes_[1] + box[1]) * boxes_[2] + box[2]);
  }

  template <typename Found>
  void visit_box(std::size_t from, std::array<std::int64_t, 3> box, const Found& found) const {
    std::array<std::int64_t, 3> image{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      image[axis] = box[axis] >= 0 ? box[axis] / boxes_[axis]
                                   : -((boxes_[axis] - 1 - box[axis]) / boxes_[axis]);
      box[axis] -= image[axis] * boxes_[axis];
    }
    const std::size_t index = index_of(box);
    if (starts_[index] == starts_[index + 1]) return;
    Vector3 offset{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      offset[axis] = static_cast<double>(image[0]) * vectors_[0][axis] +
                     static_cast<double>(image[1]) * vectors_[1][axis] +
                     static_cast<double>(image[2]) * vectors_[2][axis] - positions_[from][axis];
    const double limit = (cutoff_ + kRounding) * (cutoff_ + kRounding);
    for (std::size_t place = starts_[index]; place < starts_[index + 1]; ++place) {
      const std::size_t to = atoms_[place];
      const Vector3 apart{positions_[to][0] + offset[0], positions_[to][1] + offset[1],
                          positions_[to][2] + offset[2]};
      const double squared = dot(apart, apart);
      if (squared > limit) continue;
      if (to == from && image == std::array<std::int64_t, 3>{0, 0, 0}) continue;
      std::array<int, 3> cell{};
      for (std::size_t axis = 0; axis < 3; ++axis)
        cell[axis] = static_cast<int>(image[axis]) + shifts_[to][axis] - shifts_[from][axis];
      found(to, cell, squared);
    }
  }

  const Crystal& crystal_;
  const Matrix3& vectors_;
  double cutoff_;
  std::array<std::int64_t, 3> boxes_{};
  Vector3 reach_{};  ///< boxes on either side
  std::vector<Vector3> wrapped_;
  std::vector<std::array<int, 3>> shifts_;  ///< wrapped - given
  std::vector<Vector3> positions_;          ///< of the wrapped ones, Å
  std::vector<std::size_t> starts_;         ///< of each box in `atoms_`
  std::vector<std::size_t> atoms_;
};

void require_searchable(const Crystal& crystal) {
  const double volume = crystal.lattice.volume();
  if (!std::isfinite(volume) || !(volume > 0)) refuse("the lattice is flat or not finite");
  for (const Vector3& site : crystal.fractional_coordinates)
    for (const double component : site)
      if (!(std::abs(component) < 1e9)) refuse("a coordinate is not finite or too large");
}

double expected_rows(const Crystal& crystal, double cutoff) {
  const double atoms = static_cast<double>(crystal.size());
  const double sphere = 4.0 / 3 * std::numbers::pi * cutoff * cutoff * cutoff;
  return atoms * atoms * sphere / crystal.lattice.volume();
}

/// Cuts one atom's sorted rows behind the last one that is kept.
void keep_nearest(std::vector<PeriodicNeighbour>& rows, std::size_t begin, int most,
                  double tie_tolerance) {
  auto kept = begin + static_cast<std::size_t>(most);
  if (rows.size() <= kept) return;
  if (tie_tolerance > 0) {
    const double farthest = rows[kept - 1].distance + tie_tolerance;
    while (kept < rows.size() && rows[kept].distance <= farthest) ++kept;
  }
  rows.resize(kept);
}

}  // namespace

std::vector<PeriodicNeighbour> periodic_neighbours(const Crystal& crystal,
                                                   const NeighbourSearch& search) {
  require_searchable(crystal);
  if (!(search.cutoff > 0) || !std::isfinite(search.cutoff))
    refuse(fmt::format("the cutoff {} Å is not positive", search.cutoff));
  if (search.max_neighbours < 0 || !(search.tie_tolerance >= 0))
    refuse("max_neighbours and tie_tolerance may not be negative");
  if (expected_rows(crystal, search.cutoff) > kMostRows)
    refuse(fmt::format("a cutoff of {} Å gives {:.2g} neighbours", search.cutoff,
                       expected_rows(crystal, search.cutoff)));
  std::vector<PeriodicNeighbour> rows;
  if (crystal.size() == 0) return rows;
  const CellList list(crystal, search.cutoff);
  for (std::size_t from = 0; from < crystal.size(); ++from) {
    const std::size_t begin = rows.size();
    list.visit(from, [&](std::size_t to, const std::array<int, 3>& cell, double squared) {
      if (to == from && !search.with_own_images) return;
      rows.push_back({static_cast<std::int64_t>(from), static_cast<std::int64_t>(to), cell,
                      std::sqrt(squared)});
    });
    std::sort(rows.begin() + static_cast<std::ptrdiff_t>(begin), rows.end(),
              [](const auto& a, const auto& b) { return order_of(a) < order_of(b); });
    if (search.max_neighbours > 0)
      keep_nearest(rows, begin, search.max_neighbours, search.tie_tolerance);
  }
  return rows;
}

std::vector<PeriodicNeighbour> nearest_neighbours(const Crystal& crystal, int count,
                                                  double tie_tolerance) {
  if (count < 1) refuse(fmt::format("{} nearest neighbours", count));
  require_searchable(crystal);
  if (crystal.size() == 0) return {};
  const double volume_per_atom = crystal.lattice.volume() / static_cast<double>(crystal.size());
  NeighbourSearch search{
      .cutoff = kFirstShell * std::cbrt(0.75 / std::numbers::pi * (count + 1) * volume_per_atom),
      .max_neighbours = count,
      .tie_tolerance = tie_tolerance};
  while (true) {
    const auto rows = periodic_neighbours(crystal, search);
    std::vector<int> found(crystal.size(), 0);
    std::vector<double> farthest(crystal.size(), 0);
    for (const PeriodicNeighbour& row : rows) {
      const auto from = static_cast<std::size_t>(row.from);
      if (++found[from] == count) farthest[from] = row.distance;
    }
    bool is_whole = true;
    for (std::size_t atom = 0; atom < crystal.size(); ++atom)
      is_whole =
          is_whole && found[atom] >= count && farthest[atom] + tie_tolerance <= search.cutoff;
    if (is_whole) return rows;
    search.cutoff *= 1.5;
  }
}

}  // namespace equigen
