// SPDX-License-Identifier: MIT
#include "equigen/metrics/nspdk.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/molecule/hydrogens.h"
#include "equigen/molecule/smiles.h"

namespace equigen::nspdk {
namespace {

constexpr int kLargestRadius = 4;
constexpr int kLargestDistance = 4;
constexpr std::uint8_t kFar = std::numeric_limits<std::uint8_t>::max();
constexpr std::int64_t kMoleculesAtOnce = 64;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

/// SplitMix64's finaliser.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::uint64_t hash_of(std::initializer_list<std::uint64_t> words) {
  std::uint64_t hash = 0x5bd1e995ULL;
  for (const std::uint64_t word : words) hash = mixed(hash ^ mixed(word));
  return hash;
}

/// Distances and signatures of one graph. In the text of the paper each bond becomes a vertex
/// between its atoms; level 2k around an atom then holds the atoms k bonds away, level 2k + 1 the
/// bonds whose nearer end is k bonds away.
class Signatures {
 public:
  explicit Signatures(const LabelledGraph& graph)
      : graph_(graph), size_(static_cast<int>(graph.node_labels.size())) {
    neighbours_.resize(graph.node_labels.size());
    for (const auto& edge : graph.edges) {
      neighbours_[at(edge.begin)].push_back(edge.end);
      neighbours_[at(edge.end)].push_back(edge.begin);
    }
    distances_.assign(graph.node_labels.size() * graph.node_labels.size(), kFar);
    for (int v = 0; v < size_; ++v) measure_from(v);
    signatures_.resize(graph.node_labels.size());
    for (int v = 0; v < size_; ++v) sign(v);
  }

  int distance(int a, int b) const { return distances_[at(a) * at(size_) + at(b)]; }
  /// Number of radii for which an atom has a signature.
  int radii(int atom) const { return static_cast<int>(signatures_[at(atom)].size()); }
  std::uint64_t signature(int atom, int radius) const { return signatures_[at(atom)][at(radius)]; }

 private:
  void measure_from(int start) {
    std::uint8_t* distance = distances_.data() + at(start) * at(size_);
    std::vector<int> queue = {start};
    distance[start] = 0;
    for (std::size_t head = 0; head < queue.size(); ++head) {
      const int node = queue[head];
      if (distance[node] == std::max(kLargestRadius, kLargestDistance)) break;
      for (const int next : neighbours_[at(node)]) {
        if (distance[next] != kFar) continue;
        distance[next] = static_cast<std::uint8_t>(distance[node] + 1);
        queue.push_back(next);
      }
    }
  }

  void sign(int atom) {
    std::array<std::vector<std::uint64_t>, 2 * kLargestRadius + 1> levels;
    for (int other = 0; other < size_; ++other) {
      const int d = distance(atom, other);
      if (d > kLargestRadius) continue;
      const auto degree = static_cast<std::uint64_t>(neighbours_[at(other)].size());
      const auto label = static_cast<std::uint64_t>(graph_.node_labels[at(other)]);
      levels[at(2 * d)].push_back(label << 32 | degree);
    }
    for (const auto& edge : graph_.edges) {
      const int d = std::min(distance(atom, edge.begin), distance(atom, edge.end));
      if (d < kLargestRadius)
        levels[at(2 * d + 1)].push_back(static_cast<std::uint64_t>(edge.label));
    }
    std::uint64_t hash = 0;
    for (std::size_t level = 0; level < levels.size() && !levels[level].empty(); ++level) {
      std::sort(levels[level].begin(), levels[level].end());
      for (const std::uint64_t member : levels[level]) hash = hash_of({hash, member});
      hash = hash_of({hash, level, levels[level].size()});
      if (level % 2 == 0) signatures_[at(atom)].push_back(hash);
    }
  }

  const LabelledGraph& graph_;
  int size_;
  std::vector<std::vector<int>> neighbours_;
  std::vector<std::uint8_t> distances_;
  std::vector<std::vector<std::uint64_t>> signatures_;
};

enum Kind : std::uint64_t { kPair = 1, kHalf = 2 };

/// Features of one radius and one distance, counted in `found` (any order, with repetitions).
void append_scaled(std::vector<std::uint64_t>& found, Features& result) {
  std::sort(found.begin(), found.end());
  const std::size_t first = result.size();
  double squares = 0;
  for (std::size_t begin = 0; begin < found.size();) {
    std::size_t end = begin;
    while (end < found.size() && found[end] == found[begin]) ++end;
    const auto count = static_cast<double>(end - begin);
    result.emplace_back(found[begin], count);
    squares += count * count;
    begin = end;
  }
  const double length = std::sqrt(squares);
  for (std::size_t i = first; i < result.size(); ++i) result[i].second /= length;
}

void collect(const Signatures& signatures, int size, int radius, int distance,
             std::vector<std::uint64_t>& found) {
  const auto r = static_cast<std::uint64_t>(radius);
  const auto d = static_cast<std::uint64_t>(distance);
  for (int v = 0; v < size; ++v) {
    if (radius >= signatures.radii(v)) continue;
    const std::uint64_t own = signatures.signature(v, radius);
    for (int u = 0; u < size; ++u) {
      if (signatures.distance(v, u) != distance || radius >= signatures.radii(u)) continue;
      const std::uint64_t other = signatures.signature(u, radius);
      found.push_back(hash_of({kPair, r, d, std::min(own, other), std::max(own, other)}));
      found.push_back(hash_of({kHalf, r, d, other}));
    }
  }
}

/// Sums two vectors of features.
Features sum(const Features& a, const Features& b) {
  Features result;
  result.reserve(a.size() + b.size());
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() || j != b.end()) {
    if (j == b.end() || (i != a.end() && i->first < j->first)) {
      result.push_back(*i++);
    } else if (i == a.end() || j->first < i->first) {
      result.push_back(*j++);
    } else {
      result.emplace_back(i->first, i->second + j->second);
      ++i;
      ++j;
    }
  }
  return result;
}

