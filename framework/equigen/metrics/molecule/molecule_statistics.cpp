// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/molecule_statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

#include "equigen/metrics/distances/distribution_distances.h"
#include "equigen/metrics/distances/wasserstein.h"
#include "equigen/metrics/molecule/molecule_set.h"
#include "equigen/metrics/share_figure.h"
#include "equigen/plugin/registry.h"

namespace equigen {
namespace {

constexpr std::array<const char*, 4> kBondKinds = {"single", "double", "triple", "aromatic"};
constexpr int kLargestNamedRing = 7;

/// What is counted of a set.
struct Totals {
  std::int64_t molecules = 0;
  std::int64_t connected = 0;
  std::int64_t charged = 0;
  std::vector<double> heavy_atoms;
  std::vector<double> rings;
  distance::Counts elements;  ///< by atomic number, zeros in front
  distance::Counts bonds;
  distance::Counts ring_sizes;
};

std::string ring_name(int size) {
  return size > kLargestNamedRing ? "8_or_more" : std::to_string(size);
}

void add(const MoleculeDescriptors& molecule, Totals& totals) {
  ++totals.molecules;
  totals.connected += molecule.part_count == 1;
  totals.charged += molecule.is_charged;
  totals.heavy_atoms.push_back(molecule.heavy_atoms);
  totals.rings.push_back(static_cast<double>(molecule.ring_sizes.size()));
  for (const auto& [element, count] : molecule.elements)
    totals.elements[fmt::format("{:03}", element)] += count;
  for (std::size_t i = 0; i < kBondKinds.size(); ++i)
    if (molecule.bond_counts[i] > 0) totals.bonds[kBondKinds[i]] += molecule.bond_counts[i];
  for (const std::uint8_t size : molecule.ring_sizes) ++totals.ring_sizes[ring_name(size)];
}

Totals totals_of(const DescribedMolecules& molecules) {
  Totals totals;
  for (const auto& molecule : molecules) add(*molecule, totals);
  return totals;
}

double mean_of(const std::vector<double>& values) {
  return values.empty() ? 0.0
                        : std::accumulate(values.begin(), values.end(), 0.0) /
                              static_cast<double>(values.size());
}

std::int64_t count_in(const distance::Counts& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

/// Collects figures of the generated set beside those of the reference.
class Comparison {
 public:
  Comparison(const Totals& own, const std::optional<Totals>& reference)
      : own_(own), reference_(reference) {}

  std::vector<MetricValue> take() { return std::move(values_); }

  template <typename Function>
  void figure(std::string name, std::string label, std::string unit, std::string protocol,
              const Function& of, Direction direction = Direction::neither) {
    if (reference_) label += fmt::format(" (reference {:.4g})", of(*reference_));
    values_.push_back({std::move(name),
                       std::move(label),
                       of(own_),
                       direction,
                       std::move(unit),
                       std::move(protocol),
                       own_.molecules,
                       {}});
  }

  /// Shares of each kind that occurs on either side, and how far they are apart.
  void shares(const std::string& prefix, const std::string& of_what, const std::string& protocol,
              distance::Counts Totals::*counts, std::string (*shown)(const std::string&)) {
    distance::Counts names = own_.*counts;
    if (reference_) names.insert(((*reference_).*counts).begin(), ((*reference_).*counts).end());
    for (const auto& entry : names) {
      const std::string& name = entry.first;
      figure(prefix + "_share_" + shown(name), fmt::format("share of {} {}", shown(name), of_what),
             "%", protocol, [&](const Totals& totals) {
               std::int64_t all = 0;
               for (const auto& [other, count] : totals.*counts) all += count;
               return percent(count_in(totals.*counts, name), all);
             });
    }
    distance(prefix + "_distance", prefix, "total variation to the reference",
             [&](const Totals& reference) {
               return distance::total_variation(own_.*counts, reference.*counts);
             });
  }

  void wasserstein(const std::string& name, const std::string& label,
                   std::vector<double> Totals::*values) {
    distance(name, label, "Wasserstein-1 distance to the reference", [&](const Totals& reference) {
      return wasserstein_distance(own_.*values, reference.*values);
    });
  }

 private:
  template <typename Function>
  void distance(std::string name, const std::string& label, std::string protocol,
                const Function& to) {
    if (!reference_) return;
    values_.push_back({std::move(name),
                       label + ", distance to the reference",
                       to(*reference_),
                       Direction::lower,
                       "",
                       std::move(protocol),
                       own_.molecules,
                       {}});
  }

  const Totals& own_;
  const std::optional<Totals>& reference_;
  std::vector<MetricValue> values_;
};

std::string symbol_of(const std::string& number) {
  return element_symbol(std::stoi(number));
}

std::string as_it_is(const std::string& name) {
  return name;
}

}  // namespace

void MoleculeStatistics::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Parts, sizes, charges, elements, bonds and rings, beside the reference's.");
}

std::vector<MetricValue> MoleculeStatistics::compute(const MetricInput& input) const {
  std::optional<Totals> reference;
  Totals own;
  if (input.reference.empty()) {
    own = totals_of(generated_molecules(input, molecule_parts()));
  } else {
    const auto sets = compared_molecules(input, molecule_parts(), "molecule_statistics");
    own = totals_of(sets.generated);
    reference = totals_of(sets.reference);
  }
  Comparison comparison(own, reference);
  const std::string of_valid = "of the valid molecules";
  comparison.figure(
      "connectivity", "connected molecules", "%", "one part, of the valid molecules",
      [](const Totals& totals) { return percent(totals.connected, totals.molecules); },
      Direction::higher);
  comparison.figure("mean_heavy_atoms", "mean heavy atoms", "", of_valid,
                    [](const Totals& totals) { return mean_of(totals.heavy_atoms); });
  comparison.wasserstein("heavy_atoms_distance", "heavy atoms", &Totals::heavy_atoms);
  comparison.figure("charged_share", "molecules with a charged atom", "%", of_valid,
                    [](const Totals& totals) { return percent(totals.charged, totals.molecules); });
  comparison.shares("element", "among heavy atoms", "of the heavy atoms of valid molecules",
                    &Totals::elements, symbol_of);
  comparison.shares("bond", "among bonds", "of the bonds of valid molecules, aromaticity by RDKit",
                    &Totals::bonds, as_it_is);
  comparison.figure("mean_rings", "mean rings", "", of_valid,
                    [](const Totals& totals) { return mean_of(totals.rings); });
  comparison.wasserstein("ring_count_distance", "rings of a molecule", &Totals::rings);
  comparison.shares("ring", "among ring sizes", "of the rings of valid molecules",
                    &Totals::ring_sizes, as_it_is);
  return comparison.take();
}

void register_molecule_statistics(RegistryBuilder& registry) {
  registry.add<Metric, MoleculeStatistics>(
      "molecule_statistics",
      "connectivity, sizes, charges, elements, bonds and rings of molecules");
}

}  // namespace equigen
