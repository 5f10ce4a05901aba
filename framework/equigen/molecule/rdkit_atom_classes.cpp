// SPDX-License-Identifier: MIT
#include "equigen/molecule/rdkit_atom_classes.h"

// clang-format off
// First: it decides of what size nested queries are.
#include <RDGeneral/RDConfig.h>
// clang-format on
#include <GraphMol/QueryAtom.h>
#include <GraphMol/QueryOps.h>

#include <algorithm>
#include <array>
#include <string>

namespace equigen::rdkit {
namespace {

/// Elements with classes of their own; the last two classes are for all others.
constexpr std::array<int, 11> kElements = {6, 7, 8, 16, 1, 9, 17, 35, 53, 15, 14};
constexpr std::size_t kOthers = kElements.size();

std::size_t element_place(int atomic_number) {
  return static_cast<std::size_t>(std::find(kElements.begin(), kElements.end(), atomic_number) -
                                  kElements.begin());
}

std::size_t class_of(int atomic_number, bool aromatic) {
  return 2 * element_place(atomic_number) + (aromatic ? 1 : 0);
}

/// Which classes a query may match, and which it surely does. Both are needed for "not".
struct Bounds {
  AtomClasses possible;
  AtomClasses certain;
};

Bounds anything() {
  return {AtomClasses().set(), AtomClasses()};
}

Bounds exactly(const AtomClasses& classes) {
  return {classes, classes};
}

Bounds of_element(int atomic_number, bool plain, bool aromatic) {
  const std::size_t place = element_place(atomic_number);
  AtomClasses classes;
  if (plain) classes.set(2 * place);
  if (aromatic) classes.set(2 * place + 1);
  return place == kOthers ? Bounds{classes, AtomClasses()} : exactly(classes);
}

AtomClasses aromatic_classes() {
  AtomClasses classes;
  for (std::size_t i = 1; i < classes.size(); i += 2) classes.set(i);
  return classes;
}

using AtomQuery = RDKit::Atom::QUERYATOM_QUERY;

Bounds bounds_of(const AtomQuery& query);

Bounds bounds_of_children(const AtomQuery& query, bool all) {
  Bounds result = all ? exactly(AtomClasses().set()) : exactly(AtomClasses());
  for (auto child = query.beginChildren(); child != query.endChildren(); ++child) {
    const Bounds own = bounds_of(**child);
    if (all) {
      result.possible &= own.possible;
      result.certain &= own.certain;
    } else {
      result.possible |= own.possible;
      result.certain |= own.certain;
    }
  }
  return result;
}

Bounds bounds_of_leaf(const AtomQuery& query) {
  const std::string& kind = query.getDescription();
  if (kind == "AtomAnd") return bounds_of_children(query, true);
  if (kind == "AtomOr") return bounds_of_children(query, false);
  if (kind == "RecursiveStructure") {
    const auto& nested = dynamic_cast<const RDKit::RecursiveStructureQuery&>(query);
    const RDKit::ROMol* molecule = nested.getQueryMol();
    const bool known =
        molecule && molecule->getNumAtoms() > 0 && molecule->getAtomWithIdx(0)->hasQuery();
    if (!known) return anything();
    return {bounds_of(*molecule->getAtomWithIdx(0)->getQuery()).possible, AtomClasses()};
  }
  const auto* equality = dynamic_cast<const RDKit::ATOM_EQUALS_QUERY*>(&query);
  if (!equality || equality->getTol() != 0) return anything();
  if (kind == "AtomAtomicNum") return of_element(equality->getVal(), true, true);
  if (kind == "AtomType") {
    const bool aromatic = equality->getVal() > 1000;
    return of_element(equality->getVal() % 1000, !aromatic, aromatic);
  }
  if (kind == "AtomIsAromatic" && equality->getVal() == 1) return exactly(aromatic_classes());
  if (kind == "AtomIsAliphatic" && equality->getVal() == 1) return exactly(~aromatic_classes());
  return anything();
}

Bounds bounds_of(const AtomQuery& query) {
  const Bounds plain = bounds_of_leaf(query);
  return query.getNegation() ? Bounds{~plain.certain, ~plain.possible} : plain;
}

}  // namespace

AtomClasses possible_classes(const RDKit::Atom& atom) {
  if (!atom.hasQuery()) return AtomClasses().set();
  return bounds_of(*atom.getQuery()).possible;
}

std::size_t atom_class(const RDKit::Atom& atom) {
  return class_of(atom.getAtomicNum(), atom.getIsAromatic());
}

}  // namespace equigen::rdkit
