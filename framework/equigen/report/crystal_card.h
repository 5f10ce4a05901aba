// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "equigen/crystal/crystal.h"

namespace equigen::report {

/// The picture of a unit cell: a drawing for pages without script, and the data with which
/// assets/crystal_viewer.js turns it. Where it cannot be drawn, the reason.
std::string crystal_drawing(const Crystal& crystal, int width, int height);

/// "Pm-3m (221)", found with a tolerance of 0.1 Å, or why there is none.
std::string space_group_text(const Crystal& crystal);

/// The crystal as CIF, folded, to be copied.
std::string crystal_file_element(const Crystal& crystal);

}  // namespace equigen::report
