// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "equigen/crystal/crystal.h"

namespace equigen {

/// What a picture of a unit cell shows.
struct CrystalScene {
  struct Ball {
    Vector3 at{};       ///< Å
    double radius = 0;  ///< Å, as drawn
    std::uint8_t atomic_number = 0;
  };
  std::vector<Ball> balls;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> bonds;  ///< indices of balls
};

/// The atoms of the cell, wrapped into it, those on a face, edge or corner also on the opposite
/// ones; and a bond between any two of these that are nearer than 1.15 times the sum of their
/// covalent radii. Only the first 600 atoms are shown. Throws DataError for a crystal without
/// atoms, with a lattice that is flat or not finite, or with coordinates that are not finite.
CrystalScene scene_of(const Crystal& crystal);

}  // namespace equigen
