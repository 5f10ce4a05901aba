// SPDX-License-Identifier: MIT
#include "equigen/graph/orbit_counts.h"

#include <algorithm>

namespace equigen {
namespace {

using Rows = std::vector<std::vector<std::int32_t>>;

std::size_t at(std::int32_t node) {
  return static_cast<std::size_t>(node);
}

std::int64_t choose2(std::int64_t n) {
  return n * (n - 1) / 2;
}

std::int64_t choose3(std::int64_t n) {
  return n < 3 ? 0 : n * (n - 1) / 2 * (n - 2) / 3;
}

/// A neighbour with the index of the edge to it.
struct Link {
  std::int32_t node;
  std::int32_t edge;
};
using Links = std::vector<std::vector<Link>>;

Links links_of(const Graph& graph) {
  Links links(at(graph.node_count));
  for (std::size_t e = 0; e < graph.edges.size(); ++e) {
    const auto [i, j] = graph.edges[e];
    links[at(i)].push_back({j, static_cast<std::int32_t>(e)});
    links[at(j)].push_back({i, static_cast<std::int32_t>(e)});
  }
  for (auto& row : links) std::ranges::sort(row, {}, &Link::node);
  return links;
}

/// Nodes x < y < z and the edges opposite to each: edges[0] joins y and z.
struct Triangle {
  std::array<std::int32_t, 3> nodes;
  std::array<std::int32_t, 3> edges;
};

std::vector<Triangle> triangles_of(const Graph& graph, const Links& links) {
  std::vector<Triangle> triangles;
  for (std::size_t e = 0; e < graph.edges.size(); ++e) {
    const auto [x, y] = graph.edges[e];
    const auto behind = [&links, y = y](std::int32_t node) {
      return std::ranges::upper_bound(links[at(node)], y, {}, &Link::node);
    };
    auto a = behind(x);
    auto b = behind(y);
    while (a != links[at(x)].end() && b != links[at(y)].end()) {
      if (a->node < b->node) {
        ++a;
      } else if (b->node < a->node) {
        ++b;
      } else {
        triangles.push_back({{x, y, a->node}, {b->edge, a->edge, static_cast<std::int32_t>(e)}});
        ++a;
        ++b;
      }
    }
  }
  return triangles;
}

/// Adds one to every node of every complete graph of four, each found from its three lowest nodes.
void count_complete_fours(const Rows& rows, const std::vector<Triangle>& triangles,
                          std::vector<NodeOrbits>& orbits) {
  for (const auto& [nodes, edges] : triangles) {
    const auto& [x, y, z] = nodes;
    for (auto w = std::ranges::upper_bound(rows[at(z)], z); w != rows[at(z)].end(); ++w) {
      if (!std::ranges::binary_search(rows[at(x)], *w)) continue;
      if (!std::ranges::binary_search(rows[at(y)], *w)) continue;
      for (const auto node : {x, y, z, *w}) ++orbits[at(node)][14];
    }
  }
}

/// Sums over the triangles of a node {x, y, z}.
struct TriangleSums {
  std::int64_t count = 0;           ///< t(x)
  std::int64_t opposite = 0;        ///< T(y,z) - 1
  std::int64_t adjacent = 0;        ///< T(x,y) + T(x,z) - 2
  std::int64_t outside_degree = 0;  ///< d_y + d_z - 4
};

std::vector<TriangleSums> triangle_sums(const Rows& rows, const std::vector<Triangle>& triangles,
                                        const std::vector<std::int64_t>& common) {
  std::vector<TriangleSums> sums(rows.size());
  for (const auto& [nodes, edges] : triangles) {
    for (std::size_t k = 0; k < 3; ++k) {
      const std::size_t a = (k + 1) % 3;
      const std::size_t b = (k + 2) % 3;
      TriangleSums& sum = sums[at(nodes[k])];
      ++sum.count;
      sum.opposite += common[at(edges[k])] - 1;
      sum.adjacent += common[at(edges[a])] + common[at(edges[b])] - 2;
      sum.outside_degree += static_cast<std::int64_t>(rows[at(nodes[a])].size()) +
                            static_cast<std::int64_t>(rows[at(nodes[b])].size()) - 4;
    }
  }
  return sums;
}

/// Counts walks of two steps from x and what follows from them; keeps its arrays between nodes.
class Walks {
 public:
  explicit Walks(const Rows& rows) : rows_(rows), count_(rows.size()), near_(rows.size()) {}

