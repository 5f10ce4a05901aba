// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "equigen/crystal/crystal.h"

namespace equigen {

/// Draws a unit cell as a small SVG element to be put into an HTML page: the twelve edges take the
/// colour of the text around (currentColor), atoms are shaded circles in element colours (Jmol's),
/// the nearest last; atoms on a face are shown on the opposite one too. Parallel projection, c
/// upwards. `width` and `height` in pixels.
/// Throws DataError for a crystal without atoms, with a lattice that is flat or not finite, or with
/// coordinates that are not finite.
std::string draw_svg(const Crystal& crystal, int width, int height);

/// "#ff0d0d" of oxygen: Jmol's colours, those of CPK models where there are such. Grey for numbers
/// outside 1..103.
std::string element_colour(int atomic_number);

}  // namespace equigen
