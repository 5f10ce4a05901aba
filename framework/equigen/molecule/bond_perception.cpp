// SPDX-License-Identifier: MIT
#include "equigen/molecule/bond_perception.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "equigen/base/error.h"
#include "equigen/molecule/valence_states.h"

namespace equigen {
namespace {

constexpr std::size_t kMostContacts = 60;  // an atom; no packing of atoms has more
constexpr double kClosest = 0.3;  // Å; below this two atoms are one, or the positions are noise
/// The first is xyz2mol's; strained cages need nearer ones.
constexpr std::array<double, 3> kScales{1.3, 1.2, 1.15};

struct Contact {
  std::int32_t first;
  std::int32_t second;
  double stretch;  ///< distance over the sum of the radii
};

double distance(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

std::size_t most_neighbours(int element) {
  switch (element) {
    case 1:
    case 9:
      return 1;
    case 8:
      return 3;
    case 5:
    case 6:
    case 7:
    case 14:
    case 17:
    case 35:
      return 4;
    default:
      return 6;
  }
}

void check(const Molecule& molecule) {
  const std::size_t count = molecule.atoms.size();
  if (count > kLargestPerceivedMolecule)
    throw DataError("bond-perception", fmt::format("{} atoms are more than the {} for which bonds "
                                                   "are perceived",
                                                   count, kLargestPerceivedMolecule));
  if (molecule.positions.size() != count)
    throw DataError("bond-perception",
                    fmt::format("{} positions for {} atoms", molecule.positions.size(), count));
  for (std::size_t i = 0; i < count; ++i) {
    const auto& p = molecule.positions[i];
    if (!std::isfinite(p[0]) || !std::isfinite(p[1]) || !std::isfinite(p[2]))
      throw DataError("bond-perception",
                      fmt::format("the position of atom {} is not finite", i + 1));
    if (element_symbol(molecule.atoms[i].atomic_number).empty())
      throw DataError("bond-perception",
                      fmt::format("there is no element {}", molecule.atoms[i].atomic_number));
  }
}

std::vector<Contact> contacts_of(const Molecule& molecule, double scale) {
  const auto count = static_cast<std::int32_t>(molecule.atoms.size());
  std::vector<double> radii;
  for (const Atom& atom : molecule.atoms) radii.push_back(covalent_radius(atom.atomic_number));
  std::vector<Contact> contacts;
  for (std::int32_t i = 0; i < count; ++i) {
    for (std::int32_t j = i + 1; j < count; ++j) {
      const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
      const double length = distance(molecule.positions[a], molecule.positions[b]);
      const double sum = radii[a] + radii[b];
      if (length >= scale * sum) continue;
      if (length < kClosest)
        throw DataError("bond-perception",
                        fmt::format("atoms {} and {} are {:.2f} Å apart", i + 1, j + 1, length));
      contacts.push_back({i, j, length / sum});
      if (contacts.size() > kMostContacts * molecule.atoms.size())
        throw DataError("bond-perception", "its atoms are packed more closely than matter is");
    }
  }
  return contacts;
}

}  // namespace

Connectivity perceive_connectivity(const Molecule& molecule, double scale) {
  check(molecule);
  std::vector<Contact> contacts = contacts_of(molecule, scale);
  std::vector<std::size_t> neighbours(molecule.atoms.size(), 0);
  for (const Contact& contact : contacts) {
    ++neighbours[static_cast<std::size_t>(contact.first)];
    ++neighbours[static_cast<std::size_t>(contact.second)];
  }
  const auto crowded = [&](std::int32_t atom) {
    const auto i = static_cast<std::size_t>(atom);
    return neighbours[i] > most_neighbours(molecule.atoms[i].atomic_number);
  };
  std::ranges::stable_sort(contacts, std::ranges::greater{}, &Contact::stretch);
  Connectivity connectivity;
  for (const Contact& contact : contacts) {
    if (crowded(contact.first) || crowded(contact.second)) {
      --neighbours[static_cast<std::size_t>(contact.first)];
      --neighbours[static_cast<std::size_t>(contact.second)];
    } else {
      connectivity.emplace_back(contact.first, contact.second);
    }
  }
  std::ranges::sort(connectivity);
  return connectivity;
}

Molecule with_perceived_bonds(const Molecule& molecule, int charge) {
  std::optional<BondOrders> best;
  std::optional<DataError> failure;
  Connectivity last;
  for (const double scale : kScales) {
    Connectivity connectivity = perceive_connectivity(molecule, scale);
    if (scale != kScales.front() && connectivity == last) continue;
    last = std::move(connectivity);
    try {
      BondOrders orders = perceive_bond_orders(molecule, last, charge);
      if (!best || orders.cost < best->cost) best = std::move(orders);
    } catch (const DataError& error) {
      if (!failure) failure = error;
    }
  }
  if (!best) throw DataError(*failure);
  Molecule result = molecule;
  result.bonds = std::move(best->bonds);
  for (std::size_t i = 0; i < result.atoms.size(); ++i)
    result.atoms[i].formal_charge = static_cast<std::int8_t>(best->charges[i]);
  return result;
}

}  // namespace equigen
