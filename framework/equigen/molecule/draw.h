// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "equigen/molecule/molecule.h"

namespace equigen {

/// Draws a molecule as a small SVG element to be put into an HTML page: no XML prolog, transparent;
/// bonds and carbons take the colour of the surrounding text (currentColor), other elements have
/// colours that are readable on light and dark pages. `width` and `height` in pixels.
/// Throws DataError for a molecule without atoms or with impossible valences.
std::string draw_svg(const Molecule& molecule, int width, int height);

}  // namespace equigen
