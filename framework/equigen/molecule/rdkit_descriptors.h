// SPDX-License-Identifier: MIT
#pragma once

// Private to the molecule module.

#include <GraphMol/ROMol.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "equigen/molecule/descriptors.h"
#include "equigen/molecule/rdkit_patterns.h"

/// Descriptors of sanitised molecules without explicit hydrogens.
namespace equigen::rdkit {

/// A molecule with its hydrogens as atoms, ready to be searched.
class CompleteMolecule {
 public:
  explicit CompleteMolecule(const RDKit::ROMol& molecule);
  const PatternScreen& screen() const { return screen_; }

 private:
  std::unique_ptr<RDKit::ROMol> molecule_;
  PatternScreen screen_;
};

/// Wildman and Crippen's logP with their table as RDKit carries it.
double clogp(const CompleteMolecule& complete);

/// Rotatable bonds by RDKit's strict definition: no amides, esters or symmetric ends.
int rotatable_bonds(const SearchTarget& target);

/// Bertz's complexity with aromatic bonds of order 1.5.
double bertz_complexity(const RDKit::ROMol& molecule);

/// The eight numbers of QED.
struct QedProperties {
  double weight = 0;
  double logp = 0;
  int acceptors = 0;
  int donors = 0;
  double tpsa = 0;
  int rotatable_bonds = 0;
  int aromatic_rings = 0;
  int alerts = 0;
};

int qed_acceptors(const SearchTarget& target);
/// Rings left when the aliphatic ring atoms are taken away.
int qed_aromatic_rings(const RDKit::ROMol& molecule);
int qed_alerts(const PatternScreen& screen);
double qed(const QedProperties& properties);

/// Counts of the circular environments of radius 0 to 2, by identifier.
using MorganCounts = std::map<std::uint32_t, int>;
MorganCounts morgan_counts(const RDKit::ROMol& molecule);

/// Synthetic accessibility from fragment scores and complexity. Changes only cached marks of
/// possible stereocentres. Throws DataError ("sa-table").
double sa_score(RDKit::ROMol& molecule, const MorganCounts& counts);

/// Cuts all BRICS bonds (Degen et al., ChemMedChem 3, 1503 (2008)) with RDKit's rules.
std::vector<std::string> brics_fragments(const RDKit::ROMol& molecule, const SearchTarget& target);

struct Scaffold {
  std::string smiles;
  int rings = 0;
};

/// Rings and what links them (Bemis and Murcko, J. Med. Chem. 39, 2887 (1996)), exocyclic double
/// bonds kept.
Scaffold murcko_scaffold(const RDKit::ROMol& molecule);

/// The filters of MOSES.
struct FilterResult {
  FilterOutcome outcome = FilterOutcome::passed;
  std::string pattern;
};
FilterResult moses_filter(const RDKit::ROMol& molecule, const CompleteMolecule& complete);

}  // namespace equigen::rdkit
