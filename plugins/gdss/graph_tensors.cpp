// SPDX-License-Identifier: MIT
#include "gdss/graph_tensors.h"

#include <fmt/format.h>
#include <torch/types.h>

#include <algorithm>

#include "equigen/base/error.h"
#include "equigen/molecule/generated_molecule.h"

namespace equigen::gdss {
namespace {

struct Edge {
  std::int64_t begin;
  std::int64_t end;
  float order;
};

std::vector<Edge> edges_of(const Sample& sample) {
  std::vector<Edge> edges;
  if (const auto* graph = std::get_if<Graph>(&sample.structure)) {
    for (const auto& [i, j] : graph->edges) edges.push_back({i, j, 1.0F});
  } else {
    for (const Bond& bond : molecule_in(sample).bonds)
      edges.push_back({bond.begin, bond.end, static_cast<float>(bond.order)});
  }
  return edges;
}

std::vector<std::int64_t> degrees_of(const Sample& sample) {
  std::vector<std::int64_t> degrees(static_cast<std::size_t>(node_count(sample)), 0);
  for (const Edge& edge : edges_of(sample)) {
    ++degrees[static_cast<std::size_t>(edge.begin)];
    ++degrees[static_cast<std::size_t>(edge.end)];
  }
  return degrees;
}

std::string misfit_of_molecule(const Molecule& molecule, const NodeVocabulary& vocabulary) {
  for (const Atom& atom : molecule.atoms) {
    if (std::ranges::find(vocabulary.elements, static_cast<int>(atom.atomic_number)) !=
        vocabulary.elements.end()) {
      continue;
    }
    std::vector<std::string> known;
    for (const int element : vocabulary.elements) known.push_back(element_symbol(element));
    return fmt::format("element {} is not in the vocabulary {}", element_symbol(atom.atomic_number),
                       fmt::join(known, ", "));
  }
  return {};
}

/// Writes one sample's rows; `x` has F channels a row, `adjacency` N entries a row.
void write_sample(const Sample& sample, const NodeVocabulary& vocabulary,
                  at::TensorAccessor<float, 2> x, at::TensorAccessor<float, 2> adjacency) {
  for (const Edge& edge : edges_of(sample)) {
    adjacency[edge.begin][edge.end] = edge.order;
    adjacency[edge.end][edge.begin] = edge.order;
  }
  const std::vector<std::int64_t> degrees = degrees_of(sample);
  for (std::size_t node = 0; node < degrees.size(); ++node) {
    if (degrees[node] == 0) continue;
    std::int64_t channel = degrees[node];
    if (vocabulary.molecules()) {
      const int element = molecule_in(sample).atoms[node].atomic_number;
      channel = std::ranges::find(vocabulary.elements, element) - vocabulary.elements.begin();
    }
    x[static_cast<std::int64_t>(node)][channel] = 1.0F;
  }
}

}  // namespace

std::string misfit(const Sample& sample, const NodeVocabulary& vocabulary, std::int64_t max_nodes) {
  const auto* molecule = std::get_if<Molecule>(&sample.structure);
  if (structure_kind(sample) == "crystal")
    return fmt::format("it is a crystal; the model is of {}",
                       vocabulary.molecules() ? "molecules" : "graphs");
  if ((molecule != nullptr) != vocabulary.molecules()) {
    return vocabulary.molecules() ? "it is a graph; the model is of molecules"
                                  : "it is a molecule; the model is of graphs";
  }
  if (node_count(sample) > max_nodes)
    return fmt::format("it has {} nodes, more than max_nodes = {}", node_count(sample), max_nodes);
  if (molecule != nullptr) return misfit_of_molecule(*molecule, vocabulary);
  const std::vector<std::int64_t> degrees = degrees_of(sample);
  const std::int64_t largest = degrees.empty() ? 0 : std::ranges::max(degrees);
  if (largest >= vocabulary.degree_classes) {
    return fmt::format("a node has degree {}; degree_classes = {} allows up to {}", largest,
                       vocabulary.degree_classes, vocabulary.degree_classes - 1);
  }
  return {};
}

Batch to_tensors(std::span<const Sample> samples, const NodeVocabulary& vocabulary,
                 std::int64_t max_nodes) {
  std::int64_t nodes = 1;
  for (const Sample& sample : samples) {
    if (const std::string reason = misfit(sample, vocabulary, max_nodes); !reason.empty())
      throw DataError("gdss-misfit", "a sample does not fit the model: " + reason);
    nodes = std::max(nodes, node_count(sample));
  }
  const auto batch = static_cast<std::int64_t>(samples.size());
  const at::Tensor x = torch::zeros({batch, nodes, vocabulary.size()});
  const at::Tensor adjacency = torch::zeros({batch, nodes, nodes});
  auto x_rows = x.accessor<float, 3>();
  auto adjacency_rows = adjacency.accessor<float, 3>();
  for (std::int64_t b = 0; b < batch; ++b)
    write_sample(samples[static_cast<std::size_t>(b)], vocabulary, x_rows[b], adjacency_rows[b]);
  return {{"x", x}, {"adjacency", adjacency}};
}

at::Tensor quantised_edges(const at::Tensor& adjacency) {
  return (adjacency >= 0.5).to(torch::kLong);
}

at::Tensor quantised_bonds(const at::Tensor& adjacency) {
  return (adjacency >= 0.5).to(torch::kLong) + (adjacency >= 1.5).to(torch::kLong) +
         (adjacency >= 2.5).to(torch::kLong);
}

at::Tensor atom_indicators(const at::Tensor& x) {
  const at::Tensor present = (x > 0.5).to(torch::kLong);
  return torch::cat({present, 1 - present.sum(-1, /*keepdim=*/true)}, -1);
}

at::Tensor atom_classes(const at::Tensor& x) {
  const at::Tensor indicators = atom_indicators(x);
  const std::int64_t classes = indicators.size(-1);
  // Subtracting the index makes the first of equal entries the only largest.
  const at::Tensor ranked = indicators * classes - torch::arange(classes, indicators.options());
  return ranked.argmax(-1);
}

Sample decode_molecule(const at::Tensor& x, const at::Tensor& adjacency,
                       const NodeVocabulary& vocabulary) {
  const at::Tensor classes = atom_classes(x).cpu().contiguous();
  const at::Tensor bonds = quantised_bonds(adjacency).cpu().contiguous();
  const auto order = bonds.accessor<std::int64_t, 2>();
  std::vector<std::int64_t> kept;
  std::vector<int> elements;
  for (std::int64_t i = 0; i < classes.size(0); ++i) {
    const std::int64_t channel = classes.data_ptr<std::int64_t>()[i];
    if (channel == vocabulary.size()) continue;
    kept.push_back(i);
    elements.push_back(vocabulary.elements[static_cast<std::size_t>(channel)]);
  }
  std::vector<int> orders;
  for (const std::int64_t i : kept) {
    for (const std::int64_t j : kept) orders.push_back(i == j ? 0 : static_cast<int>(order[i][j]));
  }
  generated_molecule::Outcome outcome = generated_molecule::make(elements, orders);
  const double valid = outcome.valid_without_correction ? 1.0 : 0.0;
  return {std::move(outcome.molecule), {{"valid_without_correction", valid}}};
}

Graph decode_graph(const at::Tensor& adjacency) {
  const at::Tensor edges = quantised_edges(adjacency).cpu().contiguous();
  const auto entries = edges.accessor<std::int64_t, 2>();
  const std::int64_t nodes = entries.size(0);
  std::vector<std::int32_t> label(static_cast<std::size_t>(nodes), -1);
  Graph graph;
  for (std::int64_t i = 0; i < nodes; ++i) {
    bool connected = false;
    for (std::int64_t j = 0; j < nodes; ++j) connected |= i != j && entries[i][j] != 0;
    if (connected) label[static_cast<std::size_t>(i)] = graph.node_count++;
  }
  for (std::int64_t i = 0; i < nodes; ++i) {
    for (std::int64_t j = i + 1; j < nodes; ++j) {
      if (entries[i][j] == 0) continue;
      graph.edges.emplace_back(label[static_cast<std::size_t>(i)],
                               label[static_cast<std::size_t>(j)]);
    }
  }
  graph.node_count = std::max(graph.node_count, std::int32_t{1});
  return graph;
}

}  // namespace equigen::gdss
