// SPDX-License-Identifier: MIT
#pragma once

#include "equigen/crystal/crystal.h"

namespace equigen {

/// The smallest cell that repeats the crystal within `tolerance` (Å), as the field's structure
/// matcher finds it: symmetry plays no part, sites that coincide in the smaller cell are averaged.
/// A cell that gets smaller is Niggli-reduced (rule `reference`) and its sites are grouped by
/// element symbol; one that does not is returned as given. Throws as lll_reduced() does.
///
/// The tolerance makes a known edge: a crystal with an exact half cell and its copy with 0.05 Å
/// noise can reduce to different sizes.
Crystal primitive_cell(const Crystal& crystal, double tolerance = 0.25);

}  // namespace equigen
