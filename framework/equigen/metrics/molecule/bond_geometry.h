// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "equigen/config/schema.h"
#include "equigen/metrics/metric.h"

namespace equigen {

/// Counts by whole number: a length in 0.01 Å, an angle in 0.1°.
using Histogram = std::map<std::int64_t, double>;

/// One a bond of the molecule: its order, or kAromaticBond (descriptors.h) where RDKit finds it
/// aromatic. Of a molecule that does not sanitise the orders as they are.
std::vector<std::uint8_t> bond_kinds(const Molecule& molecule);

/// Bond lengths and angles of a set of molecules, as MiDi and EQGAT-diff compare them. Entries are
/// counts, or shares: only ratios within one of them matter.
struct BondGeometry {
  static constexpr std::size_t kKinds =
      5;  ///< of pairs: not bonded, single, double, triple, aromatic

  std::array<double, kKinds> pairs{};  ///< unordered pairs of atoms of one molecule
  std::array<Histogram, kKinds> lengths;
  std::map<int, double> elements;      ///< atoms
  std::map<int, double> of_few_bonds;  ///< atoms whose bond orders sum to less than two
  std::map<int, Histogram> angles;     ///< by the element in the middle

  /// Adds a molecule with positions; `kinds` as bond_kinds() gives them. Pairs of atoms farther
  /// apart than a kilometre, or not finite, have neither length nor angles.
  void add(const Molecule& molecule, std::span<const std::uint8_t> kinds);
};

/// Wasserstein-1 distance of two histograms in bins; nothing when one is empty.
std::optional<double> histogram_distance(const Histogram& a, const Histogram& b);

/// Å, of each kind of bond; nothing where one of the sets has none.
std::array<std::optional<double>, BondGeometry::kKinds> bond_length_distances(
    const BondGeometry& generated, const BondGeometry& reference);

/// Å: the sum over the kinds of bonds, weighted with their shares of all pairs of atoms of the
/// reference, pairs without a bond included, so that it is much less than any of its parts. Unlike
/// the published code no part of a histogram is lost.
double bond_length_distance(const BondGeometry& generated, const BondGeometry& reference);

/// Degrees: the mean over the elements of the reference, weighted with its shares of atoms that
/// have angles; an element without angles in one set counts with what all angles of the other are
/// away from nothing, as published.
double bond_angle_distance(const BondGeometry& generated, const BondGeometry& reference);

/// `molecule_bond_geometry`: how far bond lengths and angles of 3-D molecules are from the
/// reference's. Throws DataError when either set has no molecule with positions.
class MoleculeBondGeometry final : public Metric {
 public:
  struct Config {
    static void declare(config::Declaration<Config>& keys);
  };

  explicit MoleculeBondGeometry(const Config&) {}
  std::string structure() const override { return "molecule"; }
  std::vector<MetricValue> compute(const MetricInput& input) const override;
};

}  // namespace equigen
