// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

#include "crystal_stability/interatomic_potential.h"

namespace equigen::crystal_stability {

struct RelaxationOptions {
  double largest_force = 0.05;  ///< eV/Å; also the scaled stress must fall below
  std::int64_t most_steps = 500;
  bool relax_cell = true;
};

struct Relaxation {
  Crystal crystal;
  double energy_before = 0;  ///< eV of the cell
  double energy_after = 0;
  std::int64_t steps = 0;
  bool converged = false;
};

using EnergyFunction = std::function<EnergyAndForces(const Crystal&)>;

/// Moves atoms, and with `relax_cell` the cell, along the forces by FIRE (Bitzek et al., Phys. Rev.
/// Lett. 97, 170201, 2006) until they are small. The cell's nine components move as in the unit
/// cell filter that the field's tools use: the deformation gradient scaled by the number of atoms
/// beside the positions of the undeformed cell.
Relaxation relax(const Crystal& crystal, const EnergyFunction& energy,
                 const RelaxationOptions& options);

}  // namespace equigen::crystal_stability
