// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "equigen/graph/graph.h"

/// Vectors that describe a graph, for the metrics of Jo et al., "Score-based Generative Modeling of
/// Graphs via the System of Stochastic Differential Equations" (2022), and the works before it.
namespace equigen {

enum class GraphStatistic { degree, clustering, orbit, spectral, four_cycle };

/// "degree", "clustering", "orbit", "spectral", "four_cycle"; the second throws ConfigError for
/// another name.
std::string name_of(GraphStatistic statistic);
GraphStatistic graph_statistic(const std::string& name);

/// Counts values in equal bins on [low, high] exactly as numpy.histogram does, rounding at the
/// bins' edges included. Values outside are dropped; the last bin includes `high`.
std::vector<double> histogram_counts(std::span<const double> values, int bins, double low,
                                     double high);

/// Scales a histogram to sum 1; one without entries stays as it is.
std::vector<double> scaled_to_one(std::vector<double> counts);

/// How many nodes have degree 0, 1, ... largest.
std::vector<double> degree_counts(const Graph& graph);

/// The local clustering coefficient of each node: the share of pairs of its neighbours that are
/// joined; 0 below degree 2.
std::vector<double> clustering_coefficients(const Graph& graph);

/// The mean over the nodes of the 15 orbit counts; zeros without nodes.
std::vector<double> orbit_means(const Graph& graph);

/// Eigenvalues of the symmetric normalised Laplacian, ascending, clipped to [0, 2] (rounding moves
/// the 2 of bipartite graphs outside). An isolated node has a zero row.
/// Throws DataError above 5,000 nodes.
std::vector<double> laplacian_spectrum(const Graph& graph);

/// The vector that the kernels compare: degree and clustering (100 bins on [0, 1]) as histograms of
/// sum 1, orbits as means (four_cycle: that of the 4-cycle alone), the spectrum as a histogram of
/// sum 1 (200 bins on [-1e-5, 2]).
std::vector<double> graph_descriptor(GraphStatistic statistic, const Graph& graph);

/// Descriptors of the graphs that have a node, in order, on all cores.
std::vector<std::vector<double>> graph_descriptors(GraphStatistic statistic,
                                                   std::span<const Graph> graphs);

}  // namespace equigen
