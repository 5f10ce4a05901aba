// SPDX-License-Identifier: MIT
#include "equigen/molecule/small_graph.h"

#include <algorithm>
#include <bit>
#include <map>

namespace equigen {
namespace {

using Mask = SmallGraph::Mask;
using Colours = std::array<std::uint8_t, SmallGraph::capacity>;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

/// Splits colours until all vertices of one colour have equal neighbourhoods; colours stay ranks.
void refine(const SmallGraph& graph, Colours& colours) {
  std::size_t classes = 0;
  while (true) {
    std::map<std::pair<int, std::array<std::uint8_t, SmallGraph::capacity>>, int> signatures;
    std::array<std::pair<int, Colours>, SmallGraph::capacity> own{};
    for (int v = 0; v < graph.size; ++v) {
      auto& [colour, around] = own[at(v)];
      colour = colours[at(v)];
      for (int u = 0; u < graph.size; ++u)
        if (graph.has_edge(v, u)) ++around[colours[at(u)]];
      signatures[own[at(v)]] += 1;
    }
    int rank = 0;
    for (auto& [signature, count] : signatures) {
      const int members = count;
      count = rank;
      rank += members;
    }
    for (int v = 0; v < graph.size; ++v)
      colours[at(v)] = static_cast<std::uint8_t>(signatures[own[at(v)]]);
    if (signatures.size() == classes) return;
    classes = signatures.size();
  }
}

SmallGraph relabelled(const SmallGraph& graph, const Colours& position) {
  SmallGraph result;
  result.size = graph.size;
  for (const auto& [a, b] : graph.edges()) result.add_edge(position[at(a)], position[at(b)]);
  return result;
}

/// Visits every order of vertices that refinement leaves open and keeps those with the largest
/// word.
class CanonicalSearch {
 public:
  explicit CanonicalSearch(const SmallGraph& graph) : graph_(graph) {}

  CanonicalForm run() {
    visit(Colours{});
    CanonicalForm form{best_, {}};
    for (const Colours& order : orders_) {
      Permutation image{};
      for (int v = 0; v < graph_.size; ++v) image[orders_.front()[at(v)]] = order[at(v)];
      form.automorphisms.push_back(image);
    }
    return form;
  }

 private:
  void visit(Colours colours) {
    refine(graph_, colours);
    const int open = open_colour(colours);
    if (open < 0) {
      keep(colours);
      return;
    }
    for (int v = 0; v < graph_.size; ++v) {
      if (colours[at(v)] != open) continue;
      // A colour is the rank of its first member: the others of the class move up by one.
      Colours split = colours;
      for (std::uint8_t& colour : split)
        colour = static_cast<std::uint8_t>(colour + (colour == open));
      split[at(v)] = static_cast<std::uint8_t>(open);
      visit(split);
    }
  }

  int open_colour(const Colours& colours) const {
    std::array<int, SmallGraph::capacity> count{};
    for (int v = 0; v < graph_.size; ++v) ++count[colours[at(v)]];
    for (int c = 0; c < graph_.size; ++c)
      if (count[at(c)] > 1) return c;
    return -1;
  }

  void keep(const Colours& order) {
    const SmallGraph candidate = relabelled(graph_, order);
    if (orders_.empty() || candidate.neighbours > best_.neighbours) {
      best_ = candidate;
      orders_.clear();
    }
    if (candidate == best_) orders_.push_back(order);
  }

  const SmallGraph& graph_;
  SmallGraph best_;
  std::vector<Colours> orders_;
};

/// Follows paths from the ring's lowest vertex; each ring is met in both directions, kept in one.
class RingSearch {
 public:
  explicit RingSearch(const SmallGraph& graph) : graph_(graph) {
    const auto edges = graph.edges();
    for (std::size_t e = 0; e < edges.size(); ++e) {
      number_[at(edges[e].first)][at(edges[e].second)] = e;
      number_[at(edges[e].second)][at(edges[e].first)] = e;
    }
  }

  std::vector<SmallRing> all() {
    for (int v = 0; v < graph_.size; ++v) {
      path_ = {v};
      extend(static_cast<Mask>(1 << v), 0);
    }
    std::stable_sort(rings_.begin(), rings_.end(),
                     [](const SmallRing& a, const SmallRing& b) { return a.size < b.size; });
    return std::move(rings_);
  }

