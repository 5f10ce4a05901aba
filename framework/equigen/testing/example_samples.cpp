// SPDX-License-Identifier: MIT
#include "equigen/testing/example_samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <span>

#include "equigen/crystal/elements.h"
#include "equigen/molecule/smiles.h"

namespace equigen::testing {
namespace {

constexpr std::array kSmiles{
    "C",      "CC",       "CO",        "C=O",       "C#N",      "CCO",     "CC=O",       "NC=O",
    "CC(C)C", "CC(=O)O",  "FC(F)F",    "C1CC1",     "C1CO1",    "CC#N",    "OCC=O",      "CN(C)C",
    "C1CCC1", "C1=CCCC1", "NCCO",      "CC(=O)N",   "c1ccccc1", "c1ccoc1", "c1cc[nH]c1", "OC1CC1",
    "CC1CO1", "C1CCNC1",  "O=C1CCC1",  "CC(C)(C)O", "N#CC#N",   "COC",     "CNC",        "CCCC",
    "CCCN",   "FCCF",     "OC(=O)C=O", "C=C",       "C#C",      "C=CC=C",  "CC=C",       "NN"};

std::string fault_of_graph(const Graph& graph) {
  if (graph.node_count < 0) return fmt::format("it has {} nodes", graph.node_count);
  for (std::size_t k = 0; k < graph.edges.size(); ++k) {
    const auto [i, j] = graph.edges[k];
    if (i < 0 || j >= graph.node_count)
      return fmt::format("edge ({}, {}) leaves its {} nodes", i, j, graph.node_count);
    if (i >= j) return fmt::format("edge ({}, {}) is not written with its smaller end first", i, j);
    if (k > 0 && graph.edges[k - 1] >= graph.edges[k])
      return fmt::format("edge ({}, {}) stands twice or out of order", i, j);
  }
  return {};
}

std::string fault_of_bonds(const Molecule& molecule) {
  const auto atoms = static_cast<std::int32_t>(molecule.atoms.size());
  std::set<std::pair<std::int32_t, std::int32_t>> seen;
  for (const Bond& bond : molecule.bonds) {
    const auto [low, high] = std::minmax(bond.begin, bond.end);
    if (low < 0 || high >= atoms)
      return fmt::format("bond ({}, {}) leaves its {} atoms", bond.begin, bond.end, atoms);
    if (low == high || !seen.emplace(low, high).second)
      return fmt::format("bond ({}, {}) stands twice or joins an atom to itself", low, high);
    if (bond.order < 1 || bond.order > 3)
      return fmt::format("bond ({}, {}) has order {}", low, high, bond.order);
  }
  return {};
}

std::string fault_of_molecule(const Molecule& molecule) {
  for (const Atom& atom : molecule.atoms) {
    if (atom.atomic_number < 1 || atom.atomic_number > 118)
      return fmt::format("it has an atom of number {}", atom.atomic_number);
  }
  if (!molecule.positions.empty() && molecule.positions.size() != molecule.atoms.size())
    return fmt::format("it has {} positions for {} atoms", molecule.positions.size(),
                       molecule.atoms.size());
  for (const auto& position : molecule.positions) {
    if (!std::ranges::all_of(position, [](double x) { return std::isfinite(x); }))
      return "a position is not finite";
  }
  return fault_of_bonds(molecule);
}

std::string fault_of_crystal(const Crystal& crystal) {
  const auto is_finite = [](double x) { return std::isfinite(x); };
  for (const Vector3& vector : crystal.lattice.vectors())
    if (!std::ranges::all_of(vector, is_finite)) return "a lattice vector is not finite";
  if (crystal.fractional_coordinates.size() != crystal.size())
    return fmt::format("it has {} coordinates for {} atoms", crystal.fractional_coordinates.size(),
                       crystal.size());
  for (const Vector3& site : crystal.fractional_coordinates)
    if (!std::ranges::all_of(site, is_finite)) return "a coordinate is not finite";
  for (const auto atomic_number : crystal.atomic_numbers) {
    if (atomic_number < 1 || atomic_number > kLargestAtomicNumber)
      return fmt::format("it has an atom of number {}", atomic_number);
  }
  return {};
}

/// image[i] is the new number of node i.
std::vector<std::int32_t> shuffled(std::size_t count, RandomStream& random) {
  std::vector<std::int32_t> image(count);
  std::iota(image.begin(), image.end(), 0);
  random.shuffle(std::span(image));
  return image;
}

Graph relabelled_graph(const Graph& graph, RandomStream& random) {
  const auto image = shuffled(static_cast<std::size_t>(graph.node_count), random);
  Graph result{graph.node_count, {}};
  for (const auto& [i, j] : graph.edges) {
    result.edges.emplace_back(image[static_cast<std::size_t>(i)],
                              image[static_cast<std::size_t>(j)]);
  }
  return normalised(std::move(result));
}

Molecule relabelled_molecule(const Molecule& molecule, RandomStream& random) {
  const auto image = shuffled(molecule.atoms.size(), random);
  Molecule result = molecule;
  for (std::size_t i = 0; i < image.size(); ++i) {
    const auto target = static_cast<std::size_t>(image[i]);
    result.atoms[target] = molecule.atoms[i];
    if (!molecule.positions.empty()) result.positions[target] = molecule.positions[i];
  }
  for (Bond& bond : result.bonds) {
    bond.begin = image[static_cast<std::size_t>(bond.begin)];
    bond.end = image[static_cast<std::size_t>(bond.end)];
  }
  random.shuffle(std::span(result.bonds));
  return result;
}

Crystal relabelled_crystal(const Crystal& crystal, RandomStream& random) {
  const auto image = shuffled(crystal.size(), random);
  Crystal result = crystal;
  for (std::size_t i = 0; i < image.size(); ++i) {
    const auto target = static_cast<std::size_t>(image[i]);
    result.atomic_numbers[target] = crystal.atomic_numbers[i];
    result.fractional_coordinates[target] = crystal.fractional_coordinates[i];
  }
  return result;
}

/// A made-up salt: two atoms to four a cell, in turn.
Crystal example_crystal(std::int64_t index) {
  constexpr std::array<std::uint8_t, 4> kMetals{11, 12, 20, 38};
  constexpr std::array<std::uint8_t, 3> kOthers{8, 9, 17};
  const auto k = static_cast<std::size_t>(index);
  Crystal crystal;
  crystal.lattice = Lattice::from_parameters({{4.0 + 0.1 * static_cast<double>(k % 7), 4.3, 4.7},
                                              {90, 90, 75.0 + static_cast<double>(k % 5)}});
  const auto add = [&](std::uint8_t element, const Vector3& at) {
    crystal.atomic_numbers.push_back(element);
    crystal.fractional_coordinates.push_back(at);
  };
  add(kMetals[k % kMetals.size()], {0, 0, 0});
  add(kOthers[k % kOthers.size()], {0.5, 0.5, 0.5});
  if (k % 3 > 0) add(kOthers[k % kOthers.size()], {0.5, 0.05, 0.02});
  if (k % 3 > 1) add(kMetals[k % kMetals.size()], {0.03, 0.5, 0.04});
  return crystal;
}

Sample sample_of(Structure structure) {
  Sample sample;
  sample.structure = std::move(structure);
  return sample;
}

}  // namespace

std::vector<Sample> example_graphs(std::int64_t count, std::int32_t max_nodes, std::uint64_t seed) {
  std::vector<Sample> samples;
  for (std::int64_t s = 0; s < count; ++s) {
    RandomStream random(seed, "example-graphs", static_cast<std::uint64_t>(s));
    const auto nodes =
        static_cast<std::int32_t>(2 + random.below(static_cast<std::uint64_t>(max_nodes - 1)));
    Graph graph{nodes, {}};
    for (std::int32_t i = 0; i < nodes; ++i) {
      for (std::int32_t j = i + 1; j < nodes; ++j) {
        if (j == i + 1 || random.uniform() < 0.3) graph.edges.emplace_back(i, j);
      }
    }
    samples.push_back(sample_of(std::move(graph)));
  }
  return samples;
}

std::vector<Sample> example_molecules(std::int64_t count) {
  std::vector<Sample> samples;
  for (std::int64_t s = 0; s < std::min(count, std::ssize(kSmiles)); ++s)
    samples.push_back(sample_of(parse_smiles(kSmiles[static_cast<std::size_t>(s)])));
  return samples;
}

std::vector<Sample> example_crystals(std::int64_t count) {
  std::vector<Sample> samples;
  for (std::int64_t s = 0; s < count; ++s) samples.push_back(sample_of(example_crystal(s)));
  return samples;
}

std::vector<Sample> example_samples(const std::string& structure, std::int64_t count) {
  if (structure == "crystal") return example_crystals(count);
  return structure == "molecule" ? example_molecules(count) : example_graphs(count);
}

Sample single_node(const std::string& structure) {
  if (structure == "crystal")
    return sample_of(
        Crystal{Lattice::from_parameters({{3, 3, 3}, {90, 90, 90}}), {{0, 0, 0}}, {26}, ""});
  return structure == "molecule" ? sample_of(parse_smiles("C")) : sample_of(Graph{1, {}});
}

std::string fault_of(const Sample& sample) {
  for (const auto& [name, value] : sample.properties) {
    if (name.empty() || !std::isfinite(value))
      return fmt::format("property '{}' has no name or is not finite", name);
  }
  if (const auto* graph = std::get_if<Graph>(&sample.structure)) return fault_of_graph(*graph);
  if (const auto* molecule = std::get_if<Molecule>(&sample.structure))
    return fault_of_molecule(*molecule);
  return fault_of_crystal(crystal_in(sample));
}

Sample relabelled(const Sample& sample, RandomStream& random) {
  Sample result = sample;
  if (const auto* graph = std::get_if<Graph>(&sample.structure))
    result.structure = relabelled_graph(*graph, random);
  if (const auto* molecule = std::get_if<Molecule>(&sample.structure))
    result.structure = relabelled_molecule(*molecule, random);
  if (const auto* crystal = std::get_if<Crystal>(&sample.structure))
    result.structure = relabelled_crystal(*crystal, random);
  return result;
}

}  // namespace equigen::testing
