// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "equigen/base/error.h"
#include "equigen/crystal/minimum_image.h"
#include "equigen/crystal/validity/validity.h"

namespace equigen {
namespace {

bool finite(const Vector3& vector) {
  return std::isfinite(vector[0]) && std::isfinite(vector[1]) && std::isfinite(vector[2]);
}

struct ClosestPair {
  double distance = std::numeric_limits<double>::infinity();
  std::size_t first = 0, second = 0;
};

/// Points in a reduced cell are at least as far apart as their lattice planes are, along each axis.
bool are_farther(const Vector3& a, const Vector3& b, const Vector3& limits) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double apart = std::abs(a[axis] - b[axis]);
    if (std::min(apart, 1 - apart) > limits[axis]) return true;
  }
  return false;
}

/// The closest of the pairs that are nearer than `limit` (Å).
ClosestPair closest_pair(const Crystal& crystal, const MinimumImages& images, double limit) {
  std::vector<Vector3> reduced, positions;
  for (const Vector3& position : crystal.fractional_coordinates) {
    reduced.push_back(images.reduced_fractional(position));
    positions.push_back(images.cartesian(reduced.back()));
  }
  const Vector3 limits = scaled(images.reciprocal_lengths(), limit * (1 + 1e-9));
  ClosestPair closest;
  for (std::size_t j = 1; j < positions.size(); ++j)
    for (std::size_t i = 0; i < j; ++i) {
      if (are_farther(reduced[i], reduced[j], limits)) continue;
      const double distance = norm(images.shortest_image(difference(positions[j], positions[i])));
      if (distance < limit && distance < closest.distance) closest = {distance, i, j};
    }
  return closest;
}

}  // namespace

std::optional<std::string> structure_fault(const Crystal& crystal, const StructureRule& rule) {
  if (crystal.size() == 0) return "it has no atoms";
  if (!std::ranges::all_of(crystal.lattice.vectors(), finite)) return "its lattice is not finite";
  if (!std::ranges::all_of(crystal.fractional_coordinates, finite))
    return "a coordinate is not finite";
  const double volume = crystal.lattice.volume();
  if (!(volume >= rule.least_volume))
    return fmt::format("its volume is {:.2g} Å³, below {:g} Å³", volume, rule.least_volume);
  try {
    const MinimumImages images(crystal.lattice);
    if (rule.own_images && images.shortest_lattice_vector() < rule.least_distance)
      return fmt::format("atom 1 is {:.2f} Å from its own image", images.shortest_lattice_vector());
    const ClosestPair closest = closest_pair(crystal, images, rule.least_distance);
    if (closest.distance < rule.least_distance)
      return fmt::format("atoms {} and {} are {:.2f} Å apart", closest.first + 1,
                         closest.second + 1, closest.distance);
  } catch (const DataError& error) {
    return error.message();
  }
  return std::nullopt;
}

CrystalVerdict crystal_verdict(const Crystal& crystal, const StructureRule& structure,
                               const CompositionRule& composition_rule) {
  return {.structure_fault = structure_fault(crystal, structure),
          .composition_fault = composition_fault(composition(crystal), composition_rule)};
}

}  // namespace equigen
