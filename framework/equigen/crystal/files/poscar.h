// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "equigen/crystal/crystal.h"

namespace equigen {

/// Reads a POSCAR or CONTCAR of VASP 4, 5 or 6: one scale, three, or a negative one (the volume);
/// elements from their line ("Fe_pv" and "Fe/1a2b" are Fe) or, in the old form, from a first line
/// that names as many elements as there are counts; selective dynamics; direct or Cartesian
/// coordinates. Velocities and what else follows are ignored. The first line becomes the name.
/// Throws DataError ("poscar-invalid") with the line.
Crystal read_poscar(std::string_view text);

/// The text of a POSCAR: scale 1, direct coordinates, atoms gathered by element in the order of
/// their first appearance.
std::string poscar_text(const Crystal& crystal);

}  // namespace equigen
