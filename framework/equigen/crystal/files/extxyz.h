// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "equigen/crystal/files/crystal_record.h"

/// Crystals in the extended xyz format: `Lattice="ax ay az bx by bz cx cy cz"` in the comment.
namespace equigen {

/// Whether the comment line of an .xyz frame states a lattice and does not deny periodicity.
bool comment_is_of_crystal(std::string_view comment);

/// The name that a frame's comment states, also of a frame that cannot be read; may be empty.
std::string name_of_extxyz_frame(std::string_view text);

/// Reads a frame of .extxyz: the number of atoms, the comment, the atoms, as frames_of_xyz() cuts
/// them. Elements are symbols in any case or atomic numbers, in the columns that `Properties` tells
/// ("species" or "Z", "pos"). Numbers of the comment become properties, what else it names texts,
/// `name` (or `material_id`) the name. Throws DataError ("extxyz-invalid"): no lattice, periodic
/// along some axes only, atoms that cannot be read.
CrystalRecord read_extxyz_frame(std::string_view text);

/// A frame with Cartesian positions in Å, ten decimals.
std::string extxyz_text(const CrystalRecord& record);

}  // namespace equigen
