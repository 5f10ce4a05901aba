// SPDX-License-Identifier: MIT
#include "equigen/graph/block_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "equigen/base/error.h"
#include "equigen/base/random.h"

namespace equigen {
namespace {

constexpr std::int32_t kMostNodes = 2000;

/// ln n! for all n that occur in a graph's description: numbers of node pairs and of ways to
/// distribute its edges.
class LogFactorials {
 public:
  explicit LogFactorials(const Graph& graph) {
    const auto nodes = static_cast<std::size_t>(graph.node_count);
    table_.resize(nodes * (nodes + 1) / 2 + graph.edges.size() + 2);
    for (std::size_t n = 2; n < table_.size(); ++n)
      table_[n] = table_[n - 1] + std::log(static_cast<double>(n));
  }

  double of(double n) const { return table_[static_cast<std::size_t>(n)]; }

  double choose(double n, double k) const {
    if (k <= 0 || k >= n) return 0;
    return of(n) - of(k) - of(n - k);
  }

 private:
  std::vector<double> table_;
};

/// What the partitions of a graph share.
struct GraphFacts {
  explicit GraphFacts(const Graph& graph) : rows(neighbours(graph)), log_factorials(graph) {}

  std::vector<std::vector<std::int32_t>> rows;
  LogFactorials log_factorials;
};

/// Node pairs within a block of n nodes or between blocks of n and m.
double pairs_within(double n) {
  return n * (n - 1) / 2;
}

/// A partition that merges and moves change, some blocks may be empty in between.
class Partition {
 public:
  Partition(const GraphFacts& facts, std::vector<std::int32_t> blocks, std::size_t block_count)
      : facts_(&facts),
        block_(std::move(blocks)),
        sizes_(block_count),
        edges_(block_count * block_count) {
    for (const std::int32_t block : block_) ++sizes_[static_cast<std::size_t>(block)];
    for (std::size_t i = 0; i < facts.rows.size(); ++i) {
      for (const std::int32_t j : facts.rows[i]) {
        if (static_cast<std::size_t>(j) < i) continue;
        add_edges(block_of(i), block_of(static_cast<std::size_t>(j)), 1);
        ++edge_total_;
      }
    }
  }

  std::size_t block_count() const { return sizes_.size(); }
  std::size_t block_of(std::size_t node) const { return static_cast<std::size_t>(block_[node]); }
  double size_of(std::size_t block) const { return sizes_[block]; }
  double edges(std::size_t r, std::size_t s) const { return edges_[r * block_count() + s]; }
  const std::vector<std::int32_t>& blocks() const { return block_; }

  double description_length() const {
    double length = partition_length(static_cast<double>(used_blocks()));
    for (std::size_t r = 0; r < block_count(); ++r) {
      length -= factorial(sizes_[r]);
      for (std::size_t s = r; s < block_count(); ++s) length += pair_length(r, s);
    }
    return length;
  }

  /// Change of the description length when r and s become one block.
  double merge_change(std::size_t r, std::size_t s) const {
    const double blocks = used_blocks();
    double change = partition_length(blocks - 1) - partition_length(blocks);
    change += factorial(sizes_[r]) + factorial(sizes_[s]) - factorial(sizes_[r] + sizes_[s]);
    for (std::size_t t = 0; t < block_count(); ++t) {
      if (t == r || t == s || sizes_[t] == 0) continue;
      change += choose((sizes_[r] + sizes_[s]) * sizes_[t], edges(r, t) + edges(s, t)) -
                pair_length(r, t) - pair_length(s, t);
    }
    change += choose(pairs_within(sizes_[r] + sizes_[s]), edges(r, r) + edges(s, s) + edges(r, s));
    return change - pair_length(r, r) - pair_length(s, s) - pair_length(r, s);
  }

  void merge(std::size_t r, std::size_t s) {
    for (std::size_t i = 0; i < block_.size(); ++i) {
      if (block_of(i) == s) move(i, r);
    }
  }

  /// Change when `node` goes to block `target`.
  double move_change(std::size_t node, std::size_t target) {
    const std::size_t origin = block_of(node);
    const double before = local_length(origin, target);
    move(node, target);
    const double after = local_length(origin, target);
    move(node, origin);
    return after - before;
  }

  void move(std::size_t node, std::size_t target) {
    const std::size_t origin = block_of(node);
    if (origin == target) return;
    for (const std::int32_t j : facts_->rows[node]) {
      const std::size_t other = block_of(static_cast<std::size_t>(j));
      add_edges(origin, other, -1);
      add_edges(target, other, 1);
    }
    sizes_[origin] -= 1;
    sizes_[target] += 1;
    block_[node] = static_cast<std::int32_t>(target);
  }

