// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/bond_geometry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/crystal/matrix3.h"
#include "equigen/molecule/descriptors.h"
#include "equigen/molecule/smiles.h"

namespace equigen {
namespace {

constexpr double kBinsPerAngstrom = 100;
constexpr double kBinsPerDegree = 10;
constexpr double kFarthest = 1e13;  // Å
constexpr double kAromaticOrder = 1.5;
constexpr std::array<const char*, BondGeometry::kKinds> kKindNames{"", "single", "double", "triple",
                                                                   "aromatic"};

/// The published tables truncate what is rounded to 0.1° in single precision.
std::int64_t angle_bin(double degrees) {
  const auto rounded =
      static_cast<float>(std::nearbyint(kBinsPerDegree * degrees) / kBinsPerDegree);
  return static_cast<std::int64_t>(kBinsPerDegree * static_cast<double>(rounded));
}

std::optional<double> angle(const Vector3& a, const Vector3& b) {
  const double lengths = norm(a) * norm(b);
  const double cosine = dot(a, b) / lengths;
  if (!std::isfinite(cosine)) return std::nullopt;
  return std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / std::numbers::pi;
}

/// Bonds of one atom.
struct Surroundings {
  std::vector<Vector3> directions;  ///< only finite ones
  double order = 0;
};

void add_angles(const Surroundings& atom, Histogram& angles) {
  for (std::size_t j = 0; j < atom.directions.size(); ++j)
    for (std::size_t k = j + 1; k < atom.directions.size(); ++k)
      if (const auto degrees = angle(atom.directions[j], atom.directions[k]))
        ++angles[angle_bin(*degrees)];
}

double total(const Histogram& histogram) {
  double sum = 0;
  for (const auto& [bin, count] : histogram) sum += count;
  return sum;
}

/// Area between the distribution functions, in bins; that of an empty histogram is zero everywhere,
/// up to `end`.
double area_between(const Histogram& a, const Histogram& b, std::int64_t end) {
  const double all_a = total(a), all_b = total(b);
  Histogram steps;
  for (const auto& [bin, count] : a) steps[bin] += count / all_a;
  for (const auto& [bin, count] : b) steps[bin] -= count / all_b;
  double area = 0, gap = 0;
  for (auto step = steps.begin(); step != steps.end(); ++step) {
    gap += step->second;
    const auto next = std::next(step);
    const std::int64_t until = next == steps.end() ? std::max(end, step->first) : next->first;
    area += std::abs(gap) * static_cast<double>(until - step->first);
  }
  return area;
}

double share(const std::map<int, double>& counts, int element, double all) {
  const auto found = counts.find(element);
  return found == counts.end() || all == 0 ? 0 : found->second / all;
}

const Histogram& of(const std::map<int, Histogram>& angles, int element) {
  static const Histogram none;
  const auto found = angles.find(element);
  return found == angles.end() ? none : found->second;
}

bool is_positioned(const Molecule& molecule) {
  return !molecule.atoms.empty() && molecule.positions.size() == molecule.atoms.size();
}

struct CountedGeometry {
  BondGeometry geometry;
  std::int64_t molecules = 0;
};

CountedGeometry geometry_of(std::span<const Sample> samples, const char* set) {
  std::vector<const Molecule*> molecules;
  for (const Sample& sample : samples)
    if (const Molecule& molecule = molecule_in(sample); is_positioned(molecule))
      molecules.push_back(&molecule);
  if (molecules.empty())
    throw DataError("metric-positions", fmt::format("no {} molecule has positions", set),
                    "bond lengths and angles need .xyz or .sdf files with 3-D coordinates");
  std::vector<std::vector<std::uint8_t>> kinds(molecules.size());
  parallel_for(std::ssize(molecules), [&](std::int64_t i) {
    const auto k = static_cast<std::size_t>(i);
    kinds[k] = bond_kinds(*molecules[k]);
  });
  CountedGeometry counted{{}, std::ssize(molecules)};
  for (std::size_t k = 0; k < molecules.size(); ++k) counted.geometry.add(*molecules[k], kinds[k]);
  return counted;
}

/// "single 0.012, aromatic 0.004 Å"
std::string parts_of(const BondGeometry& generated, const BondGeometry& reference) {
  const auto distances = bond_length_distances(generated, reference);
  std::string text;
  for (std::size_t kind = 1; kind < distances.size(); ++kind)
    if (distances[kind])
      text +=
          fmt::format("{}{} {:.3g}", text.empty() ? "" : ", ", kKindNames[kind], *distances[kind]);
  return text.empty() ? text : text + " Å";
}

}  // namespace

std::vector<std::uint8_t> bond_kinds(const Molecule& molecule) {
  std::vector<std::uint8_t> kinds;
  for (const Bond& bond : molecule.bonds) kinds.push_back(bond.order);
  try {
    const std::vector<bool> aromatic = aromatic_bonds(molecule);
    for (std::size_t k = 0; k < kinds.size(); ++k)
      if (aromatic[k]) kinds[k] = kAromaticBond;
  } catch (const DataError&) {
    // Without a look at the whole molecule nothing is aromatic.
  }
  return kinds;
}

void BondGeometry::add(const Molecule& molecule, std::span<const std::uint8_t> kinds) {
  const auto atoms = static_cast<double>(molecule.atoms.size());
  std::vector<Surroundings> around(molecule.atoms.size());
  double bonded = 0;
  for (std::size_t k = 0; k < molecule.bonds.size(); ++k) {
    const std::size_t kind = kinds[k];
    if (kind == 0 || kind >= kKinds) continue;
    const auto begin = static_cast<std::size_t>(molecule.bonds[k].begin);
    const auto end = static_cast<std::size_t>(molecule.bonds[k].end);
    const Vector3 vector = difference(molecule.positions[end], molecule.positions[begin]);
    const double length = norm(vector);
    ++pairs[kind];
    ++bonded;
    const double order = kind == kAromaticBond ? kAromaticOrder : static_cast<double>(kind);
    around[begin].order += order;
    around[end].order += order;
    if (!(length < kFarthest)) continue;
    ++lengths[kind][std::llround(kBinsPerAngstrom * length)];
    around[begin].directions.push_back(vector);
    around[end].directions.push_back({-vector[0], -vector[1], -vector[2]});
  }
  pairs[0] += atoms * (atoms - 1) / 2 - bonded;
  for (std::size_t i = 0; i < around.size(); ++i) {
    const int element = molecule.atoms[i].atomic_number;
    ++elements[element];
    if (around[i].order < 2) ++of_few_bonds[element];
    add_angles(around[i], angles[element]);
  }
}

std::optional<double> histogram_distance(const Histogram& a, const Histogram& b) {
  if (a.empty() || b.empty()) return std::nullopt;
  return area_between(a, b, 0);
}

std::array<std::optional<double>, BondGeometry::kKinds> bond_length_distances(
    const BondGeometry& generated, const BondGeometry& reference) {
  std::array<std::optional<double>, BondGeometry::kKinds> distances;
  for (std::size_t kind = 1; kind < distances.size(); ++kind)
    if (const auto bins = histogram_distance(generated.lengths[kind], reference.lengths[kind]))
      distances[kind] = *bins / kBinsPerAngstrom;
  return distances;
}

double bond_length_distance(const BondGeometry& generated, const BondGeometry& reference) {
  double all = 0, sum = 0;
  for (const double count : reference.pairs) all += count;
  const auto distances = bond_length_distances(generated, reference);
  for (std::size_t kind = 1; kind < distances.size(); ++kind)
    if (distances[kind]) sum += *distances[kind] * reference.pairs[kind] / all;
  return sum;
}

double bond_angle_distance(const BondGeometry& generated, const BondGeometry& reference) {
  constexpr double smallest = 1e-5;  // of the sum of weights, as published
  constexpr auto end = static_cast<std::int64_t>(180 * kBinsPerDegree) + 1;
  double all = 0, sum = 0, weights = 0;
  for (const auto& [element, count] : reference.elements) all += count;
  for (const auto& [element, count] : reference.elements) {
    const double weight = share(reference.elements, element, all) *
                          (1 - share(reference.of_few_bonds, element, count));
    sum += weight *
           area_between(of(generated.angles, element), of(reference.angles, element), end) /
           kBinsPerDegree;
    weights += weight;
  }
  return sum / (weights + smallest);
}

void MoleculeBondGeometry::Config::declare(config::Declaration<Config>& keys) {
  keys.doc("Bond lengths and angles of molecules with positions against the reference.");
}

std::vector<MetricValue> MoleculeBondGeometry::compute(const MetricInput& input) const {
  const CountedGeometry ours = geometry_of(input.generated, "generated");
  const CountedGeometry theirs = geometry_of(input.reference, "reference");
  const std::string of_all = ours.molecules < std::ssize(input.generated)
                                 ? fmt::format(", {} without positions left out",
                                               std::ssize(input.generated) - ours.molecules)
                                 : "";
  return {{"d_bond_lengths", "Bond lengths, distance to the reference",
           bond_length_distance(ours.geometry, theirs.geometry), Direction::lower, "Å",
           "Wasserstein-1 by kind of bond, weighted with the kinds' shares of all pairs of atoms: "
           "MiDi and EQGAT-diff, without the loss of their histograms" +
               of_all,
           ours.molecules, parts_of(ours.geometry, theirs.geometry)},
          {"d_bond_angles", "Bond angles, distance to the reference",
           bond_angle_distance(ours.geometry, theirs.geometry), Direction::lower, "°",
           "Wasserstein-1 by the element in the middle: MiDi and EQGAT-diff" + of_all,
           ours.molecules, ""}};
}

}  // namespace equigen
