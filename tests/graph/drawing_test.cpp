// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/graph/draw.h"
#include "equigen/graph/generators.h"
#include "equigen/graph/layout.h"

using namespace equigen;

namespace {

double distance(const std::array<double, 2>& a, const std::array<double, 2>& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1]);
}

int count_of(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("layout: positions repeat, are finite, and an edge is about one unit long") {
  for (const auto& name : {"community", "grid", "planar", "tree", "sbm"}) {
    INFO(name);
    const Graph graph = generate_graphs(default_recipe(name), 1, 2)[0];
    const auto positions = layout_graph(graph);
    CHECK(positions == layout_graph(graph));
    double total = 0;
    for (const auto& [i, j] : graph.edges) total += distance(positions[i], positions[j]);
    const double mean = total / static_cast<double>(graph.edges.size());
    CHECK(mean > 0.4);
    CHECK(mean < 1.6);
  }
}

TEST_CASE("layout: a path is laid out straight and a lattice unfolds") {
  Graph path{10, {}};
  for (std::int32_t i = 1; i < 10; ++i) path.edges.emplace_back(i - 1, i);
  auto positions = layout_graph(path);
  CHECK(distance(positions[0], positions[9]) == Approx(9).epsilon(0.02));
  const Graph grid = generate_graphs(GridRecipe{12, 12}, 1, 0)[0];
  positions = layout_graph(grid);
  CHECK(distance(positions[0], positions[143]) > 13);
  CHECK(distance(positions[11], positions[132]) > 13);
}

TEST_CASE("layout: components do not overlap, equal nodes do not coincide") {
  const Graph graph{9, {{0, 1}, {0, 2}, {0, 3}, {0, 4}, {5, 6}}};
  const auto positions = layout_graph(graph);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK(distance(positions[i], positions[j]) > 0.3);
  }
  CHECK(layout_graph(Graph{}).empty());
  CHECK(layout_graph(Graph{1, {}}).size() == 1);
  CHECK(layout_graph(Graph{2, {{0, 1}}}).size() == 2);
}

TEST_CASE("drawing: the SVG holds every node and edge inside its canvas") {
  const Graph graph = generate_graphs(CommunityRecipe{}, 1, 0)[0];
  const std::string svg = draw_svg(graph, 160, 120);
  CHECK(svg.starts_with("<svg "));
  CHECK(svg.ends_with("</svg>"));
  CHECK(count_of(svg, "<circle") == graph.node_count);
  CHECK(count_of(svg, "M") == static_cast<int>(graph.edges.size()));
  CHECK(count_of(svg, "currentColor") == 2);
  CHECK(count_of(svg, "nan") == 0);
  CHECK(count_of(svg, "\"-") == 0);
  CHECK(count_of(draw_svg(Graph{}, 10, 10), "<circle") == 0);
  CHECK(count_of(draw_svg(Graph{3, {}}, 10, 10), "<circle") == 3);
  CHECK_THROWS_AS(draw_svg(graph, 0, 10), DataError);
}
