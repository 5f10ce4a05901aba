// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "equigen/metrics/graph/graph_descriptors.h"

namespace equigen {

/// How alike two descriptors are; the shorter one is padded with zeros.
enum class GraphKernel {
  gaussian_emd,  ///< exp(-EMD^2 / (2 sigma^2)), earth mover's distance along the bins
  gaussian,      ///< exp(-|x - y|^2 / (2 sigma^2)), Euclidean
  gaussian_tv,   ///< exp(-TV^2 / (2 sigma^2)), total variation 1/2 sum |x - y|
};

struct KernelSettings {
  GraphKernel kernel = GraphKernel::gaussian_emd;
  double sigma = 1;
  double bin_distance = 1;  ///< between neighbouring bins; of gaussian_emd only
};

/// The published choices of kernels: GDSS (and GraphRNN before it), or SwinGNN (GRAN, DiGress).
enum class MmdConvention { gdss, swingnn };

/// "gdss", "swingnn"; the second throws ConfigError for another name.
std::string name_of(MmdConvention convention);
MmdConvention mmd_convention(const std::string& name);

/// The kernel with which a convention compares a statistic.
KernelSettings kernel_of(MmdConvention convention, GraphStatistic statistic);

/// "Gaussian EMD kernel, sigma 0.1".
std::string description_of(const KernelSettings& settings);

/// Returns the earth mover's distance of two histograms of equal sum on a line: exact, the sum of
/// the differences of their cumulative sums.
double line_emd(std::span<const double> x, std::span<const double> y, double bin_distance = 1);

double kernel_value(std::span<const double> x, std::span<const double> y,
                    const KernelSettings& settings);

/// Returns the squared maximum mean discrepancy of two sets of descriptors as a V-statistic, mean
/// k(a, a') + mean k(b, b') - 2 mean k(a, b) with the diagonal, on all cores; quadratic in the
/// sets' sizes. Throws DataError when a set is empty.
double mmd_squared(std::span<const std::vector<double>> a, std::span<const std::vector<double>> b,
                   const KernelSettings& settings);

/// The same of two sets of graphs; graphs without nodes are left out.
double graph_mmd(GraphStatistic statistic, std::span<const Graph> a, std::span<const Graph> b,
                 MmdConvention convention);

}  // namespace equigen