  /// Blocks that hold `node` or a neighbour of it.
  std::vector<std::size_t> blocks_near(std::size_t node) const {
    std::vector<std::size_t> near{block_of(node)};
    for (const std::int32_t j : facts_->rows[node])
      near.push_back(block_of(static_cast<std::size_t>(j)));
    std::ranges::sort(near);
    near.erase(std::unique(near.begin(), near.end()), near.end());
    return near;
  }

  double used_blocks() const {
    return static_cast<double>(std::ranges::count_if(sizes_, [](double size) { return size > 0; }));
  }

  std::size_t node_count() const { return block_.size(); }

 private:
  double factorial(double n) const { return facts_->log_factorials.of(n); }
  double choose(double n, double k) const { return facts_->log_factorials.choose(n, k); }

  void add_edges(std::size_t r, std::size_t s, double count) {
    edges_[r * block_count() + s] += count;
    if (r != s) edges_[s * block_count() + r] += count;
  }

  /// The edges between two blocks among all node pairs.
  double pair_length(std::size_t r, std::size_t s) const {
    const double pairs = r == s ? pairs_within(sizes_[r]) : sizes_[r] * sizes_[s];
    return choose(pairs, edges(r, s));
  }

  /// What depends on the number of blocks alone.
  double partition_length(double blocks) const {
    const auto nodes = static_cast<double>(block_.size());
    const double cells = blocks * (blocks + 1) / 2;
    return choose(cells + edge_total_ - 1, edge_total_) + choose(nodes - 1, blocks - 1) +
           factorial(nodes) + std::log(nodes);
  }

  /// All that a move between r and s can change.
  double local_length(std::size_t r, std::size_t s) const {
    double length = partition_length(used_blocks()) - factorial(sizes_[r]);
    if (s != r) length -= factorial(sizes_[s]);
    for (std::size_t t = 0; t < block_count(); ++t) {
      length += pair_length(r, t);
      if (s != r && t != r) length += pair_length(s, t);
    }
    return length;
  }

  const GraphFacts* facts_;
  std::vector<std::int32_t> block_;
  std::vector<double> sizes_;
  std::vector<double> edges_;
  double edge_total_ = 0;
};

/// The same partition with the empty blocks taken out.
Partition compacted(const Partition& partition, const GraphFacts& facts) {
  std::vector<std::int32_t> place(partition.block_count(), -1);
  std::int32_t used = 0;
  std::vector<std::int32_t> blocks = partition.blocks();
  for (std::int32_t& block : blocks) {
    auto& number = place[static_cast<std::size_t>(block)];
    if (number < 0) number = used++;
    block = number;
  }
  return {facts, std::move(blocks), static_cast<std::size_t>(used)};
}

/// Moves each node to the best block near it while that shortens the description.
void improve(Partition& partition, RandomStream& random, int sweeps) {
  std::vector<std::size_t> order(partition.node_count());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    random.shuffle(std::span(order));
    bool moved = false;
    for (const std::size_t node : order) {
      double best = -1e-9;
      std::size_t target = partition.block_of(node);
      for (const std::size_t block : partition.blocks_near(node)) {
        const double change = partition.move_change(node, block);
        if (change < best) {
          best = change;
          target = block;
        }
      }
      moved = moved || target != partition.block_of(node);
      partition.move(node, target);
    }
    if (!moved) return;
  }
}

struct Merge {
  double change = 0;
  std::size_t into = 0;
  std::size_t from = 0;
};

/// For each block the best partner; only joined blocks are tried where there are any.
std::vector<Merge> best_merges(const Partition& partition) {
  std::vector<Merge> merges;
  for (std::size_t r = 0; r < partition.block_count(); ++r) {
    Merge best{std::numeric_limits<double>::infinity(), r, r};
    for (const bool only_joined : {true, false}) {
      for (std::size_t s = 0; s < partition.block_count(); ++s) {
        if (s == r || (only_joined && partition.edges(r, s) == 0)) continue;
        const double change = partition.merge_change(r, s);
        if (change < best.change) best = {change, r, s};
      }
      if (best.from != r) break;
    }
    merges.push_back(best);
  }
  std::ranges::sort(merges, {}, &Merge::change);
  return merges;
}

/// Merges the best third of the blocks, each at most once, or one pair when few are left.
void merge_round(Partition& partition) {
  const std::size_t blocks = partition.block_count();
  std::size_t wanted = blocks > 12 ? blocks / 3 : 1;
  std::vector<bool> touched(blocks);
  for (const Merge& merge : best_merges(partition)) {
    if (wanted == 0) return;
    if (touched[merge.into] || touched[merge.from]) continue;
    touched[merge.into] = touched[merge.from] = true;
    partition.merge(merge.into, merge.from);
    --wanted;
  }
}

/// From single nodes to one block, the best partition on the way.
std::vector<std::int32_t> agglomerate(const GraphFacts& facts, RandomStream& random) {
  std::vector<std::int32_t> singles(facts.rows.size());
  std::iota(singles.begin(), singles.end(), 0);
  Partition partition(facts, singles, singles.size());
  std::vector<std::int32_t> best = singles;
  double shortest = std::numeric_limits<double>::infinity();
  while (true) {
    const bool few = partition.block_count() <= 12;
    improve(partition, random, few ? 20 : 2);
    partition = compacted(partition, facts);
    const double length = partition.description_length();
    if (length < shortest) {
      shortest = length;
      best = partition.blocks();
    }
    if (partition.block_count() <= 1) return best;
    merge_round(partition);
    partition = compacted(partition, facts);
  }
}

double wald_p_value(double estimate, double expected) {
  const double statistic =
      (estimate - expected) * (estimate - expected) / (estimate * (1 - estimate) + 1e-6);
  const boost::math::chi_squared distribution(1);
  return boost::math::cdf(boost::math::complement(distribution, std::abs(statistic)));
}

}  // namespace

