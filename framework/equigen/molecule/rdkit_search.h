// SPDX-License-Identifier: MIT
#pragma once

// Private to the molecule module.

#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>
#include <GraphMol/ROMol.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "equigen/molecule/rdkit_atom_classes.h"

/// Finds SMARTS in molecules as RDKit's SubstructMatch() does by default (chirality not compared),
/// many times faster where one match, or the place of one atom, is all that is asked.
namespace equigen::rdkit {

/// A molecule made ready to be searched; must not outlive it.
class SearchTarget {
 public:
  struct Neighbour {
    std::uint32_t atom = 0;
    const RDKit::Bond* bond = nullptr;
  };

  explicit SearchTarget(const RDKit::ROMol& molecule);

  std::uint32_t size() const { return static_cast<std::uint32_t>(atoms_.size()); }
  const RDKit::Atom& atom(std::uint32_t index) const { return *atoms_[index].atom; }
  std::size_t atom_class(std::uint32_t index) const { return atoms_[index].atom_class; }
  std::span<const Neighbour> neighbours(std::uint32_t index) const {
    return std::span(neighbours_).subspan(atoms_[index].first, atoms_[index].degree);
  }
  /// The bond between two atoms, or nothing.
  const RDKit::Bond* bond(std::uint32_t a, std::uint32_t b) const;

 private:
  struct Place {
    const RDKit::Atom* atom = nullptr;
    std::size_t atom_class = 0;
    std::size_t first = 0;
    std::size_t degree = 0;
  };
  std::vector<Place> atoms_;
  std::vector<Neighbour> neighbours_;
};

class PatternSearch;

/// What an atom must be: RDKit's own query where nothing is nested in it, else its parts, so that a
/// nested pattern is looked for only where it is asked about.
class AtomTest {
 public:
  explicit AtomTest(const RDKit::Atom& atom);

  bool fits(const SearchTarget& target, std::uint32_t atom) const;
  const AtomClasses& possible() const { return possible_; }

 private:
  using Query = RDKit::Atom::QUERYATOM_QUERY;
  enum class Kind { atom, leaf, all, any, nested };

  explicit AtomTest(const Query& query);
  bool holds(const SearchTarget& target, std::uint32_t atom) const;

  AtomClasses possible_ = AtomClasses().set();
  Kind kind_ = Kind::leaf;
  bool negated_ = false;
  const RDKit::Atom* atom_ = nullptr;
  const Query* query_ = nullptr;
  std::vector<AtomTest> parts_;
  std::shared_ptr<const PatternSearch> nested_;
};

/// A pattern with its atoms in an order in which each hangs on an earlier one wherever it can.
class PatternSearch {
 public:
  static constexpr std::size_t kMostAtoms = 100;

  /// Searches from the given atom of the pattern. Keeps pointers into `query`. Throws DataError
  /// ("smarts-invalid") for more than kMostAtoms and for parts that are not understood.
  PatternSearch(const RDKit::ROMol& query, unsigned first_atom);

  /// Whether there is a match with the first atom on `atom`.
  bool begins_at(const SearchTarget& target, std::uint32_t atom) const;
  bool occurs_in(const SearchTarget& target) const;
  /// What the first atom may be.
  const AtomClasses& first_classes() const { return steps_.front().test.possible(); }

 private:
  struct Closure {
    std::size_t step;
    const RDKit::Bond* bond;
  };
  struct Step {
    AtomTest test;
    std::vector<Closure> bonds;  ///< to earlier atoms; candidates are neighbours of the first
  };
  using Images = std::array<std::uint32_t, kMostAtoms>;

  void append_step(const RDKit::ROMol& query, unsigned atom, std::vector<int>& step_of);
  bool can_take(const SearchTarget& target, std::size_t step, std::uint32_t atom,
                const Images& images) const;
  bool extend(const SearchTarget& target, std::size_t step, Images& images) const;

  std::vector<Step> steps_;
};

/// The atom of a pattern that may be the fewest things.
unsigned rarest_atom(const RDKit::ROMol& query);

}  // namespace equigen::rdkit
