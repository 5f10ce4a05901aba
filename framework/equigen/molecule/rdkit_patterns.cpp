// SPDX-License-Identifier: MIT
#include "equigen/molecule/rdkit_patterns.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/QueryBond.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/molecule/rdkit_molecule.h"

namespace equigen::rdkit {
namespace {

constexpr std::size_t kOrders = 4;  // single, double, triple, aromatic

std::size_t bond_class(std::size_t a, std::size_t b, std::size_t order) {
  if (a > b) std::swap(a, b);
  return (b * (b + 1) / 2 + a) * kOrders + order;
}

/// Bonds of other kinds are counted as all four: they rule nothing out.
std::optional<std::size_t> order_place(const RDKit::Bond& bond) {
  if (bond.getIsAromatic() || bond.getBondType() == RDKit::Bond::AROMATIC) return 3;
  switch (bond.getBondType()) {
    case RDKit::Bond::SINGLE:
      return 0;
    case RDKit::Bond::DOUBLE:
      return 1;
    case RDKit::Bond::TRIPLE:
      return 2;
    default:
      return std::nullopt;
  }
}

int independent_rings(const RDKit::ROMol& molecule) {
  std::vector<int> parts;
  const auto part_count = static_cast<int>(RDKit::MolOps::getMolFrags(molecule, parts));
  return static_cast<int>(molecule.getNumBonds()) - static_cast<int>(molecule.getNumAtoms()) +
         part_count;
}

/// Bonds of each order, in a ring and not, to try a pattern's bonds on.
const std::vector<std::unique_ptr<RDKit::RWMol>>& probes() {
  static const auto list = [] {
    std::vector<std::unique_ptr<RDKit::RWMol>> result;
    for (const char* smiles : {"CC", "C1CC1", "C=C", "C1=CC1", "C#C", "C1#CCCCCCC1", "c1ccccc1"})
      result.push_back(parse(smiles));
    return result;
  }();
  return list;
}

std::array<bool, kOrders> possible_orders(const RDKit::Bond& bond) {
  std::array<bool, kOrders> orders{};
  for (const auto& probe : probes())
    for (const auto* other : probe->bonds())
      if (bond.Match(other)) orders[order_place(*other).value()] = true;
  return orders;
}

}  // namespace

PatternScreen::PatternScreen(const RDKit::ROMol& molecule)
    : target_(molecule), rings_(independent_rings(molecule)) {
  for (const auto* atom : molecule.atoms()) ++counts_[atom_class(*atom)];
  for (const auto* bond : molecule.bonds()) {
    const std::size_t a = atom_class(*bond->getBeginAtom());
    const std::size_t b = atom_class(*bond->getEndAtom());
    const auto order = order_place(*bond);
    for (std::size_t i = 0; i < kOrders; ++i)
      if (!order || *order == i) bonds_.set(bond_class(a, b, i));
  }
}

int PatternScreen::atoms(const AtomClasses& classes) const {
  int count = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (classes[i]) count += counts_[i];
  return count;
}

Pattern::Pattern(std::string name, const std::string& smarts)
    : name_(std::move(name)),
      query_(read_smarts(name_, smarts)),
      search_(*query_, rarest_atom(*query_)) {
  rings_ = independent_rings(*query_);
  std::vector<AtomClasses> classes;
  for (const auto* atom : query_->atoms()) {
    classes.push_back(possible_classes(*atom));
    if (classes.back().all()) continue;
    const auto known = std::find_if(least_atoms_.begin(), least_atoms_.end(),
                                    [&](const auto& item) { return item.first == classes.back(); });
    if (known == least_atoms_.end())
      least_atoms_.emplace_back(classes.back(), 1);
    else
      ++known->second;
  }
  for (const auto* bond : query_->bonds()) {
    const auto orders = possible_orders(*bond);
    BondClasses needed;
    for (std::size_t a = 0; a < classes.front().size(); ++a)
      for (std::size_t b = 0; b < classes.front().size(); ++b)
        for (std::size_t order = 0; order < kOrders; ++order)
          if (classes[bond->getBeginAtomIdx()][a] && classes[bond->getEndAtomIdx()][b] &&
              orders[order])
            needed.set(bond_class(a, b, order));
    if (std::find(needed_bonds_.begin(), needed_bonds_.end(), needed) == needed_bonds_.end())
      needed_bonds_.push_back(needed);
  }
  // The rarest first, so that most patterns are ruled out by their first bond.
  std::sort(needed_bonds_.begin(), needed_bonds_.end(),
            [](const auto& a, const auto& b) { return a.count() < b.count(); });
}

bool Pattern::is_possible(const PatternScreen& screen) const {
  if (rings_ > screen.rings()) return false;
  for (const BondClasses& needed : needed_bonds_)
    if ((needed & screen.bonds()).none()) return false;
  return std::all_of(least_atoms_.begin(), least_atoms_.end(),
                     [&](const auto& item) { return screen.atoms(item.first) >= item.second; });
}

bool Pattern::occurs_in(const PatternScreen& screen) const {
  return is_possible(screen) && search_.occurs_in(screen.target());
}

std::shared_ptr<const RDKit::ROMol> read_smarts(const std::string& name,
                                                const std::string& smarts) {
  silence();
  std::shared_ptr<const RDKit::ROMol> query(RDKit::SmartsToMol(smarts));
  if (!query)
    throw DataError("smarts-invalid",
                    fmt::format("the pattern {} is not SMARTS: {}", name, smarts));
  return query;
}

std::vector<Pattern> read_patterns(std::string_view text, const std::string& source) {
  std::vector<Pattern> patterns;
  int number = 0;
  for (const std::string& line : text::split(text, '\n')) {
    ++number;
    const std::string trimmed(text::trim(line));
    if (trimmed.empty() || trimmed.front() == '#') continue;
    const auto space = trimmed.find(' ');
    if (space == std::string::npos) {
      throw DataError("smarts-invalid",
                      fmt::format("{}, line {}: a name and SMARTS are expected", source, number));
    }
    try {
      patterns.emplace_back(trimmed.substr(0, space),
                            std::string(text::trim(trimmed.substr(space + 1))));
    } catch (const DataError& error) {
      throw DataError("smarts-invalid",
                      fmt::format("{}, line {}: {}", source, number, error.message()));
    }
  }
  return patterns;
}

}  // namespace equigen::rdkit
