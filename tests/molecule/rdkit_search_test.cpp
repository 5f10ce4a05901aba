// SPDX-License-Identifier: MIT
#include "equigen/molecule/rdkit_search.h"

#include <GraphMol/MolOps.h>
#include <GraphMol/Substruct/SubstructMatch.h>

#include <string>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/text.h"
#include "equigen/molecule/rdkit_molecule.h"
#include "equigen/molecule/rdkit_patterns.h"

namespace equigen::embedded {
std::string_view medicinal_chemistry_filters_txt();
std::string_view pains_txt();
std::string_view qed_alerts_txt();
}  // namespace equigen::embedded

using namespace equigen;  // NOLINT

namespace {

constexpr const char* kMolecules[] = {
    "C",
    "[H][H]",
    "CC(C)(C)c1ccc2occ(CC(=O)Nc3ccccc3F)c2c1",
    "N#Cc1ccc(-c2ccc(O[C@@H](C(=O)N3CCCC3)c3ccccc3)cc2)cc1",
    "O=C(O)c1ccccc1N=Nc1ccc(O)cc1",
    "O=C1C(=Cc2ccc(N(C)C)cc2)SC(=S)N1CC(=O)O",
    "CC1=NN(c2ccccc2)C(=O)C1=Cc1ccc(O)c(O)c1",
    "C[N+](C)(C)CCO.[Cl-]",
    "O=[N+]([O-])c1ccc(S(=O)(=O)NCCBr)cc1I",
    "C1CC2CCC1C2=NNC(=S)N",
    "FC(F)(F)C(=O)OCC=CC#CCP(=O)(O)O",
    "CSSC1CN=C(N)SC1[Si](C)(C)C",
    "O=C1c2ccccc2C(=O)c2ccccc21",
    "c1ccc2c(c1)[nH]c1ccccc12",
    "CC(=O)OC(C)=O",
    "OB(O)c1ccsc1[Se]C",
};

std::vector<std::string> smarts_of(std::string_view list) {
  std::vector<std::string> result;
  for (const std::string& line : text::split(list, '\n')) {
    const auto space = line.find(' ');
    if (line.empty() || line.front() == '#' || space == std::string::npos) continue;
    result.emplace_back(text::trim(std::string_view(line).substr(space + 1)));
  }
  return result;
}

/// The atoms that are first in a match, by RDKit.
std::vector<bool> first_atoms(const RDKit::ROMol& molecule, const RDKit::ROMol& query) {
  std::vector<RDKit::MatchVectType> matches;
  RDKit::SubstructMatch(molecule, query, matches, false, true, false, false, 100000);
  std::vector<bool> result(molecule.getNumAtoms(), false);
  for (const auto& match : matches) result[static_cast<std::size_t>(match.front().second)] = true;
  return result;
}

void compare(const RDKit::ROMol& molecule, const std::string& smarts) {
  const auto query = rdkit::read_smarts("test", smarts);
  const rdkit::SearchTarget target(molecule);
  const rdkit::PatternSearch anchored(*query, 0);
  const std::vector<bool> expected = first_atoms(molecule, *query);
  std::vector<bool> found(target.size());
  for (std::uint32_t atom = 0; atom < target.size(); ++atom)
    found[atom] = anchored.begins_at(target, atom);
  const bool occurs = std::find(expected.begin(), expected.end(), true) != expected.end();
  const rdkit::PatternSearch free(*query, rdkit::rarest_atom(*query));
  if (found == expected && free.occurs_in(target) == occurs) return;
  FAIL_CHECK("differs from RDKit: " << smarts);
}

}  // namespace

TEST_CASE("patterns are found where RDKit finds them") {
  std::vector<std::string> patterns = {"C.N",   "[!#6]", "[!$(C=O)]",
                                       "C1CC1", "*~*",   "[$([#6]),$(O)]"};
  for (const auto list : {embedded::medicinal_chemistry_filters_txt(), embedded::pains_txt(),
                          embedded::qed_alerts_txt()})
    for (std::string& smarts : smarts_of(list)) patterns.push_back(std::move(smarts));
  REQUIRE(patterns.size() > 500);
  for (const char* smiles : kMolecules) {
    INFO(smiles);
    const auto molecule = rdkit::parse(smiles);
    RDKit::MolOps::addHs(*molecule);
    for (const std::string& smarts : patterns) compare(*molecule, smarts);
  }
}

TEST_CASE("a pattern of too many atoms is refused") {
  const std::string chain(rdkit::PatternSearch::kMostAtoms + 1, 'C');
  const auto query = rdkit::read_smarts("chain", chain);
  CHECK_THROWS_AS(rdkit::PatternSearch(*query, 0), DataError);
}