  struct Sums {
    std::int64_t pairs = 0;  ///< over w != x: C(common neighbours of x and w, 2)
    std::int64_t ends = 0;   ///< over walks x, y, z: d_z - 1 - [z ~ x]
  };

  Sums from(std::int32_t x) {
    Sums sums;
    for (const auto y : rows_[at(x)]) near_[at(y)] = 1;
    for (const auto y : rows_[at(x)]) {
      for (const auto z : rows_[at(y)]) {
        if (z == x) continue;
        sums.pairs += count_[at(z)]++;
        sums.ends += static_cast<std::int64_t>(rows_[at(z)].size()) - 1 - near_[at(z)];
      }
    }
    for (const auto y : rows_[at(x)]) {
      near_[at(y)] = 0;
      for (const auto z : rows_[at(y)]) count_[at(z)] = 0;
    }
    return sums;
  }

 private:
  const Rows& rows_;
  std::vector<std::int64_t> count_;
  std::vector<std::int64_t> near_;
};

/// Sums over the neighbours y of a node x.
struct NeighbourSums {
  std::int64_t degree = 0;     ///< d_y - 1
  std::int64_t triangles = 0;  ///< t(y)
  std::int64_t claws = 0;      ///< C(d_y - 1, 2)
  std::int64_t inner = 0;      ///< (d - 1)(d_y - 1) - T(x,y)
};

NeighbourSums neighbour_sums(const Links& links, std::int32_t x,
                             const std::vector<TriangleSums>& triangles,
                             const std::vector<std::int64_t>& common) {
  NeighbourSums sums;
  const auto d = static_cast<std::int64_t>(links[at(x)].size());
  for (const auto& [y, edge] : links[at(x)]) {
    const auto other = static_cast<std::int64_t>(links[at(y)].size()) - 1;
    sums.degree += other;
    sums.triangles += triangles[at(y)].count;
    sums.claws += choose2(other);
    sums.inner += (d - 1) * other - common[at(edge)];
  }
  return sums;
}

/// Solves for the orbits of one node; o[14] is known. The equations follow from counting each
/// pattern with and without its missing edges and subtracting the patterns that have them.
void solve(NodeOrbits& o, std::int64_t d, const TriangleSums& tri, const NeighbourSums& near,
           const Walks::Sums& walks) {
  o[0] = d;
  o[3] = tri.count;
  o[2] = choose2(d) - o[3];
  o[1] = near.degree - 2 * o[3];
  o[12] = tri.opposite - 3 * o[14];
  o[13] = (tri.adjacent - 6 * o[14]) / 2;
  o[10] = tri.outside_degree - 2 * o[12] - 2 * o[13] - 6 * o[14];
  o[11] = tri.count * (d - 2) - 2 * o[13] - 3 * o[14];
  o[9] = near.triangles - 2 * o[3] - 2 * o[12] - 3 * o[14];
  o[7] = choose3(d) - o[11] - o[13] - o[14];
  o[6] = near.claws - o[9] - o[10] - 2 * o[12] - o[13] - 3 * o[14];
  o[8] = walks.pairs - o[12] - o[13] - 3 * o[14];
  o[4] = walks.ends - 2 * o[9] - o[10] - 2 * o[8] - 4 * o[12] - 2 * o[13] - 6 * o[14];
  o[5] = near.inner - 2 * o[11] - o[10] - 2 * o[8] - 2 * o[12] - 4 * o[13] - 6 * o[14];
}

}  // namespace

std::vector<NodeOrbits> orbit_counts(const Graph& graph) {
  std::vector<NodeOrbits> orbits(at(graph.node_count), NodeOrbits{});
  if (graph.edges.empty()) return orbits;
  const Rows rows = neighbours(graph);
  const Links links = links_of(graph);
  const auto triangles = triangles_of(graph, links);
  std::vector<std::int64_t> common(graph.edges.size());
  for (const auto& triangle : triangles) {
    for (const auto edge : triangle.edges) ++common[at(edge)];
  }
  count_complete_fours(rows, triangles, orbits);
  const auto sums = triangle_sums(rows, triangles, common);
  Walks walks(rows);
  for (std::int32_t x = 0; x < graph.node_count; ++x) {
    solve(orbits[at(x)], static_cast<std::int64_t>(rows[at(x)].size()), sums[at(x)],
          neighbour_sums(links, x, sums, common), walks.from(x));
  }
  return orbits;
}

}  // namespace equigen
