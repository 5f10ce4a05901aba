// SPDX-License-Identifier: MIT
#include "equigen/data/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "equigen/base/error.h"

namespace equigen {
namespace {

/// What the molecules or crystals of a data set consist of.
struct AtomCounts {
  std::map<int, std::int64_t> elements;
  std::vector<std::int64_t> bonds = std::vector<std::int64_t>(4, 0);

  void add(const Graph&) {}
  void add(const Crystal& crystal) {
    for (const auto atomic_number : crystal.atomic_numbers) ++elements[atomic_number];
  }
  void add(const Molecule& molecule) {
    for (const Atom& atom : molecule.atoms) ++elements[atom.atomic_number];
    for (const Bond& bond : molecule.bonds) {
      if (bond.order >= 1 && bond.order <= 3) ++bonds[bond.order];
    }
  }
};

template <typename Edges, typename Ends>
std::int32_t largest_degree(std::int64_t nodes, const Edges& edges, const Ends& ends) {
  std::vector<std::int32_t> degree(static_cast<std::size_t>(nodes), 0);
  for (const auto& edge : edges) {
    const auto [begin, end] = ends(edge);
    ++degree.at(static_cast<std::size_t>(begin));
    ++degree.at(static_cast<std::size_t>(end));
  }
  return degree.empty() ? 0 : *std::max_element(degree.begin(), degree.end());
}

std::int32_t largest_degree(const Sample& sample) {
  if (const auto* graph = std::get_if<Graph>(&sample.structure)) {
    return largest_degree(graph->node_count, graph->edges, [](const auto& edge) { return edge; });
  }
  const auto* molecule = std::get_if<Molecule>(&sample.structure);
  if (molecule == nullptr) return 0;
  return largest_degree(node_count(sample), molecule->bonds,
                        [](const Bond& bond) { return std::pair(bond.begin, bond.end); });
}

}  // namespace

Dataset::~Dataset() = default;

nlohmann::json DataSummary::to_json() const {
  return {{"dataset", dataset},
          {"structure", structure},
          {"count", count},
          {"size_histogram", size_histogram},
          {"max_degree", max_degree},
          {"elements", elements},
          {"element_counts", element_counts},
          {"bond_counts", bond_counts},
          {"lattice", lattice.to_json()}};
}

DataSummary DataSummary::from_json(const nlohmann::json& json) {
  try {
    DataSummary summary;
    json.at("dataset").get_to(summary.dataset);
    json.at("structure").get_to(summary.structure);
    json.at("count").get_to(summary.count);
    json.at("size_histogram").get_to(summary.size_histogram);
    json.at("max_degree").get_to(summary.max_degree);
    json.at("elements").get_to(summary.elements);
    json.at("element_counts").get_to(summary.element_counts);
    json.at("bond_counts").get_to(summary.bond_counts);
    // Checkpoints of before there were models of crystals have none.
    if (json.contains("lattice"))
      summary.lattice = LatticeStatistics::from_json(json.at("lattice"));
    return summary;
  } catch (const nlohmann::json::exception& problem) {
    throw DataError("data-summary", fmt::format("not a data summary: {}", problem.what()),
                    "the file was damaged or written by another version of equigen");
  }
}

DataSummary summarise(const std::string& name, const std::vector<Sample>& train) {
  DataSummary summary;
  summary.dataset = name;
  summary.count = static_cast<std::int64_t>(train.size());
  if (!train.empty()) summary.structure = structure_kind(train.front());
  AtomCounts counts;
  for (const Sample& sample : train) {
    if (structure_kind(sample) != summary.structure) {
      throw DataError("data-mixed",
                      fmt::format("data set {} mixes {}s and {}s", name, summary.structure,
                                  structure_kind(sample)),
                      "give each its own data set");
    }
    const auto size = static_cast<std::size_t>(node_count(sample));
    if (summary.size_histogram.size() <= size) summary.size_histogram.resize(size + 1, 0);
    ++summary.size_histogram[size];
    summary.max_degree = std::max(summary.max_degree, largest_degree(sample));
    std::visit([&](const auto& structure) { counts.add(structure); }, sample.structure);
  }
  if (summary.structure == "molecule") summary.bond_counts = counts.bonds;
  summary.lattice = lattice_statistics(train);
  for (const auto& [element, count] : counts.elements) {
    summary.elements.push_back(element);
    summary.element_counts.push_back(count);
  }
  return summary;
}

}  // namespace equigen
