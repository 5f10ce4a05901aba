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

#include "equigen/molecule/rdkit_search.h"

/// Lists of hundreds of SMARTS, most of which can be ruled out for a molecule by what it is made
/// of: elements, pairs of bonded elements, number of rings. Only the rest is searched for.
namespace equigen::rdkit {

/// Pairs of classes with one of four bond orders.
using BondClasses = std::bitset<1200>;

/// What the screen knows of a molecule, and the molecule ready to be searched; must not outlive it.
/// Ring information and aromaticity must be there.
class PatternScreen {
 public:
  explicit PatternScreen(const RDKit::ROMol& molecule);

  const SearchTarget& target() const { return target_; }
  const BondClasses& bonds() const { return bonds_; }
  /// Atoms of any of these classes.
  int atoms(const AtomClasses& classes) const;
  /// Independent rings: bonds - atoms + parts.
  int rings() const { return rings_; }

 private:
  SearchTarget target_;
  std::array<int, AtomClasses().size()> counts_{};
  BondClasses bonds_;
  int rings_ = 0;
};

/// One SMARTS. Throws DataError ("smarts-invalid") when it cannot be read.
class Pattern {
 public:
  Pattern(std::string name, const std::string& smarts);

  const std::string& name() const { return name_; }
  /// False only when the pattern cannot occur.
  bool is_possible(const PatternScreen& screen) const;
  bool occurs_in(const PatternScreen& screen) const;

 private:
  std::string name_;
  std::shared_ptr<const RDKit::ROMol> query_;
  PatternSearch search_;
  std::vector<std::pair<AtomClasses, int>> least_atoms_;
  std::vector<BondClasses> needed_bonds_;  ///< of each, at least one must be there
  int rings_ = 0;
};

/// Reads a list: a line holds a name, a space and SMARTS; # begins a comment line.
/// Throws DataError that names the line.
std::vector<Pattern> read_patterns(std::string_view text, const std::string& source);

/// SMARTS from text. Throws DataError ("smarts-invalid") with the name.
std::shared_ptr<const RDKit::ROMol> read_smarts(const std::string& name, const std::string& smarts);

/// A pattern that is asked about single atoms: whether one may be the first atom of a match.
class AnchoredPattern {
 public:
  explicit AnchoredPattern(std::shared_ptr<const RDKit::ROMol> query)
      : query_(std::move(query)), search_(*query_, 0) {}
  const RDKit::ROMol& query() const { return *query_; }
  const PatternSearch& search() const { return search_; }

 private:
  std::shared_ptr<const RDKit::ROMol> query_;
  PatternSearch search_;
};

}  // namespace equigen::rdkit