/// Sums vectors pairwise in a fixed tree, so that the result does not depend on the threads.
Features sum_of_all(std::vector<Features> parts) {
  if (parts.empty()) return {};
  while (parts.size() > 1) {
    std::vector<Features> halves((parts.size() + 1) / 2);
    parallel_for(static_cast<std::int64_t>(halves.size()), [&](std::int64_t index) {
      const auto i = static_cast<std::size_t>(index);
      halves[i] =
          2 * i + 1 < parts.size() ? sum(parts[2 * i], parts[2 * i + 1]) : std::move(parts[2 * i]);
    });
    parts = std::move(halves);
  }
  return std::move(parts.front());
}

/// The features of a molecule; nothing for what is none.
std::optional<Features> features_if_possible(const Molecule& molecule) {
  try {
    return features(labelled_graph(molecule));
  } catch (const DataError&) {
    return std::nullopt;
  }
}

Features sum_of_block(std::span<const Molecule* const> molecules,
                      std::atomic<std::int64_t>& count) {
  Features all;
  for (const Molecule* molecule : molecules) {
    const auto own = features_if_possible(*molecule);
    if (!own) continue;
    ++count;
    all.insert(all.end(), own->begin(), own->end());
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Features summed;
  for (const auto& [feature, value] : all) {
    if (summed.empty() || summed.back().first != feature)
      summed.emplace_back(feature, value);
    else
      summed.back().second += value;
  }
  return summed;
}

}  // namespace

LabelledGraph labelled_graph(const Molecule& listed) {
  const Molecule molecule = without_hydrogens(listed);
  const std::vector<bool> aromatic = aromatic_bonds(molecule);
  LabelledGraph graph;
  for (const Atom& atom : molecule.atoms) graph.node_labels.push_back(atom.atomic_number);
  for (std::size_t b = 0; b < molecule.bonds.size(); ++b) {
    const Bond& bond = molecule.bonds[b];
    graph.edges.push_back({bond.begin, bond.end, aromatic[b] ? 1 : int{bond.order}});
  }
  return graph;
}

Features features(const LabelledGraph& graph) {
  const Signatures signatures(graph);
  const int size = static_cast<int>(graph.node_labels.size());
  Features result;
  std::vector<std::uint64_t> found;
  int groups = 0;
  for (int radius = 0; radius <= kLargestRadius; ++radius) {
    for (int distance = 0; distance <= kLargestDistance; ++distance) {
      found.clear();
      collect(signatures, size, radius, distance, found);
      if (found.empty()) continue;
      append_scaled(found, result);
      ++groups;
    }
  }
  // Every group has unit length and features of its own.
  for (auto& [feature, value] : result) value /= std::sqrt(static_cast<double>(groups));
  std::sort(result.begin(), result.end());
  return result;
}

double inner_product(const Features& a, const Features& b) {
  double result = 0;
  auto j = b.begin();
  for (const auto& [feature, value] : a) {
    while (j != b.end() && j->first < feature) ++j;
    if (j != b.end() && j->first == feature) result += value * j->second;
  }
  return result;
}

Features mean_features(std::span<const Molecule* const> molecules) {
  std::vector<const Molecule*> present;
  std::copy_if(molecules.begin(), molecules.end(), std::back_inserter(present),
               [](const Molecule* molecule) { return !molecule->atoms.empty(); });
  const auto count = static_cast<std::int64_t>(present.size());
  std::atomic<std::int64_t> possible = 0;
  std::vector<Features> blocks(
      at(static_cast<int>((count + kMoleculesAtOnce - 1) / kMoleculesAtOnce)));
  parallel_for(static_cast<std::int64_t>(blocks.size()), [&](std::int64_t block) {
    const auto first = static_cast<std::size_t>(block * kMoleculesAtOnce);
    const auto length = std::min<std::size_t>(kMoleculesAtOnce, present.size() - first);
    blocks[static_cast<std::size_t>(block)] =
        sum_of_block(std::span(present).subspan(first, length), possible);
  });
  Features mean = sum_of_all(std::move(blocks));
  for (auto& [feature, value] : mean) value /= static_cast<double>(possible.load());
  return mean;
}

double squared_distance(const Features& a, const Features& b) {
  double result = 0;
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() || j != b.end()) {
    double difference = 0;
    if (j == b.end() || (i != a.end() && i->first < j->first))
      difference = (i++)->second;
    else if (i == a.end() || j->first < i->first)
      difference = (j++)->second;
    else
      difference = (i++)->second - (j++)->second;
    result += difference * difference;
  }
  return result;
}

}  // namespace equigen::nspdk
