// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>

#include "equigen/molecule/rdkit_descriptors.h"

namespace equigen::embedded {
std::string_view qed_alerts_txt();
}

namespace equigen::rdkit {
namespace {

/// Desirability of one property as a sum of two sigmoids, and its weight: table 1 of the paper's
/// supplement and the mean of its best weights.
struct Desirability {
  double a, b, c, d, e, f, largest, weight;

  double operator()(double x) const {
    const double rise = 1 + std::exp(-(x - c + d / 2) / e);
    const double fall = 1 + std::exp(-(x - c - d / 2) / f);
    return (a + b / rise * (1 - 1 / fall)) / largest;
  }
};

// clang-format off
constexpr std::array<Desirability, 8> kDesirabilities = {{
    {2.817065973, 392.5754953, 290.7489764, 2.419764353, 49.22325677, 65.37051707, 104.9805561, 0.66},   // weight
    {3.172690585, 137.8624751, 2.534937431, 4.581497897, 0.822739154, 0.576295591, 131.3186604, 0.46},   // logP
    {2.948620388, 160.4605972, 3.615294657, 4.435986202, 0.290141953, 1.300669958, 148.7763046, 0.05},   // acceptors
    {1.618662227, 1010.051101, 0.985094388, 0.000000001, 0.713820843, 0.920922555, 258.1632616, 0.61},   // donors
    {1.876861559, 125.2232657, 62.90773554, 87.83366614, 12.01999824, 28.51324732, 104.5686167, 0.06},   // TPSA
    {0.010000000, 272.4121427, 2.558379970, 1.565547684, 1.271567166, 2.758063707, 105.4420403, 0.65},   // rotatable bonds
    {3.217788970, 957.7374108, 2.274627939, 0.000000001, 1.317690384, 0.375760881, 312.3372610, 0.48},   // aromatic rings
    {0.010000000, 1199.094025, -0.09002883, 0.000000001, 0.185904477, 0.875193782, 417.7253140, 0.95},   // alerts
}};
// clang-format on

/// Each is of one atom.
const std::vector<AnchoredPattern>& acceptor_patterns() {
  static const std::vector<AnchoredPattern> patterns = [] {
    std::vector<AnchoredPattern> result;
    for (const char* smarts :
         {"[oH0;X2]", "[OH1;X2;v2]", "[OH0;X2;v2]", "[OH0;X1;v2]", "[O-;X1]", "[SH0;X2;v2]",
          "[SH0;X1;v2]", "[S-;X1]", "[nH0;X2]", "[NH0;X1;v3]", "[$([N;+0;X3;v3]);!$(N[C,S]=O)]"})
      result.emplace_back(read_smarts("acceptor", smarts));
    return result;
  }();
  return patterns;
}

const std::vector<Pattern>& alert_patterns() {
  static const std::vector<Pattern> patterns =
      read_patterns(embedded::qed_alerts_txt(), "qed_alerts.txt");
  return patterns;
}

bool is_bound_to_aliphatic(const RDKit::ROMol& molecule, const RDKit::Atom& atom) {
  for (const auto* bond : molecule.atomBonds(&atom)) {
    const bool plain = bond->getBondType() == RDKit::Bond::SINGLE || bond->getIsAromatic();
    if (plain && !bond->getOtherAtom(&atom)->getIsAromatic()) return true;
  }
  return false;
}

}  // namespace

int qed_acceptors(const SearchTarget& target) {
  int count = 0;
  for (const AnchoredPattern& pattern : acceptor_patterns())
    for (std::uint32_t atom = 0; atom < target.size(); ++atom)
      count += pattern.search().begins_at(target, atom);
  return count;
}

int qed_aromatic_rings(const RDKit::ROMol& molecule) {
  std::vector<int> part(molecule.getNumAtoms());
  for (const auto* atom : molecule.atoms()) {
    const unsigned index = atom->getIdx();
    const bool gone = !atom->getIsAromatic() && molecule.getRingInfo()->numAtomRings(index) > 0 &&
                      is_bound_to_aliphatic(molecule, *atom);
    part[index] = gone ? -1 : static_cast<int>(index);
  }
  const auto root = [&](int i) {
    while (part[static_cast<std::size_t>(i)] != i) i = part[static_cast<std::size_t>(i)];
    return i;
  };
  // Each bond either joins two parts or closes a ring.
  int rings = 0;
  for (const auto* bond : molecule.bonds()) {
    const auto a = static_cast<int>(bond->getBeginAtomIdx());
    const auto b = static_cast<int>(bond->getEndAtomIdx());
    if (part[static_cast<std::size_t>(a)] < 0 || part[static_cast<std::size_t>(b)] < 0) continue;
    const int from = root(a);
    const int to = root(b);
    if (from == to)
      ++rings;
    else
      part[static_cast<std::size_t>(from)] = to;
  }
  return rings;
}

int qed_alerts(const PatternScreen& screen) {
  return static_cast<int>(
      std::count_if(alert_patterns().begin(), alert_patterns().end(),
                    [&](const Pattern& pattern) { return pattern.occurs_in(screen); }));
}

double qed(const QedProperties& properties) {
  const std::array<double, 8> values = {properties.weight,
                                        properties.logp,
                                        static_cast<double>(properties.acceptors),
                                        static_cast<double>(properties.donors),
                                        properties.tpsa,
                                        static_cast<double>(properties.rotatable_bonds),
                                        static_cast<double>(properties.aromatic_rings),
                                        static_cast<double>(properties.alerts)};
  double sum = 0;
  double weights = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += kDesirabilities[i].weight * std::log(kDesirabilities[i](values[i]));
    weights += kDesirabilities[i].weight;
  }
  return std::exp(sum / weights);
}

}  // namespace equigen::rdkit
