// SPDX-License-Identifier: MIT
#include "equigen/report/shares.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace equigen::report::shares {

namespace {

constexpr int kMostClasses = 26;
constexpr int kBins = 24;

double mean_of(const Values& values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> shares_in(const Values& values, const std::vector<double>& edges) {
  if (values.empty()) return {};
  std::vector<double> shares(edges.size() - 1, 0.0);
  for (const double value : values) {
    const auto above = std::upper_bound(edges.begin(), edges.end(), value);
    const auto place = std::clamp<std::ptrdiff_t>(above - edges.begin() - 1, 0,
                                                  static_cast<std::ptrdiff_t>(shares.size()) - 1);
    shares[static_cast<std::size_t>(place)] += 1.0 / static_cast<double>(values.size());
  }
  return shares;
}

Distribution with_means(const Names& names, const Values& generated, const Values& reference) {
  Distribution result;
  result.name = names.name;
  result.title = names.title;
  result.x_label = names.x_label;
  result.generated_mean = mean_of(generated);
  result.reference_mean = mean_of(reference);
  return result;
}

}  // namespace

Distribution of_counts(const Names& names, const Values& generated, const Values& reference) {
  Distribution result = with_means(names, generated, reference);
  Values all = generated;
  all.insert(all.end(), reference.begin(), reference.end());
  if (all.empty()) return result;
  const auto [low, high] = std::minmax_element(all.begin(), all.end());
  const double width =
      std::ceil((*high - *low + 1) / (*high - *low < kMostClasses ? *high - *low + 1 : kBins));
  std::vector<double> edges;
  for (double edge = *low; edge <= *high + width - 0.5; edge += width) edges.push_back(edge);
  if (edges.size() < 2) edges.push_back(*low + width);
  if (edges.back() <= *high) edges.push_back(edges.back() + width);
  result.generated = shares_in(generated, edges);
  result.reference = shares_in(reference, edges);
  if (width > 1) {
    result.edges = edges;
    return result;
  }
  for (std::size_t i = 0; i + 1 < edges.size(); ++i)
    result.classes.push_back(fmt::format("{:.0f}", edges[i]));
  return result;
}

Distribution of_reals(const Names& names, const Values& generated, const Values& reference,
                      double lower, double upper) {
  Distribution result = with_means(names, generated, reference);
  if (generated.empty() && reference.empty()) return result;
  for (int i = 0; i <= kBins; ++i)
    result.edges.push_back(lower + (upper - lower) * static_cast<double>(i) / kBins);
  result.generated = shares_in(generated, result.edges);
  result.reference = shares_in(reference, result.edges);
  return result;
}

Distribution of_names(const Names& names, const NameCounts& generated,
                      const NameCounts& reference) {
  Distribution result = with_means(names, {}, {});
  NameCounts all = reference;
  for (const auto& [name, count] : generated) all.emplace(name, 0.0);
  for (const auto& [name, count] : all) result.classes.push_back(name);
  std::stable_sort(result.classes.begin(), result.classes.end(),
                   [&](const auto& a, const auto& b) { return all.at(a) > all.at(b); });
  const auto fill = [&](const NameCounts& counts, std::vector<double>& shares) {
    double total = 0;
    for (const auto& [name, count] : counts) total += count;
    if (total == 0) return;
    for (const std::string& name : result.classes) {
      const auto found = counts.find(name);
      shares.push_back(found == counts.end() ? 0.0 : found->second / total);
    }
  };
  fill(generated, result.generated);
  fill(reference, result.reference);
  return result;
}

}  // namespace equigen::report::shares
