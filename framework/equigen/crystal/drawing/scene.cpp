// SPDX-License-Identifier: MIT
#include "equigen/crystal/drawing/scene.h"

#include <algorithm>
#include <cmath>

#include "equigen/base/error.h"
#include "equigen/crystal/elements.h"

namespace equigen {
namespace {

constexpr std::size_t kMostAtoms = 600;
constexpr double kAtomShare = 0.38;     // of the atomic radius that is drawn
constexpr double kUnknownRadius = 1.3;  // Å
constexpr double kOnFace = 0.02;        // fractional; nearer to a face counts as on it
constexpr double kBondFactor = 1.15;

void require_drawable(const Crystal& crystal) {
  if (crystal.size() == 0) throw DataError("drawing-empty", "the crystal has no atoms");
  const double volume = crystal.lattice.volume();
  if (!std::isfinite(volume) || !(volume > 1e-6))
    throw DataError("drawing-lattice", "the lattice is flat or not finite");
  for (const Vector3& site : crystal.fractional_coordinates)
    if (!std::ranges::all_of(site, [](double component) { return std::isfinite(component); }))
      throw DataError("drawing-coordinates", "a coordinate is not finite");
}

bool is_known(int atomic_number) {
  return atomic_number >= 1 && atomic_number <= kLargestAtomicNumber;
}

double drawn_radius(int atomic_number) {
  if (!is_known(atomic_number)) return kAtomShare * kUnknownRadius;
  return kAtomShare * element(atomic_number).atomic_radius.value_or(kUnknownRadius);
}

double bond_radius(int atomic_number) {
  if (!is_known(atomic_number)) return kUnknownRadius;
  return element(atomic_number).covalent_radius.value_or(kUnknownRadius);
}

/// The site and its images on opposite faces.
void add_images(const Crystal& crystal, std::size_t site, CrystalScene& scene) {
  const Vector3 inside = wrapped(crystal.fractional_coordinates[site]);
  const std::uint8_t atomic_number = crystal.atomic_numbers[site];
  for (unsigned image = 0; image < 8; ++image) {
    Vector3 at = inside;
    bool exists = true;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if ((image >> axis & 1U) == 0) continue;
      if (at[axis] < kOnFace)
        at[axis] += 1;
      else if (at[axis] > 1 - kOnFace)
        at[axis] -= 1;
      else
        exists = false;
    }
    if (exists)
      scene.balls.push_back(
          {crystal.lattice.to_cartesian(at), drawn_radius(atomic_number), atomic_number});
  }
}

void add_bonds(CrystalScene& scene) {
  for (std::uint32_t i = 0; i < scene.balls.size(); ++i)
    for (std::uint32_t j = i + 1; j < scene.balls.size(); ++j) {
      const auto& [from, from_radius, first] = scene.balls[i];
      const auto& [to, to_radius, second] = scene.balls[j];
      const double reach = kBondFactor * (bond_radius(first) + bond_radius(second));
      const double distance = norm({to[0] - from[0], to[1] - from[1], to[2] - from[2]});
      if (distance > 0.1 && distance < reach) scene.bonds.emplace_back(i, j);
    }
}

}  // namespace

CrystalScene scene_of(const Crystal& crystal) {
  require_drawable(crystal);
  CrystalScene scene;
  for (std::size_t site = 0; site < std::min(crystal.size(), kMostAtoms); ++site)
    add_images(crystal, site, scene);
  add_bonds(scene);
  return scene;
}

}  // namespace equigen
