// SPDX-License-Identifier: MIT
#include "equigen/report/distributions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

namespace equigen::report {

namespace {

constexpr int kMostClasses = 26;
constexpr int kBins = 24;

using Values = std::vector<double>;

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

struct Names {
  std::string name;
  std::string title;
  std::string x_label;
};

Distribution with_means(const Names& names, const Values& generated, const Values& reference) {
  Distribution result;
  result.name = names.name;
  result.title = names.title;
  result.x_label = names.x_label;
  result.generated_mean = mean_of(generated);
  result.reference_mean = mean_of(reference);
  return result;
}

/// Whole numbers: one class each, or equally wide classes where there are many.
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

using NameCounts = std::map<std::string, double>;

/// Named classes, the most frequent of the reference first.
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

/// Gathers numbers of every structure of type T.
template <typename T>
Values gather(std::span<const Sample> samples,
              const std::function<void(const T&, Values&)>& add_values) {
  Values values;
  for (const Sample& sample : samples)
    if (const T* structure = std::get_if<T>(&sample.structure)) add_values(*structure, values);
  return values;
}

std::int64_t component_count(std::size_t nodes,
                             const std::vector<std::pair<std::int32_t, std::int32_t>>& edges) {
  std::vector<std::size_t> parent(nodes);
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const std::function<std::size_t(std::size_t)> root = [&](std::size_t node) {
    while (parent[node] != node) node = parent[node] = parent[parent[node]];
    return node;
  };
  auto count = static_cast<std::int64_t>(nodes);
  for (const auto& [a, b] : edges) {
    const std::size_t from = root(static_cast<std::size_t>(a));
    const std::size_t to = root(static_cast<std::size_t>(b));
    if (from == to) continue;
    parent[from] = to;
    --count;
  }
  return count;
}

/// Local clustering coefficients: the share of pairs of neighbours that are joined.
void add_clustering(const Graph& graph, Values& values) {
  const auto rows = neighbours(graph);
  for (const auto& row : rows) {
    std::int64_t joined = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto& other = rows[static_cast<std::size_t>(row[i])];
      for (std::size_t j = i + 1; j < row.size(); ++j)
        joined += std::binary_search(other.begin(), other.end(), row[j]) ? 1 : 0;
    }
    const double pairs = static_cast<double>(row.size()) * static_cast<double>(row.size() - 1) / 2;
    values.push_back(row.size() < 2 ? 0.0 : static_cast<double>(joined) / pairs);
  }
}

std::vector<Distribution> compare_graphs(std::span<const Sample> generated,
                                         std::span<const Sample> reference) {
  const auto both = [&](const Names& names, const std::function<void(const Graph&, Values&)>& add) {
    const auto skip_empty = [&add](const Graph& graph, Values& values) {
      if (graph.node_count > 0) add(graph, values);
    };
    return of_counts(names, gather<Graph>(generated, skip_empty),
                     gather<Graph>(reference, skip_empty));
  };
  std::vector<Distribution> result;
  result.push_back(both({"nodes", "Size", "nodes of a graph"},
                        [](const Graph& g, Values& values) { values.push_back(g.node_count); }));
  result.push_back(both({"edges", "Edges", "edges of a graph"}, [](const Graph& g, Values& values) {
    values.push_back(static_cast<double>(g.edges.size()));
  }));
  result.push_back(
      both({"degree", "Degree", "degree of a node"}, [](const Graph& g, Values& values) {
        for (const auto& row : neighbours(g)) values.push_back(static_cast<double>(row.size()));
      }));
  result.push_back(of_reals({"clustering", "Clustering", "clustering coefficient of a node"},
                            gather<Graph>(generated, add_clustering),
                            gather<Graph>(reference, add_clustering), 0, 1));
  result.push_back(both(
      {"components", "Connectedness", "components of a graph"}, [](const Graph& g, Values& values) {
        values.push_back(
            static_cast<double>(component_count(static_cast<std::size_t>(g.node_count), g.edges)));
      }));
  return result;
}

bool is_heavy(const Atom& atom) {
  return atom.atomic_number != 1;
}

std::vector<std::pair<std::int32_t, std::int32_t>> ends_of(const std::vector<Bond>& bonds) {
  std::vector<std::pair<std::int32_t, std::int32_t>> ends;
  for (const Bond& bond : bonds) ends.emplace_back(bond.begin, bond.end);
  return ends;
}

NameCounts element_counts(std::span<const Sample> samples) {
  NameCounts counts;
  for (const Sample& sample : samples)
    if (const auto* molecule = std::get_if<Molecule>(&sample.structure))
      for (const Atom& atom : molecule->atoms)
        if (is_heavy(atom)) counts[element_symbol(atom.atomic_number)] += 1;
  return counts;
}

NameCounts bond_counts(std::span<const Sample> samples) {
  static const char* const names[] = {"none", "single", "double", "triple"};
  NameCounts counts;
  for (const Sample& sample : samples)
    if (const auto* molecule = std::get_if<Molecule>(&sample.structure))
      for (const Bond& bond : molecule->bonds)
        counts[bond.order < 4 ? names[bond.order] : "other"] += 1;
  return counts;
}

void add_heavy_degrees(const Molecule& molecule, Values& values) {
  std::vector<int> degree(molecule.atoms.size(), 0);
  for (const Bond& bond : molecule.bonds) {
    const auto begin = static_cast<std::size_t>(bond.begin);
    const auto end = static_cast<std::size_t>(bond.end);
    if (!is_heavy(molecule.atoms[begin]) || !is_heavy(molecule.atoms[end])) continue;
    ++degree[begin];
    ++degree[end];
  }
  for (std::size_t i = 0; i < degree.size(); ++i)
    if (is_heavy(molecule.atoms[i])) values.push_back(degree[i]);
}

std::vector<Distribution> compare_molecules(std::span<const Sample> generated,
                                            std::span<const Sample> reference) {
  const auto both = [&](const Names& names,
                        const std::function<void(const Molecule&, Values&)>& add) {
    const auto skip_empty = [&add](const Molecule& molecule, Values& values) {
      if (!molecule.atoms.empty()) add(molecule, values);
    };
    return of_counts(names, gather<Molecule>(generated, skip_empty),
                     gather<Molecule>(reference, skip_empty));
  };
  std::vector<Distribution> result;
  result.push_back(both({"heavy_atoms", "Size", "heavy atoms of a molecule"},
                        [](const Molecule& molecule, Values& values) {
                          values.push_back(static_cast<double>(std::count_if(
                              molecule.atoms.begin(), molecule.atoms.end(), is_heavy)));
                        }));
  result.push_back(of_names({"elements", "Elements", "element of a heavy atom"},
                            element_counts(generated), element_counts(reference)));
  result.push_back(of_names({"bond_orders", "Bonds", "order of a bond (kekulised)"},
                            bond_counts(generated), bond_counts(reference)));
  result.push_back(both({"rings", "Rings", "independent rings of a molecule"},
                        [](const Molecule& molecule, Values& values) {
                          const auto ends = ends_of(molecule.bonds);
                          values.push_back(
                              static_cast<double>(static_cast<std::int64_t>(ends.size()) -
                                                  static_cast<std::int64_t>(molecule.atoms.size()) +
                                                  component_count(molecule.atoms.size(), ends)));
                        }));
  result.push_back(
      both({"neighbours", "Branching", "heavy neighbours of an atom"}, add_heavy_degrees));
  return result;
}

}  // namespace

double Distribution::overlap() const {
  if (generated.empty() || reference.empty()) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (std::size_t i = 0; i < std::min(generated.size(), reference.size()); ++i)
    sum += std::min(generated[i], reference[i]);
  return sum;
}

std::vector<Distribution> compare_distributions(std::span<const Sample> generated,
                                                std::span<const Sample> reference) {
  if (generated.empty() && reference.empty()) return {};
  const Sample& first = generated.empty() ? reference.front() : generated.front();
  return std::holds_alternative<Graph>(first.structure) ? compare_graphs(generated, reference)
                                                        : compare_molecules(generated, reference);
}

nlohmann::json to_json(const Distribution& distribution) {
  const auto number = [](double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
  };
  return {{"name", distribution.name},
          {"title", distribution.title},
          {"quantity", distribution.x_label},
          {"classes", distribution.classes},
          {"edges", distribution.edges},
          {"generated", distribution.generated},
          {"reference", distribution.reference},
          {"generated_mean", number(distribution.generated_mean)},
          {"reference_mean", number(distribution.reference_mean)},
          {"overlap", number(distribution.overlap())}};
}

}  // namespace equigen::report
