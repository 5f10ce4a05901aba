// SPDX-License-Identifier: MIT
#include "equigen/graph/draw.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "equigen/base/error.h"
#include "equigen/graph/layout.h"

namespace equigen {
namespace {

using Positions = std::vector<std::array<double, 2>>;

double node_radius(std::int32_t node_count, int width, int height) {
  const double share =
      std::sqrt(static_cast<double>(width) * height / std::max<std::int32_t>(node_count, 1));
  return std::clamp(0.13 * share, 1.0, 5.0);
}

/// Scales positions, keeping proportions, into the middle of a canvas with a margin.
void fit(Positions& positions, int width, int height, double margin) {
  if (positions.empty()) return;
  std::array<double, 2> low = positions.front();
  std::array<double, 2> high = positions.front();
  for (const auto& position : positions) {
    for (std::size_t k = 0; k < 2; ++k) {
      low[k] = std::min(low[k], position[k]);
      high[k] = std::max(high[k], position[k]);
    }
  }
  const std::array<double, 2> canvas{static_cast<double>(width), static_cast<double>(height)};
  double scale = 0.25 * std::min(canvas[0], canvas[1]);
  for (std::size_t k = 0; k < 2; ++k) {
    const double extent = high[k] - low[k];
    if (extent > 0) scale = std::min(scale, std::max(canvas[k] - 2 * margin, 0.0) / extent);
  }
  for (auto& position : positions) {
    for (std::size_t k = 0; k < 2; ++k) {
      position[k] = canvas[k] / 2 + scale * (position[k] - (low[k] + high[k]) / 2);
    }
  }
}

}  // namespace

std::string draw_svg(const Graph& graph, int width, int height) {
  if (width < 1 || height < 1) {
    throw DataError("drawing-size",
                    fmt::format("cannot draw a graph on {} x {} pixels", width, height));
  }
  const double radius = node_radius(graph.node_count, width, height);
  Positions positions = layout_graph(graph);
  fit(positions, width, height, radius + 2);
  std::string svg = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}" )"
      R"(role="img" aria-label="graph with {2} nodes and {3} edges">)",
      width, height, graph.node_count, graph.edges.size());
  const auto out = std::back_inserter(svg);
  fmt::format_to(out,
                 R"(<path fill="none" stroke="currentColor" stroke-opacity="0.45" )"
                 R"(stroke-width="{:.2f}" d=")",
                 std::clamp(radius / 3, 0.5, 1.5));
  for (const auto& [i, j] : graph.edges) {
    const auto& a = positions[static_cast<std::size_t>(i)];
    const auto& b = positions[static_cast<std::size_t>(j)];
    fmt::format_to(out, "M{:.1f} {:.1f}L{:.1f} {:.1f}", a[0], a[1], b[0], b[1]);
  }
  svg += R"("/><g fill="currentColor">)";
  for (const auto& position : positions) {
    fmt::format_to(out, R"(<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}"/>)", position[0], position[1],
                   radius);
  }
  svg += "</g></svg>";
  return svg;
}

}  // namespace equigen
