// SPDX-License-Identifier: MIT
#include "equigen/molecule/rdkit_search.h"

// clang-format off
// First: it decides of what size nested queries are.
#include <RDGeneral/RDConfig.h>
// clang-format on
#include <GraphMol/QueryAtom.h>
#include <GraphMol/QueryOps.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "equigen/base/error.h"

namespace equigen::rdkit {
namespace {

using AtomQuery = RDKit::Atom::QUERYATOM_QUERY;

const RDKit::RecursiveStructureQuery* nested_in(const AtomQuery& query) {
  return dynamic_cast<const RDKit::RecursiveStructureQuery*>(&query);
}

bool holds_nested(const AtomQuery& query) {
  return nested_in(query) != nullptr ||
         std::any_of(query.beginChildren(), query.endChildren(),
                     [](const auto& child) { return holds_nested(*child); });
}

/// Of the atoms not yet placed the one with most bonds to placed ones, then the rarest.
unsigned next_atom(const RDKit::ROMol& query, const std::vector<int>& step_of) {
  std::pair<int, std::size_t> best{-1, 0};
  unsigned chosen = 0;
  for (const auto* atom : query.atoms()) {
    if (step_of[atom->getIdx()] >= 0) continue;
    int placed = 0;
    for (const auto* other : query.atomNeighbors(atom)) placed += step_of[other->getIdx()] >= 0;
    const std::pair rank{placed, AtomClasses().size() - possible_classes(*atom).count()};
    if (rank <= best) continue;
    best = rank;
    chosen = atom->getIdx();
  }
  return chosen;
}

}  // namespace

SearchTarget::SearchTarget(const RDKit::ROMol& molecule) {
  atoms_.reserve(molecule.getNumAtoms());
  neighbours_.reserve(2 * std::size_t{molecule.getNumBonds()});
  for (const auto* atom : molecule.atoms()) {
    const std::size_t first = neighbours_.size();
    for (const auto* bond : molecule.atomBonds(atom))
      neighbours_.push_back({bond->getOtherAtomIdx(atom->getIdx()), bond});
    atoms_.push_back({atom, rdkit::atom_class(*atom), first, neighbours_.size() - first});
  }
}

const RDKit::Bond* SearchTarget::bond(std::uint32_t a, std::uint32_t b) const {
  for (const Neighbour& neighbour : neighbours(a))
    if (neighbour.atom == b) return neighbour.bond;
  return nullptr;
}

AtomTest::AtomTest(const RDKit::Atom& atom) {
  if (atom.hasQuery() && holds_nested(*atom.getQuery())) {
    *this = AtomTest(*atom.getQuery());
  } else {
    kind_ = Kind::atom;
    atom_ = &atom;
  }
  possible_ = possible_classes(atom);
}

AtomTest::AtomTest(const Query& query) : query_(&query) {
  if (!holds_nested(query)) return;
  negated_ = query.getNegation();
  if (const auto* nested = nested_in(query)) {
    if (!nested->getQueryMol())
      throw DataError("smarts-invalid", "a nested pattern that holds nothing");
    kind_ = Kind::nested;
    nested_ = std::make_shared<const PatternSearch>(*nested->getQueryMol(), 0);
    return;
  }
  const std::string& name = query.getDescription();
  if (name != "AtomAnd" && name != "AtomOr")
    throw DataError("smarts-invalid", fmt::format("patterns nested in a query {}", name));
  kind_ = name == "AtomAnd" ? Kind::all : Kind::any;
  for (auto child = query.beginChildren(); child != query.endChildren(); ++child)
    parts_.push_back(AtomTest(**child));
  // Simple questions first.
  std::stable_partition(parts_.begin(), parts_.end(),
                        [](const AtomTest& part) { return part.kind_ == Kind::leaf; });
}

bool AtomTest::fits(const SearchTarget& target, std::uint32_t atom) const {
  return possible_[target.atom_class(atom)] && holds(target, atom);
}

bool AtomTest::holds(const SearchTarget& target, std::uint32_t atom) const {
  const auto part_holds = [&](const AtomTest& part) { return part.holds(target, atom); };
  switch (kind_) {
    case Kind::atom:
      return atom_->Match(&target.atom(atom));
    case Kind::leaf:
      return query_->Match(&target.atom(atom));
    case Kind::all:
      return negated_ != std::all_of(parts_.begin(), parts_.end(), part_holds);
    case Kind::any:
      return negated_ != std::any_of(parts_.begin(), parts_.end(), part_holds);
    case Kind::nested:
      return negated_ != nested_->begins_at(target, atom);
  }
  return false;
}

PatternSearch::PatternSearch(const RDKit::ROMol& query, unsigned first_atom) {
  const std::size_t size = query.getNumAtoms();
  if (size == 0 || size > kMostAtoms)
    throw DataError("smarts-invalid", fmt::format("a pattern of {} atoms; 1 to {} can be searched",
                                                  size, kMostAtoms));
  std::vector<int> step_of(size, -1);
  append_step(query, first_atom, step_of);
  while (steps_.size() < size) append_step(query, next_atom(query, step_of), step_of);
}

void PatternSearch::append_step(const RDKit::ROMol& query, unsigned atom,
                                std::vector<int>& step_of) {
  const RDKit::Atom* added = query.getAtomWithIdx(atom);
  Step step{AtomTest(*added), {}};
  for (const auto* bond : query.atomBonds(added)) {
    const int other = step_of[bond->getOtherAtomIdx(atom)];
    if (other >= 0) step.bonds.push_back({static_cast<std::size_t>(other), bond});
  }
  step_of[atom] = static_cast<int>(steps_.size());
  steps_.push_back(std::move(step));
}

bool PatternSearch::begins_at(const SearchTarget& target, std::uint32_t atom) const {
  if (!steps_.front().test.fits(target, atom)) return false;
  Images images;
  images[0] = atom;
  return extend(target, 1, images);
}

bool PatternSearch::occurs_in(const SearchTarget& target) const {
  for (std::uint32_t atom = 0; atom < target.size(); ++atom)
    if (begins_at(target, atom)) return true;
  return false;
}

/// All but the first bond, by which the atom was found.
bool PatternSearch::can_take(const SearchTarget& target, std::size_t step, std::uint32_t atom,
                             const Images& images) const {
  const auto* end = images.data() + step;
  if (std::find(images.data(), end, atom) != end) return false;
  const Step& own = steps_[step];
  for (std::size_t i = 1; i < own.bonds.size(); ++i) {
    const RDKit::Bond* bond = target.bond(images[own.bonds[i].step], atom);
    if (!bond || !own.bonds[i].bond->Match(bond)) return false;
  }
  return own.test.fits(target, atom);
}

bool PatternSearch::extend(const SearchTarget& target, std::size_t step, Images& images) const {
  if (step == steps_.size()) return true;
  const auto goes_on_with = [&](std::uint32_t atom) {
    if (!can_take(target, step, atom, images)) return false;
    images[step] = atom;
    return extend(target, step + 1, images);
  };
  if (steps_[step].bonds.empty()) {
    for (std::uint32_t atom = 0; atom < target.size(); ++atom)
      if (goes_on_with(atom)) return true;
    return false;
  }
  const Closure& from = steps_[step].bonds.front();
  const AtomClasses& possible = steps_[step].test.possible();
  for (const auto& neighbour : target.neighbours(images[from.step]))
    if (possible[target.atom_class(neighbour.atom)] && from.bond->Match(neighbour.bond) &&
        goes_on_with(neighbour.atom))
      return true;
  return false;
}

unsigned rarest_atom(const RDKit::ROMol& query) {
  unsigned rarest = 0;
  for (const auto* atom : query.atoms())
    if (possible_classes(*atom).count() < possible_classes(*query.getAtomWithIdx(rarest)).count())
      rarest = atom->getIdx();
  return rarest;
}

}  // namespace equigen::rdkit