 private:
  void extend(Mask visited, std::uint64_t edges) {
    const int first = path_.front();
    const int last = path_.back();
    for (int next = first; next < graph_.size; ++next) {
      if (!graph_.has_edge(last, next)) continue;
      const std::uint64_t more = edges | std::uint64_t{1} << number_[at(last)][at(next)];
      if (next == first && path_.size() > 2 && path_[1] < last)
        rings_.push_back({visited, more, static_cast<int>(path_.size())});
      if (visited >> next & 1) continue;
      path_.push_back(next);
      extend(static_cast<Mask>(visited | 1 << next), more);
      path_.pop_back();
    }
  }

  const SmallGraph& graph_;
  std::array<std::array<std::size_t, SmallGraph::capacity>, SmallGraph::capacity> number_{};
  std::vector<int> path_;
  std::vector<SmallRing> rings_;
};

/// Sums of rings over GF(2), as a basis in echelon form.
class RingSpace {
 public:
  std::uint64_t reduced(std::uint64_t edges) const {
    for (const std::uint64_t member : basis_) edges = std::min(edges, edges ^ member);
    return edges;
  }
  void add(std::uint64_t edges) {
    if (const std::uint64_t rest = reduced(edges)) {
      basis_.push_back(rest);
      std::sort(basis_.rbegin(), basis_.rend());
    }
  }

 private:
  std::vector<std::uint64_t> basis_;
};

}  // namespace

void SmallGraph::add_edge(int a, int b) {
  neighbours[at(a)] = static_cast<Mask>(neighbours[at(a)] | 1 << b);
  neighbours[at(b)] = static_cast<Mask>(neighbours[at(b)] | 1 << a);
}

int SmallGraph::degree(int vertex) const {
  return std::popcount(neighbours[at(vertex)]);
}

std::vector<std::pair<int, int>> SmallGraph::edges() const {
  std::vector<std::pair<int, int>> result;
  for (int a = 0; a < size; ++a)
    for (int b = a + 1; b < size; ++b)
      if (has_edge(a, b)) result.emplace_back(a, b);
  return result;
}

int SmallGraph::ring_count() const {
  return static_cast<int>(edges().size()) - size + 1;
}

bool SmallGraph::connected() const {
  Mask reached = 1;
  for (Mask before = 0; before != reached;) {
    before = reached;
    for (int v = 0; v < size; ++v)
      if (before >> v & 1) reached = static_cast<Mask>(reached | neighbours[at(v)]);
  }
  return std::popcount(reached) == size;
}

CanonicalForm canonical_form(const SmallGraph& graph) {
  return CanonicalSearch(graph).run();
}

std::vector<CanonicalForm> connected_graphs(int size, int largest_degree, int most_rings) {
  // Every connected graph has a vertex whose removal leaves it connected.
  std::vector<CanonicalForm> current = {canonical_form({1, {}})};
  for (int n = 2; n <= size; ++n) {
    std::map<std::array<Mask, SmallGraph::capacity>, CanonicalForm> grown;
    for (const CanonicalForm& form : current) {
      for (unsigned chosen = 1; chosen < 1U << (n - 1); ++chosen) {
        if (std::popcount(chosen) > largest_degree) continue;
        SmallGraph graph = form.graph;
        graph.size = n;
        for (int v = 0; v < n - 1; ++v)
          if (chosen >> v & 1) graph.add_edge(v, n - 1);
        bool fits = graph.ring_count() <= most_rings;
        for (int v = 0; v < n && fits; ++v) fits = graph.degree(v) <= largest_degree;
        if (!fits) continue;
        CanonicalForm canonical = canonical_form(graph);
        grown.try_emplace(canonical.graph.neighbours, std::move(canonical));
      }
    }
    current.clear();
    for (auto& [key, form] : grown) current.push_back(std::move(form));
  }
  return current;
}

std::vector<SmallRing> relevant_rings(const SmallGraph& graph) {
  const std::vector<SmallRing> all = RingSearch(graph).all();
  std::vector<SmallRing> relevant;
  RingSpace shorter;
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    for (; end < all.size() && all[end].size == all[begin].size; ++end)
      if (shorter.reduced(all[end].edges) != 0) relevant.push_back(all[end]);
    for (; begin < end; ++begin) shorter.add(all[begin].edges);
  }
  return relevant;
}

}  // namespace equigen
