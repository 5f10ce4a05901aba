// SPDX-License-Identifier: MIT
#include "equigen/molecule/stability.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "equigen/base/error.h"
#include "equigen/molecule/bond_perception.h"

namespace equigen {
namespace {

using Sums = std::vector<int>;
using Pairs = std::vector<std::pair<int, int>>;
/// By element, then by charge.
using LegacyTable = std::map<int, std::map<int, Sums>>;
using PairTable = std::map<int, std::map<int, Pairs>>;

constexpr int kAnyCharge = 100;

const LegacyTable& legacy_table() {
  static const LegacyTable table{
      {1, {{0, {1}}, {1, {0}}, {-1, {0}}}},
      {5, {{kAnyCharge, {3}}}},
      {6, {{0, {3, 4}}, {1, {3}}, {-1, {3}}}},
      {7, {{0, {2, 3}}, {1, {2, 3, 4}}, {-1, {2}}}},
      {8, {{0, {2}}, {1, {3}}, {-1, {1}}}},
      {9, {{0, {1}}, {-1, {0}}}},
      {13, {{kAnyCharge, {3}}}},
      {14, {{kAnyCharge, {4}}}},
      {15, {{0, {3, 5}}, {1, {4}}}},
      {16, {{0, {2, 6}}, {1, {2, 3}}, {2, {4}}, {3, {5}}, {-1, {3}}}},
      {17, {{kAnyCharge, {1}}}},
      {33, {{kAnyCharge, {3}}}},
      {34, {{kAnyCharge, {2, 4, 6}}}},
      {35, {{0, {1}}, {1, {2}}}},
      {53, {{kAnyCharge, {1}}}},
      {80, {{kAnyCharge, {1, 2}}}},
      {83, {{kAnyCharge, {3, 5}}}},
  };
  return table;
}

const PairTable& corrected_table() {
  static const Pairs ion_of_carbon{{0, 3}, {2, 1}, {3, 0}};
  static const PairTable table{
      {1, {{0, {{0, 1}}}}},
      {5, {{0, {{0, 3}}}, {-1, {{0, 4}}}}},
      {6, {{0, {{0, 4}, {2, 2}, {2, 1}, {3, 0}}}, {-1, ion_of_carbon}, {1, ion_of_carbon}}},
      {7,
       {{0, {{0, 3}, {2, 0}, {2, 1}, {3, 0}}},
        {1, {{0, 4}, {2, 0}, {2, 1}, {2, 2}, {3, 0}}},
        {-1, {{0, 2}, {2, 0}}},
        {-2, {{0, 1}}}}},
      {8, {{0, {{0, 2}, {2, 0}}}, {-1, {{0, 1}}}, {1, {{0, 3}}}}},
      {9, {{0, {{0, 1}}}}},
      {14, {{0, {{0, 4}}}, {1, {{0, 5}}}}},
      {15, {{0, {{0, 3}, {0, 5}}}, {1, {{0, 4}}}}},
      {16,
       {{0, {{0, 2}, {0, 3}, {0, 6}, {2, 0}}},
        {1, {{0, 3}, {2, 0}, {2, 1}, {3, 0}}},
        {2, {{0, 4}, {2, 1}, {2, 2}}},
        {3, {{0, 2}, {0, 5}}},
        {-1, {{0, 1}}}}},
      {17, {{0, {{0, 1}}}, {1, {{0, 2}}}}},
      {35, {{0, {{0, 1}}}, {1, {{0, 2}}}}},
      {53, {{0, {{0, 1}}}, {1, {{0, 2}}}, {2, {{0, 3}}}}},
      {83, {{0, {{0, 3}}}, {2, {{0, 5}}}}},
  };
  return table;
}

const std::map<int, Sums>& table_without_charges() {
  static const std::map<int, Sums> table{
      {1, {1}},        {5, {3}},  {6, {4}},     {7, {3}},     {8, {2}},     {9, {1}},
      {13, {3}},       {14, {4}}, {15, {3, 5}}, {16, {4}},    {17, {1}},    {33, {3}},
      {34, {2, 4, 6}}, {35, {1}}, {53, {1}},    {80, {1, 2}}, {83, {3, 5}},
  };
  return table;
}

template <typename Items, typename Item>
bool holds(const Items& items, const Item& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

/// The sums of an element with a charge that the table does not list are those without charge.
bool is_stable_legacy(int element, int charge, int sum) {
  const auto of_element = legacy_table().find(element);
  if (of_element == legacy_table().end()) return false;
  for (const int key : {kAnyCharge, charge, 0}) {
    const auto found = of_element->second.find(key);
    if (found != of_element->second.end()) return holds(found->second, sum);
  }
  return false;
}

bool is_stable_corrected(int element, int charge, const BondSum& bonds) {
  const auto of_element = corrected_table().find(element);
  if (of_element == corrected_table().end()) return false;
  const auto found = of_element->second.find(charge);
  return found != of_element->second.end() &&
         holds(found->second, std::pair{bonds.aromatic_bonds, bonds.other_orders});
}

bool is_stable_without_charges(int element, int sum) {
  const auto found = table_without_charges().find(element);
  return found != table_without_charges().end() && holds(found->second, sum);
}

}  // namespace

std::string name_of(StabilityTable table) {
  switch (table) {
    case StabilityTable::legacy:
      return "legacy";
    case StabilityTable::corrected:
      return "corrected";
    case StabilityTable::edm:
      return "edm";
    default:
      return "without_charges";
  }
}

StabilityTable stability_table(const std::string& name) {
  for (const auto table : {StabilityTable::legacy, StabilityTable::corrected, StabilityTable::edm,
                           StabilityTable::without_charges})
    if (name_of(table) == name) return table;
  throw ConfigError("stability-table", fmt::format("there is no stability table '{}'", name),
                    "known are corrected, legacy, edm and without_charges");
}

bool is_stable_atom(StabilityTable table, int element, int charge, const BondSum& bonds) {
  switch (table) {
    case StabilityTable::legacy:
      return is_stable_legacy(element, charge, bonds.aromatic_bonds + bonds.other_orders);
    case StabilityTable::corrected:
      return is_stable_corrected(element, charge, bonds);
    case StabilityTable::edm:
      return element != 34 && is_stable_without_charges(element, bonds.other_orders);
    default:
      return is_stable_without_charges(element, 4 * bonds.aromatic_bonds + bonds.other_orders);
  }
}

Stability stability_of(const Molecule& molecule, StabilityTable table) {
  const std::vector<Bond> bonds =
      table == StabilityTable::edm ? edm_bonds(molecule) : molecule.bonds;
  std::vector<BondSum> sums(molecule.atoms.size());
  std::vector<bool> undetermined(molecule.atoms.size(), false);
  for (const Bond& bond : bonds) {
    for (const std::int32_t end : {bond.begin, bond.end}) {
      sums.at(static_cast<std::size_t>(end)).other_orders += bond.order;
      if (bond.order == 0) undetermined[static_cast<std::size_t>(end)] = true;
    }
  }
  Stability result;
  result.atoms = std::ssize(molecule.atoms);
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const Atom& atom = molecule.atoms[i];
    if (!undetermined[i] && is_stable_atom(table, atom.atomic_number, atom.formal_charge, sums[i]))
      ++result.stable_atoms;
    else
      result.unstable.push_back(static_cast<std::int32_t>(i));
  }
  return result;
}

}  // namespace equigen
