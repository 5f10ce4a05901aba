// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

/// Distances between distributions that are known by samples.
namespace equigen::distance {

/// Counts of anything by name.
using Counts = std::map<std::string, std::int64_t>;

/// Half the sum of the differences of the shares; 1 when only one of them is empty, 0 when both.
double total_variation(const Counts& a, const Counts& b);

/// Cosine of the angle between two vectors of counts; NaN when one is empty.
double cosine_similarity(const Counts& a, const Counts& b);

/// KL(reference || sample) in nats as GuacaMol (Brown et al., J. Chem. Inf. Model. 59, 1096 (2019))
/// computes it for real numbers: Gaussian kernel densities (Scott's bandwidth) at 1000 points over
/// both ranges, 1e-10 added. NaN when one sample has fewer than two different values.
double kl_of_densities(std::vector<double> reference, std::vector<double> sample);

/// The same for whole numbers: ten bins over the range of the reference, 1e-10 added; sample values
/// outside are not counted. NaN when none is inside.
double kl_of_histograms(std::span<const double> reference, std::span<const double> sample);

}  // namespace equigen::distance
