// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "equigen/graph/graph.h"

namespace equigen {

/// Returns an SVG element of a graph's layout, `width` by `height` pixels. Lines and nodes take the
/// colour of the text around (currentColor), so that it suits light and dark pages. Throws
/// DataError when width or height is below 1.
std::string draw_svg(const Graph& graph, int width, int height);

}  // namespace equigen
