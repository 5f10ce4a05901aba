// SPDX-License-Identifier: MIT
#include "equigen/metrics/graph/graph_mmd.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"

namespace equigen {
namespace {

using Descriptors = std::span<const std::vector<double>>;

constexpr std::size_t kLanes = 4;

/// Writes a descriptor, or its cumulative sums where the kernel compares those, into a row padded
/// behind.
void fill_row(std::span<double> row, std::span<const double> descriptor, GraphKernel kernel) {
  std::ranges::copy(descriptor, row.begin());
  std::ranges::fill(row.subspan(descriptor.size()), 0.0);
  if (kernel != GraphKernel::gaussian_emd) return;
  double sum = 0;
  for (double& entry : row) entry = sum += entry;
}

/// Rows of equal, padded length side by side in memory.
class Rows {
 public:
  Rows(Descriptors descriptors, std::size_t width, GraphKernel kernel)
      : count_(descriptors.size()), width_(width), entries_(count_ * width) {
    for (std::size_t k = 0; k < count_; ++k) {
      fill_row({entries_.data() + k * width_, width_}, descriptors[k], kernel);
    }
  }
  std::size_t count() const { return count_; }
  std::span<const double> operator[](std::size_t k) const {
    return {entries_.data() + k * width_, width_};
  }

 private:
  std::size_t count_;
  std::size_t width_;
  std::vector<double> entries_;
};

/// Sums term(x_k - y_k) in four lanes, so that the compiler may use vector registers. The width is
/// a multiple of four.
template <typename Term>
double lane_sum(std::span<const double> x, std::span<const double> y, Term term) {
  std::array<double, kLanes> lanes{};
  for (std::size_t k = 0; k < x.size(); k += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes[lane] += term(x[k + lane] - y[k + lane]);
    }
  }
  return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}

/// The kernel of two prepared rows.
double row_kernel(std::span<const double> x, std::span<const double> y,
                  const KernelSettings& settings) {
  const double scale = -0.5 / (settings.sigma * settings.sigma);
  if (settings.kernel == GraphKernel::gaussian) {
    return std::exp(scale * lane_sum(x, y, [](double d) { return d * d; }));
  }
  const double factor = settings.kernel == GraphKernel::gaussian_emd ? settings.bin_distance : 0.5;
  const double distance = factor * lane_sum(x, y, [](double d) { return std::abs(d); });
  return std::exp(scale * distance * distance);
}

double sum_of(const std::vector<double>& terms) {
  double sum = 0;
  for (const double term : terms) sum += term;
  return sum;
}

/// Mean of the kernel over all pairs of a set with itself: the diagonal is 1, the rest counts
/// twice.
double mean_within(const Rows& rows, const KernelSettings& settings) {
  std::vector<double> sums(rows.count());
  parallel_for(static_cast<std::int64_t>(rows.count()), [&](std::int64_t index) {
    const auto i = static_cast<std::size_t>(index);
    double sum = 0;
    for (std::size_t j = 0; j < i; ++j) sum += row_kernel(rows[i], rows[j], settings);
    sums[i] = 2 * sum + 1;
  });
  const auto count = static_cast<double>(rows.count());
  return sum_of(sums) / (count * count);
}

double mean_between(const Rows& a, const Rows& b, const KernelSettings& settings) {
  std::vector<double> sums(a.count());
  parallel_for(static_cast<std::int64_t>(a.count()), [&](std::int64_t index) {
    const auto i = static_cast<std::size_t>(index);
    for (std::size_t j = 0; j < b.count(); ++j) sums[i] += row_kernel(a[i], b[j], settings);
  });
  return sum_of(sums) / (static_cast<double>(a.count()) * static_cast<double>(b.count()));
}

std::size_t padded_width(std::initializer_list<Descriptors> sets) {
  std::size_t width = 0;
  for (const auto& set : sets) {
    for (const auto& descriptor : set) width = std::max(width, descriptor.size());
  }
  return (width + kLanes - 1) / kLanes * kLanes;
}

}  // namespace

std::string name_of(MmdConvention convention) {
  return convention == MmdConvention::gdss ? "gdss" : "swingnn";
}

MmdConvention mmd_convention(const std::string& name) {
  if (name == "gdss") return MmdConvention::gdss;
  if (name == "swingnn") return MmdConvention::swingnn;
  throw ConfigError("mmd-convention-unknown",
                    fmt::format("there is no convention '{}' of graph MMD", name),
                    "the conventions are gdss, swingnn");
}

KernelSettings kernel_of(MmdConvention convention, GraphStatistic statistic) {
  KernelSettings settings;
  if (statistic == GraphStatistic::clustering) settings = {settings.kernel, 0.1, 0.01};
  if (statistic == GraphStatistic::orbit) settings = {GraphKernel::gaussian, 30, 1};
  // The 4-cycle count is compared by the same kernel everywhere.
  if (statistic == GraphStatistic::four_cycle) return {GraphKernel::gaussian, 1, 1};
  if (convention == MmdConvention::swingnn) settings.kernel = GraphKernel::gaussian_tv;
  return settings;
}

std::string description_of(const KernelSettings& settings) {
  const std::string_view name = settings.kernel == GraphKernel::gaussian_emd  ? "Gaussian EMD"
                                : settings.kernel == GraphKernel::gaussian_tv ? "Gaussian TV"
                                                                              : "Gaussian";
  return fmt::format("{} kernel, sigma {}", name, settings.sigma);
}

double line_emd(std::span<const double> x, std::span<const double> y, double bin_distance) {
  double difference = 0;
  double distance = 0;
  for (std::size_t k = 0; k < std::max(x.size(), y.size()); ++k) {
    difference += (k < x.size() ? x[k] : 0.0) - (k < y.size() ? y[k] : 0.0);
    distance += std::abs(difference);
  }
  return distance * bin_distance;
}

double kernel_value(std::span<const double> x, std::span<const double> y,
                    const KernelSettings& settings) {
  const std::vector<std::vector<double>> both{{x.begin(), x.end()}, {y.begin(), y.end()}};
  const Rows rows(both, padded_width({both}), settings.kernel);
  return row_kernel(rows[0], rows[1], settings);
}

double mmd_squared(std::span<const std::vector<double>> a, std::span<const std::vector<double>> b,
                   const KernelSettings& settings) {
  if (a.empty() || b.empty()) {
    throw DataError("mmd-empty",
                    "the discrepancy of sets needs a graph with nodes in each of them");
  }
  const std::size_t width = padded_width({a, b});
  const Rows rows_a(a, width, settings.kernel);
  const Rows rows_b(b, width, settings.kernel);
  return mean_within(rows_a, settings) + mean_within(rows_b, settings) -
         2 * mean_between(rows_a, rows_b, settings);
}

double graph_mmd(GraphStatistic statistic, std::span<const Graph> a, std::span<const Graph> b,
                 MmdConvention convention) {
  return mmd_squared(graph_descriptors(statistic, a), graph_descriptors(statistic, b),
                     kernel_of(convention, statistic));
}

}  // namespace equigen
