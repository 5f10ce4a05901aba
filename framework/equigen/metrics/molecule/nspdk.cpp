// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/nspdk.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <limits>
#include <numeric>
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
constexpr int kPartBits = 8;
constexpr std::size_t kParts = std::size_t{1} << kPartBits;

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

/// The hash of words already hashed to `hash` and of those that follow them.
std::uint64_t continued(std::uint64_t hash, std::initializer_list<std::uint64_t> words) {
  for (const std::uint64_t word : words) hash = mixed(hash ^ mixed(word));
  return hash;
}

std::uint64_t hash_of(std::initializer_list<std::uint64_t> words) {
  return continued(0x5bd1e995ULL, words);
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
    auto& levels = levels_;
    for (auto& level : levels) level.clear();
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
  std::array<std::vector<std::uint64_t>, 2 * kLargestRadius + 1> levels_;  ///< of one atom
};

enum Kind : std::uint64_t { kPair = 1, kHalf = 2 };

/// Pairs of atoms by their distance, each once.
using PairsByDistance = std::array<std::vector<std::pair<int, int>>, kLargestDistance + 1>;

PairsByDistance pairs_of(const Signatures& signatures, int size) {
  PairsByDistance pairs;
  for (int v = 0; v < size; ++v) {
    for (int u = v; u < size; ++u) {
      const int distance = signatures.distance(v, u);
      if (distance <= kLargestDistance) pairs[at(distance)].emplace_back(v, u);
    }
  }
  return pairs;
}

/// Features of one radius and one distance with their counts (any order, with repetitions). A pair
/// counts from both its ends.
void collect(const Signatures& signatures, const std::vector<std::pair<int, int>>& pairs,
             int radius, int distance, std::vector<int>& partners, Features& found) {
  const auto r = static_cast<std::uint64_t>(radius);
  const auto d = static_cast<std::uint64_t>(distance);
  const std::uint64_t of_pair = hash_of({kPair, r, d});
  const std::uint64_t of_half = hash_of({kHalf, r, d});
  std::fill(partners.begin(), partners.end(), 0);
  found.clear();
  for (const auto& [v, u] : pairs) {
    if (radius >= signatures.radii(v) || radius >= signatures.radii(u)) continue;
    const std::uint64_t own = signatures.signature(v, radius);
    const std::uint64_t other = signatures.signature(u, radius);
    found.emplace_back(continued(of_pair, {std::min(own, other), std::max(own, other)}),
                       v == u ? 1 : 2);
    ++partners[at(u)];
    if (v != u) ++partners[at(v)];
  }
  for (std::size_t v = 0; v < partners.size(); ++v) {
    if (partners[v] == 0) continue;
    found.emplace_back(continued(of_half, {signatures.signature(static_cast<int>(v), radius)}),
                       partners[v]);
  }
}

/// Appends the features counted in `found`, scaled to unit length.
void append_scaled(Features& found, Features& result) {
  std::sort(found.begin(), found.end());
  const std::size_t first = result.size();
  for (const auto& [feature, count] : found) {
    if (result.size() > first && result.back().first == feature)
      result.back().second += count;
    else
      result.emplace_back(feature, count);
  }
  double squares = 0;
  for (std::size_t i = first; i < result.size(); ++i)
    squares += result[i].second * result[i].second;
  const double length = std::sqrt(squares);
  for (std::size_t i = first; i < result.size(); ++i) result[i].second /= length;
}

/// The features of a graph in any order, each once.
Features unordered_features(const LabelledGraph& graph) {
  const Signatures signatures(graph);
  const int size = static_cast<int>(graph.node_labels.size());
  const PairsByDistance pairs = pairs_of(signatures, size);
  std::vector<int> partners(graph.node_labels.size());
  Features result;
  Features found;
  int groups = 0;
  for (int radius = 0; radius <= kLargestRadius; ++radius) {
    for (int distance = 0; distance <= kLargestDistance; ++distance) {
      collect(signatures, pairs[at(distance)], radius, distance, partners, found);
      if (found.empty()) continue;
      append_scaled(found, result);
      ++groups;
    }
  }
  // Every group has unit length and features of its own.
  const double length = std::sqrt(static_cast<double>(groups));
  for (auto& [feature, value] : result) value /= length;
  return result;
}

/// The graph of a molecule; nothing for what is none.
std::optional<LabelledGraph> graph_if_possible(const Molecule& molecule) {
  try {
    return labelled_graph(molecule);
  } catch (const DataError&) {
    return std::nullopt;
  }
}

/// Makes the graph of molecule i of a set.
using GraphOf = std::function<std::optional<LabelledGraph>(std::size_t)>;

/// Most features of large radius occur in one molecule only, so that sums of sets are nearly as
/// long as the features of all their molecules: they are sorted once, in parts by their leading
/// bits.
std::size_t part_of(std::uint64_t feature) {
  return feature >> (64 - kPartBits);
}

