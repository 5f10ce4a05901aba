// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "equigen/graph/graph.h"

/// Communities of a graph by the stochastic block model.
namespace equigen {

/// A partition of the nodes into blocks, each with at least one node.
struct BlockModel {
  std::vector<std::int32_t> block_of_node;             ///< 0..B-1
  std::vector<std::int64_t> block_sizes;               ///< [B]
  std::vector<std::vector<std::int64_t>> edge_counts;  ///< [B, B], symmetric; inner ones once
  double description_length = 0;                       ///< nats, see infer_block_model()
};

/// The partition and the graph given it, in nats, by the microcanonical stochastic block model of
/// simple graphs with uniform priors: the edges between each pair of blocks among all node pairs,
/// the matrix of edge counts, the block sizes and the nodes' places in them (Peixoto 2013, 2017;
/// without degree correction). Throws DataError when `block_of_node` does not fit the graph.
BlockModel block_model_of(const Graph& graph, std::vector<std::int32_t> block_of_node);

/// Returns the partition of smallest description length that agglomerative merging with greedy
/// moves of single nodes finds, from `restarts` orders of the nodes; deterministic. The number of
/// blocks is found with it. A graph without nodes has no blocks. Throws DataError above 2,000
/// nodes.
BlockModel infer_block_model(const Graph& graph, std::uint64_t seed = 0, int restarts = 4);

/// How a graph of the SPECTRE set is drawn (Martinkus et al. 2022).
struct SbmLimits {
  double inner_probability = 0.3;
  double outer_probability = 0.005;
  std::int64_t min_blocks = 2;
  std::int64_t max_blocks = 5;
  std::int64_t min_block_nodes = 20;
  std::int64_t max_block_nodes = 40;
};

/// Returns the mean, over all ordered pairs of blocks, of the p-value of a Wald test (chi-squared
/// with one degree of freedom) that the share of present edges equals the model's probability, as
/// SPECTRE's evaluation does; 0 when number or sizes of the blocks are outside the limits. It
/// counts a graph above 0.9 as one of the model.
double sbm_p_value(const BlockModel& blocks, const SbmLimits& limits = {});

}  // namespace equigen
