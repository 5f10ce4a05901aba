// SPDX-License-Identifier: MIT
#include "equigen/data/sample_statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/graph/isomorphism.h"
#include "equigen/molecule/smiles.h"

namespace equigen {
namespace {

constexpr std::int64_t kMostClasses = 20;
constexpr std::size_t kNamedRepeats = 10;

using NumberCounts = std::map<std::int64_t, std::int64_t>;

double mean_of(const NumberCounts& numbers) {
  double sum = 0;
  double count = 0;
  for (const auto& [number, times] : numbers) {
    sum += static_cast<double>(number) * static_cast<double>(times);
    count += static_cast<double>(times);
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

ClassCounts classes_of(std::string name, std::string title, std::string unit,
                       const NumberCounts& numbers) {
  ClassCounts result{.name = std::move(name),
                     .title = std::move(title),
                     .unit = std::move(unit),
                     .classes = {},
                     .counts = {},
                     .ordered = true,
                     .mean = mean_of(numbers)};
  if (numbers.empty()) return result;
  const std::int64_t low = numbers.begin()->first;
  const std::int64_t high = numbers.rbegin()->first;
  const std::int64_t width = (high - low) / kMostClasses + 1;
  for (std::int64_t first = low; first <= high; first += width) {
    const std::int64_t last = std::min(first + width - 1, high);
    result.classes.push_back(first == last ? std::to_string(first)
                                           : fmt::format("{}-{}", first, last));
    result.counts.push_back(0);
  }
  for (const auto& [number, times] : numbers)
    result.counts[static_cast<std::size_t>((number - low) / width)] += times;
  return result;
}

class Counter {
 public:
  void add(const Sample& sample) {
    ++result_.count;
    if (node_count(sample) == 0) ++result_.empty;
    if (const auto* graph = std::get_if<Graph>(&sample.structure))
      add_graph(*graph);
    else if (const auto* crystal = std::get_if<Crystal>(&sample.structure))
      add_crystal(*crystal);
    else
      add_molecule(molecule_in(sample));
    for (const auto& [name, value] : sample.properties) add_property(name, value);
  }

  SampleStatistics finish() {
    if (result_.graphs > 0) {
      result_.classes.push_back(classes_of("nodes", "Nodes", "graphs", nodes_));
      result_.classes.push_back(classes_of("edges", "Edges", "graphs", edges_));
      result_.classes.push_back(classes_of("degrees", "Degree of nodes", "nodes", degrees_));
    }
    if (result_.molecules > 0) {
      result_.classes.push_back(classes_of("atoms", "Listed atoms", "molecules", atoms_));
      result_.classes.push_back(classes_of("bonds", "Bonds", "molecules", bonds_));
      result_.classes.push_back(element_classes());
      result_.classes.push_back(bond_classes());
      result_.classes.push_back(classes_of("charges", "Formal charges", "atoms", charges_));
    }
    if (result_.crystals > 0) {
      result_.classes.push_back(classes_of("atoms", "Atoms of a cell", "crystals", atoms_));
      result_.classes.push_back(
          classes_of("element_count", "Number of elements", "crystals", kinds_));
      if (result_.molecules == 0) result_.classes.push_back(element_classes());
    }
    for (const std::string& name : property_names_)
      result_.properties.push_back(summary_of(name, properties_[name]));
    return std::move(result_);
  }

 private:
  void add_graph(const Graph& graph) {
    ++result_.graphs;
    ++nodes_[graph.node_count];
    ++edges_[static_cast<std::int64_t>(graph.edges.size())];
    std::vector<std::int64_t> degrees(static_cast<std::size_t>(graph.node_count));
    for (const auto& [a, b] : graph.edges) {
      ++degrees[static_cast<std::size_t>(a)];
      ++degrees[static_cast<std::size_t>(b)];
    }
    for (const std::int64_t degree : degrees) ++degrees_[degree];
  }

  void add_molecule(const Molecule& molecule) {
    ++result_.molecules;
    if (!molecule.positions.empty()) ++result_.with_positions;
    ++atoms_[static_cast<std::int64_t>(molecule.atoms.size())];
    ++bonds_[static_cast<std::int64_t>(molecule.bonds.size())];
    for (const Atom& atom : molecule.atoms) {
      ++elements_[atom.atomic_number];
      ++charges_[atom.formal_charge];
    }
    for (const Bond& bond : molecule.bonds) ++orders_[std::min<std::size_t>(bond.order, 3)];
  }

  void add_property(const std::string& name, double value) {
    if (!properties_.contains(name)) property_names_.push_back(name);
    auto& values = properties_[name];
    if (std::isfinite(value)) values.push_back(value);
  }

  void add_crystal(const Crystal& crystal) {
    ++result_.crystals;
    if (crystal.size() == 0) return;
    ++atoms_[static_cast<std::int64_t>(crystal.size())];
    const Composition parts = composition(crystal);
    ++kinds_[std::ssize(parts)];
    for (const auto& [element, count] : parts) elements_[element] += count;
    const double volume = crystal.lattice.volume();
    if (!(volume > 0) || !std::isfinite(volume)) return;
    add_property("density (g/cm³)", density(crystal));
    add_property("volume per atom (Å³)", volume / static_cast<double>(crystal.size()));
    const auto [lengths, angles] = crystal.lattice.parameters();
    constexpr std::array kLengths{"a (Å)", "b (Å)", "c (Å)"};
    constexpr std::array kAngles{"alpha (°)", "beta (°)", "gamma (°)"};
    for (std::size_t i = 0; i < 3; ++i) add_property(kLengths[i], lengths[i]);
    for (std::size_t i = 0; i < 3; ++i) add_property(kAngles[i], angles[i]);
  }

  ClassCounts element_classes() const {
    ClassCounts result{.name = "elements",
                       .title = "Elements",
                       .unit = "atoms",
                       .classes = {},
                       .counts = {},
                       .mean = std::numeric_limits<double>::quiet_NaN()};
    std::vector<std::pair<std::int64_t, std::int64_t>> sorted(elements_.begin(), elements_.end());
    std::ranges::stable_sort(sorted, std::greater{}, [](const auto& pair) { return pair.second; });
    for (const auto& [number, times] : sorted) {
      const std::string& symbol = element_symbol(static_cast<int>(number));
      result.classes.push_back(symbol.empty() ? "?" : symbol);
      result.counts.push_back(times);
    }
    return result;
  }

  ClassCounts bond_classes() const {
    return {.name = "bond_types",
            .title = "Bond types (kekulised)",
            .unit = "bonds",
            .classes = {"single", "double", "triple"},
            .counts = {orders_[1], orders_[2], orders_[3]},
            .mean = std::numeric_limits<double>::quiet_NaN()};
  }

  static PropertySummary summary_of(const std::string& name, const std::vector<double>& values) {
    PropertySummary summary{
        .name = name, .count = static_cast<std::int64_t>(values.size()), .edges = {}, .counts = {}};
    if (values.empty()) return summary;
    const auto [low, high] = std::ranges::minmax(values);
    summary.minimum = low;
    summary.maximum = high;
    double mean = 0;
    double seen = 0;
    for (const double value : values) mean += (value - mean) / ++seen;
    summary.mean = mean;
    const double width = (high - low) / static_cast<double>(kMostClasses);
    if (!(width > 0) || !std::isfinite(width)) return summary;
    for (std::int64_t k = 0; k <= kMostClasses; ++k)
      summary.edges.push_back(low + width * static_cast<double>(k));
    summary.counts.assign(static_cast<std::size_t>(kMostClasses), 0);
    for (const double value : values) {
      const auto k = static_cast<std::int64_t>((value - low) / width);
      ++summary.counts[static_cast<std::size_t>(std::clamp<std::int64_t>(k, 0, kMostClasses - 1))];
    }
    return summary;
  }

  SampleStatistics result_;
  NumberCounts nodes_, edges_, degrees_, atoms_, bonds_, elements_, charges_, kinds_;
  std::array<std::int64_t, 4> orders_{};
  std::vector<std::string> property_names_;
  std::map<std::string, std::vector<double>> properties_;
};

/// What two samples share exactly when they are the same; empty for a molecule without SMILES and a
/// flat crystal.
std::string identity_of(const Sample& sample) {
  if (const auto* graph = std::get_if<Graph>(&sample.structure)) return canonical_key(*graph);
  if (const auto* crystal = std::get_if<Crystal>(&sample.structure))
    return written_identity(*crystal);
  const Molecule& molecule = molecule_in(sample);
  if (!molecule.smiles.empty()) return molecule.smiles;
  try {
    return canonical_smiles(molecule);
  } catch (const DataError&) {
    return {};
  }
}

std::string text_of(const Sample& sample, const std::string& identity) {
  if (const auto* graph = std::get_if<Graph>(&sample.structure))
    return fmt::format("{} nodes, {} edges", graph->node_count, graph->edges.size());
  if (const auto* crystal = std::get_if<Crystal>(&sample.structure))
    return fmt::format("{}, {} atoms", formula(reduced(composition(*crystal))), crystal->size());
  return identity;
}

void count_repeats(std::span<const Sample> samples, SampleStatistics& statistics) {
  std::vector<std::string> identities(samples.size());
  parallel_for(static_cast<std::int64_t>(samples.size()), [&](std::int64_t i) {
    const auto k = static_cast<std::size_t>(i);
    if (node_count(samples[k]) > 0) identities[k] = identity_of(samples[k]);
  });
  std::unordered_map<std::string, std::pair<std::size_t, std::int64_t>> seen;  // first, count
  for (std::size_t k = 0; k < samples.size(); ++k) {
    if (node_count(samples[k]) == 0) continue;
    if (identities[k].empty())
      ++statistics.without_smiles;
    else
      ++seen.try_emplace(identities[k], k, 0).first->second.second;
  }
  statistics.distinct = static_cast<std::int64_t>(seen.size());
  std::vector<std::pair<std::size_t, std::int64_t>> repeated;
  for (const auto& [identity, entry] : seen)
    if (entry.second > 1) repeated.push_back(entry);
  std::ranges::sort(repeated, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  repeated.resize(std::min(repeated.size(), kNamedRepeats));
  for (const auto& [first, times] : repeated)
    statistics.repeated.push_back({text_of(samples[first], identities[first]), times});
}

}  // namespace

SampleStatistics describe_samples(std::span<const Sample> samples) {
  Counter counter;
  for (const Sample& sample : samples) counter.add(sample);
  SampleStatistics statistics = counter.finish();
  count_repeats(samples, statistics);
  return statistics;
}

}  // namespace equigen