/// The features of some molecules by part, within a part in the order of the molecules.
struct Block {
  Features features;
  std::array<std::size_t, kParts + 1> begins{};
  std::int64_t molecules = 0;

  std::span<const Features::value_type> part(std::size_t index) const {
    return std::span(features).subspan(begins[index], begins[index + 1] - begins[index]);
  }
};

Block block_of(const GraphOf& graph_of, std::size_t first, std::size_t last) {
  Features all;
  Block block;
  for (std::size_t i = first; i < last; ++i) {
    const auto graph = graph_of(i);
    if (!graph) continue;
    const Features own = unordered_features(*graph);
    ++block.molecules;
    all.insert(all.end(), own.begin(), own.end());
  }
  for (const auto& item : all) ++block.begins[part_of(item.first) + 1];
  std::partial_sum(block.begins.begin(), block.begins.end(), block.begins.begin());
  auto next = block.begins;
  block.features.resize(all.size());
  for (const auto& item : all) block.features[next[part_of(item.first)]++] = item;
  return block;
}

void sort_group(std::span<Features::value_type> group) {
  constexpr std::size_t kFew = 48;
  const auto is_before = [](const auto& a, const auto& b) { return a.first < b.first; };
  if (group.size() > kFew) return std::stable_sort(group.begin(), group.end(), is_before);
  for (auto item = group.begin(); item != group.end(); ++item)
    std::rotate(std::upper_bound(group.begin(), item, *item, is_before), item, item + 1);
}

/// Sorts the features of one part, equal ones in their order. Features are hashes: their bits next
/// to those of the part divide them into small groups.
void sort_part(Features& part) {
  constexpr int kGroupBits = 10;
  constexpr std::size_t kGroups = std::size_t{1} << kGroupBits;
  const auto group_of = [](const Features::value_type& item) {
    return static_cast<std::size_t>(item.first << kPartBits >> (64 - kGroupBits));
  };
  std::array<std::size_t, kGroups + 1> begins{};
  for (const auto& item : part) ++begins[group_of(item) + 1];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  auto next = begins;
  Features sorted(part.size());
  for (const auto& item : part) sorted[next[group_of(item)]++] = item;
  for (std::size_t group = 0; group < kGroups; ++group)
    sort_group(std::span(sorted).subspan(begins[group], begins[group + 1] - begins[group]));
  part = std::move(sorted);
}

/// The sum of one part, ascending; the order of the additions is that of the molecules.
Features sum_of_part(const std::vector<Block>& blocks, std::size_t index) {
  Features all;
  for (const Block& block : blocks) {
    const auto own = block.part(index);
    all.insert(all.end(), own.begin(), own.end());
  }
  sort_part(all);
  std::size_t size = 0;
  for (const auto& item : all) {
    if (size > 0 && all[size - 1].first == item.first)
      all[size - 1].second += item.second;
    else
      all[size++] = item;
  }
  all.resize(size);
  return all;
}

Features mean_of(std::size_t size_of_set, const GraphOf& graph_of) {
  const auto count = static_cast<std::int64_t>(size_of_set);
  std::vector<Block> blocks(
      static_cast<std::size_t>((count + kMoleculesAtOnce - 1) / kMoleculesAtOnce));
  parallel_for(std::ssize(blocks), [&](std::int64_t index) {
    const auto first = static_cast<std::size_t>(index * kMoleculesAtOnce);
    const std::size_t last = std::min<std::size_t>(first + kMoleculesAtOnce, size_of_set);
    blocks[static_cast<std::size_t>(index)] = block_of(graph_of, first, last);
  });
  std::vector<Features> parts(kParts);
  parallel_for(std::ssize(parts), [&](std::int64_t index) {
    const auto part = static_cast<std::size_t>(index);
    parts[part] = sum_of_part(blocks, part);
  });
  std::int64_t possible = 0;
  for (const Block& block : blocks) possible += block.molecules;
  std::size_t size = 0;
  for (const Features& part : parts) size += part.size();
  Features mean;
  mean.reserve(size);
  for (const Features& part : parts)
    for (const auto& [feature, value] : part)
      mean.emplace_back(feature, value / static_cast<double>(possible));
  return mean;
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

LabelledGraph labelled_graph(const MoleculeSkeleton& skeleton) {
  LabelledGraph graph;
  graph.node_labels.assign(skeleton.elements.begin(), skeleton.elements.end());
  for (const Bond& bond : skeleton.bonds)
    graph.edges.push_back(
        {bond.begin, bond.end, bond.order == kAromaticBond ? 1 : int{bond.order}});
  return graph;
}

Features features(const LabelledGraph& graph) {
  Features result = unordered_features(graph);
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
  return mean_of(present.size(), [&](std::size_t i) { return graph_if_possible(*present[i]); });
}

Features mean_described_features(
    std::span<const std::shared_ptr<const MoleculeDescriptors>> molecules) {
  return mean_of(molecules.size(),
                 [&](std::size_t i) { return labelled_graph(molecules[i]->skeleton); });
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
