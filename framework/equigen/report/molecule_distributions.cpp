// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "equigen/graph/connectivity.h"
#include "equigen/report/shares.h"
#include "equigen/report/structure_distributions.h"

namespace equigen::report {

namespace {

using namespace shares;

bool is_heavy(const Atom& atom) {
  return atom.atomic_number != 1;
}

/// Bonds that could be removed without parting what they join.
double independent_rings(const Molecule& molecule) {
  Graph skeleton;
  skeleton.node_count = static_cast<std::int32_t>(molecule.atoms.size());
  for (const Bond& bond : molecule.bonds) skeleton.edges.emplace_back(bond.begin, bond.end);
  return static_cast<double>(std::ssize(molecule.bonds) - std::ssize(molecule.atoms) +
                             std::ssize(connected_components(skeleton)));
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

}  // namespace

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
                          values.push_back(independent_rings(molecule));
                        }));
  result.push_back(
      both({"neighbours", "Branching", "heavy neighbours of an atom"}, add_heavy_degrees));
  return result;
}

}  // namespace equigen::report