BlockModel block_model_of(const Graph& graph, std::vector<std::int32_t> block_of_node) {
  BlockModel model;
  if (std::ssize(block_of_node) != graph.node_count)
    throw DataError("block-model", "the blocks are not one for each node of the graph");
  std::size_t blocks = 0;
  for (const std::int32_t block : block_of_node) {
    if (block < 0 || block >= graph.node_count)
      throw DataError("block-model", "a block's number is outside 0..nodes-1");
    blocks = std::max(blocks, static_cast<std::size_t>(block) + 1);
  }
  const GraphFacts facts(graph);
  const Partition partition(facts, block_of_node, blocks);
  for (std::size_t r = 0; r < blocks; ++r) {
    model.block_sizes.push_back(static_cast<std::int64_t>(partition.size_of(r)));
    std::vector<std::int64_t> row;
    for (std::size_t s = 0; s < blocks; ++s)
      row.push_back(static_cast<std::int64_t>(partition.edges(r, s)));
    model.edge_counts.push_back(std::move(row));
  }
  if (graph.node_count > 0) model.description_length = partition.description_length();
  model.block_of_node = std::move(block_of_node);
  return model;
}

BlockModel infer_block_model(const Graph& graph, std::uint64_t seed, int restarts) {
  if (graph.node_count == 0) return {};
  if (graph.node_count > kMostNodes) {
    throw DataError("block-model-size",
                    fmt::format("blocks are sought in graphs of up to {} nodes, this one has {}",
                                kMostNodes, graph.node_count));
  }
  const GraphFacts facts(graph);
  BlockModel best;
  for (int restart = 0; restart < std::max(restarts, 1); ++restart) {
    RandomStream random(seed, "block model", static_cast<std::uint64_t>(restart));
    BlockModel found = block_model_of(graph, agglomerate(facts, random));
    if (restart == 0 || found.description_length < best.description_length) best = std::move(found);
  }
  return best;
}

double sbm_p_value(const BlockModel& blocks, const SbmLimits& limits) {
  const std::vector<std::int64_t>& sizes = blocks.block_sizes;
  if (std::ssize(sizes) < limits.min_blocks || std::ssize(sizes) > limits.max_blocks) return 0;
  const auto fits = [&](std::int64_t size) {
    return size >= limits.min_block_nodes && size <= limits.max_block_nodes;
  };
  if (!std::ranges::all_of(sizes, fits)) return 0;
  double sum = 0;
  for (std::size_t r = 0; r < sizes.size(); ++r) {
    for (std::size_t s = 0; s < sizes.size(); ++s) {
      const auto edges = static_cast<double>(blocks.edge_counts[r][s]);
      const auto n = static_cast<double>(sizes[r]);
      const auto m = static_cast<double>(sizes[s]);
      // The small term keeps the published evaluation's quotients.
      const double share = r == s ? edges / (pairs_within(n) + 5e-7) : edges / (n * m + 1e-6);
      sum += wald_p_value(share, r == s ? limits.inner_probability : limits.outer_probability);
    }
  }
  return sum / static_cast<double>(sizes.size() * sizes.size());
}

}  // namespace equigen
