// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "equigen/base/random.h"
#include "equigen/data/sample.h"

/// Samples that contracts try components on, and what makes a sample well-formed.
namespace equigen::testing {

/// `count` random graphs of 2 to `max_nodes` nodes with at least one edge; the same for the same
/// seed.
std::vector<Sample> example_graphs(std::int64_t count, std::int32_t max_nodes = 9,
                                   std::uint64_t seed = 7);

/// Up to 40 small molecules of C, N, O and F, without hydrogens and positions.
std::vector<Sample> example_molecules(std::int64_t count);

/// Small made-up salts, ordered, with two to four atoms a cell.
std::vector<Sample> example_crystals(std::int64_t count);

/// Graphs, molecules or crystals, by the name of their structure.
std::vector<Sample> example_samples(const std::string& structure, std::int64_t count);

/// A sample with one node, one carbon atom, or one iron atom in a cube.
Sample single_node(const std::string& structure);

/// Empty when the sample is well-formed: edges (i, j) with i < j in order, each once, and ends that
/// exist; elements 1 to 118 (crystals: 103), bond orders 1 to 3; finite positions, one an atom;
/// finite lattices and properties.
std::string fault_of(const Sample& sample);

/// The same structure with its nodes or atoms in another order.
Sample relabelled(const Sample& sample, RandomStream& random);

}  // namespace equigen::testing
