// SPDX-License-Identifier: MIT
#pragma once

// Private to the molecule module.

#include <GraphMol/ROMol.h>

#include <array>
#include <bitset>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Lists of hundreds of SMARTS, most of which can be ruled out for a molecule by what it is made
/// of: elements, pairs of bonded elements, number of rings. Only the rest is searched for.
namespace equigen::rdkit {

/// Elements, each aromatic or not: what an atom of a pattern may be.
using AtomClasses = std::bitset<24>;
/// Pairs of classes with one of four bond orders.
using BondClasses = std::bitset<1200>;

/// What the screen knows of a molecule. Ring information and aromaticity must be there.
class PatternScreen {
 public:
  explicit PatternScreen(const RDKit::ROMol& molecule);

  const BondClasses& bonds() const { return bonds_; }
  /// Atoms of any of these classes.
  int atoms(const AtomClasses& classes) const;
  /// Independent rings: bonds - atoms + parts.
  int rings() const { return rings_; }

 private:
  std::array<int, 24> counts_{};
  BondClasses bonds_;
  int rings_ = 0;
};

/// One SMARTS. Throws DataError ("smarts-invalid") when it cannot be read.
class Pattern {
 public:
  Pattern(std::string name, const std::string& smarts);
  Pattern(std::string name, const RDKit::ROMol& query);

  const std::string& name() const { return name_; }
  const RDKit::ROMol& query() const { return *query_; }
  /// False only when the pattern cannot occur.
  bool is_possible(const PatternScreen& screen) const;
  bool occurs_in(const RDKit::ROMol& molecule, const PatternScreen& screen) const;

 private:
  std::string name_;
  std::shared_ptr<const RDKit::ROMol> query_;
  std::vector<std::pair<AtomClasses, int>> least_atoms_;
  std::vector<BondClasses> needed_bonds_;  ///< of each, at least one must be there
  int rings_ = 0;
};

/// Reads a list: a line holds a name, a space and SMARTS; # begins a comment line.
/// Throws DataError that names the line.
std::vector<Pattern> read_patterns(std::string_view text, const std::string& source);

/// What the first atom of a pattern may be.
AtomClasses root_classes(const RDKit::ROMol& query);
/// The class of an atom of a molecule.
std::size_t atom_class(const RDKit::Atom& atom);

}  // namespace equigen::rdkit
