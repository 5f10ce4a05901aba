// SPDX-License-Identifier: MIT
#include "equigen/metrics/distances/distribution_distances.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "equigen/base/parallel.h"

namespace equigen::distance {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr double kFloor = 1e-10;
constexpr std::size_t kPoints = 1000;
constexpr std::size_t kBins = 10;

std::int64_t total_of(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0},
                         [](std::int64_t sum, const auto& item) { return sum + item.second; });
}

std::int64_t count_in(const Counts& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

/// KL divergence of two vectors of weights, normalised first.
double kl_divergence(std::span<const double> p, std::span<const double> q) {
  const double p_sum = std::accumulate(p.begin(), p.end(), 0.0);
  const double q_sum = std::accumulate(q.begin(), q.end(), 0.0);
  double result = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    if (p[i] > 0) result += p[i] / p_sum * std::log(p[i] / p_sum * q_sum / q[i]);
  return result;
}

/// Gaussian kernel density of ascending values at `points`, not normalised beyond a constant that
/// is the density's own.
std::vector<double> density_at(std::span<const double> sorted, std::span<const double> points) {
  const auto count = static_cast<double>(sorted.size());
  const double mean = std::accumulate(sorted.begin(), sorted.end(), 0.0) / count;
  double squares = 0;
  for (const double value : sorted) squares += (value - mean) * (value - mean);
  const double width = std::sqrt(squares / (count - 1)) * std::pow(count, -0.2);
  // Beyond ten widths a kernel adds less than 1e-21 of its height.
  const double reach = 10 * width;
  const double height = 1 / (count * width * std::sqrt(2 * std::numbers::pi));
  std::vector<double> density(points.size());
  parallel_for(static_cast<std::int64_t>(points.size()), [&](std::int64_t i) {
    const double point = points[static_cast<std::size_t>(i)];
    auto value = std::lower_bound(sorted.begin(), sorted.end(), point - reach);
    double sum = 0;
    for (; value != sorted.end() && *value <= point + reach; ++value) {
      const double z = (point - *value) / width;
      sum += std::exp(-0.5 * z * z);
    }
    density[static_cast<std::size_t>(i)] = height * sum + kFloor;
  });
  return density;
}

bool varies(const std::vector<double>& sorted) {
  return sorted.size() > 1 && sorted.front() < sorted.back();
}

/// Densities of values in ten equal bins; values outside the range are left out.
std::array<double, kBins> histogram(std::span<const double> values, double low, double high) {
  std::array<double, kBins> bins{};
  const double width = (high - low) / kBins;
  double inside = 0;
  for (const double value : values) {
    if (value < low || value > high) continue;
    auto bin = static_cast<std::size_t>((value - low) / width);
    // Rounding must not move a value over an edge of its bin.
    while (bin > 0 && value < low + width * static_cast<double>(bin)) --bin;
    while (bin + 1 < kBins && value >= low + width * static_cast<double>(bin + 1)) ++bin;
    bins[std::min(bin, kBins - 1)] += 1;
    inside += 1;
  }
  for (double& bin : bins) bin = bin / (inside * width) + kFloor;
  return bins;
}

}  // namespace

double total_variation(const Counts& a, const Counts& b) {
  const auto a_total = static_cast<double>(total_of(a));
  const auto b_total = static_cast<double>(total_of(b));
  if (a_total == 0 || b_total == 0) return a_total == b_total ? 0 : 1;
  Counts names = a;
  names.insert(b.begin(), b.end());
  double sum = 0;
  for (const auto& [name, ignored] : names)
    sum += std::abs(static_cast<double>(count_in(a, name)) / a_total -
                    static_cast<double>(count_in(b, name)) / b_total);
  return sum / 2;
}

double cosine_similarity(const Counts& a, const Counts& b) {
  const auto length = [](const Counts& counts) {
    double squares = 0;
    for (const auto& [name, count] : counts)
      squares += static_cast<double>(count) * static_cast<double>(count);
    return std::sqrt(squares);
  };
  if (a.empty() || b.empty()) return kNothing;
  double product = 0;
  for (const auto& [name, count] : a)
    product += static_cast<double>(count) * static_cast<double>(count_in(b, name));
  return product / length(a) / length(b);
}

double kl_of_densities(std::vector<double> reference, std::vector<double> sample) {
  std::sort(reference.begin(), reference.end());
  std::sort(sample.begin(), sample.end());
  if (!varies(reference) || !varies(sample)) return kNothing;
  const double low = std::min(reference.front(), sample.front());
  const double high = std::max(reference.back(), sample.back());
  std::vector<double> points(kPoints);
  for (std::size_t i = 0; i < kPoints; ++i)
    points[i] = low + (high - low) * static_cast<double>(i) / static_cast<double>(kPoints - 1);
  return kl_divergence(density_at(reference, points), density_at(sample, points));
}

double kl_of_histograms(std::span<const double> reference, std::span<const double> sample) {
  if (reference.empty() || sample.empty()) return kNothing;
  auto [low, high] = std::minmax_element(reference.begin(), reference.end());
  double begin = *low;
  double end = *high;
  if (begin == end) {
    begin -= 0.5;
    end += 0.5;
  }
  const auto q = histogram(sample, begin, end);
  if (!std::isfinite(q.front())) return kNothing;
  return kl_divergence(histogram(reference, begin, end), q);
}

}  // namespace equigen::distance
