// SPDX-License-Identifier: MIT
#include <boost/polygon/voronoi.hpp>
#include <cstdint>
#include <vector>

#include "equigen/graph/graph_recipes.h"

namespace equigen::recipes {
namespace {

using Point = boost::polygon::point_data<std::int32_t>;

std::vector<Point> drawn_points(std::int32_t count, RandomStream& random) {
  // Boost.Polygon computes exactly on 32-bit integers.
  constexpr std::uint64_t kSide = std::uint64_t{1} << 30U;
  std::vector<Point> points;
  for (std::int32_t k = 0; k < count; ++k) {
    const auto x = static_cast<std::int32_t>(random.below(kSide));
    points.emplace_back(x, static_cast<std::int32_t>(random.below(kSide)));
  }
  return points;
}

}  // namespace

Graph make(const PlanarRecipe& recipe, RandomStream& random) {
  const auto n = drawn_between(random, recipe.min_nodes, recipe.max_nodes);
  const auto points = drawn_points(n, random);
  boost::polygon::voronoi_diagram<double> cells;
  boost::polygon::construct_voronoi(points.begin(), points.end(), &cells);
  // Points whose cells touch are Delaunay neighbours.
  Graph graph{n, {}};
  for (const auto& edge : cells.edges()) {
    if (!edge.is_primary()) continue;
    graph.edges.emplace_back(static_cast<std::int32_t>(edge.cell()->source_index()),
                             static_cast<std::int32_t>(edge.twin()->cell()->source_index()));
  }
  return normalised(std::move(graph));
}

}  // namespace equigen::recipes
