// SPDX-License-Identifier: MIT
#include "equigen/molecule/smiles.h"

#include <algorithm>
#include <thread>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/molecule/hydrogens.h"

using namespace equigen;

namespace {

std::string reason_of(const std::string& smiles) {
  try {
    parse_smiles(smiles);
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("elements are known by symbol and by number") {
  CHECK(element_symbol(1) == "H");
  CHECK(element_symbol(17) == "Cl");
  CHECK(element_symbol(118) == "Og");
  CHECK(element_symbol(0).empty());
  CHECK(element_symbol(119).empty());
  CHECK(element_symbol(-3).empty());
  for (int z = 1; z <= 118; ++z) CHECK(atomic_number_of(element_symbol(z)) == z);
  CHECK(atomic_number_of("") == 0);
  CHECK(atomic_number_of("cl") == 0);
}

TEST_CASE("SMILES becomes kekulised atoms and bonds in canonical order") {
  const Molecule benzene = parse_smiles("c1ccccc1");
  REQUIRE(benzene.atoms.size() == 6);
  CHECK(std::count_if(benzene.bonds.begin(), benzene.bonds.end(),
                      [](const Bond& bond) { return bond.order == 2; }) == 3);
  CHECK(benzene.smiles == "c1ccccc1");

  const Molecule a = parse_smiles("OCC");
  const Molecule b = parse_smiles("C(O)C");
  CHECK(a == b);
  CHECK(a.smiles == "CCO");
  CHECK(a.atoms.back().atomic_number == 8);
}

TEST_CASE("stereochemistry stays in the canonical text and leaves the graph") {
  const Molecule left = parse_smiles("C[C@H](N)O");
  const Molecule right = parse_smiles("C[C@@H](N)O");
  CHECK(left.smiles != right.smiles);
  CHECK(left.bonds == right.bonds);
  CHECK(canonical_smiles(left.smiles, false) == "CC(N)O");
  CHECK(canonical_smiles("C/C=C/C", true) != canonical_smiles("C/C=C\\C", true));
  CHECK(canonical_smiles("[13CH4]", true) == "[13CH4]");
  CHECK(canonical_smiles("[13CH4]", false) == "C");
  CHECK(parse_smiles("[13CH4]").smiles == "[13CH4]");
}

TEST_CASE("the graph writes the same canonical SMILES as its source") {
  for (const char* smiles : {"CCO", "c1ccccc1", "C[NH3+]", "O=C([O-])C[NH3+]", "c1cc[nH]c1",
                             "N#Cc1ccncc1", "CS(=O)(=O)N", "C.C", "[O-][N+](=O)c1ccccc1"}) {
    const Molecule molecule = parse_smiles(smiles);
    CHECK(canonical_smiles(molecule) == canonical_smiles(smiles, false));
  }
  CHECK(canonical_smiles(Molecule{}).empty());
}

TEST_CASE("explicit hydrogens are folded into canonical SMILES") {
  Molecule methane;
  methane.atoms = {{6, 0}, {1, 0}, {1, 0}, {1, 0}, {1, 0}};
  methane.bonds = {{0, 1, 1}, {0, 2, 1}, {0, 3, 1}, {0, 4, 1}};
  CHECK(canonical_smiles(methane) == "C");
}

TEST_CASE("bonds of aromatic rings are found, also in kekulised molecules") {
  const Molecule toluene = parse_smiles("Cc1ccccc1");
  const std::vector<bool> aromatic = aromatic_bonds(toluene);
  CHECK(std::count(aromatic.begin(), aromatic.end(), true) == 6);
  const std::vector<bool> none = aromatic_bonds(parse_smiles("C1CCCCC1"));
  CHECK(std::count(none.begin(), none.end(), true) == 0);
}

TEST_CASE("SMILES that cannot be read are refused with the reason") {
  CHECK_THAT(reason_of("C1CC"), ContainsSubstring("unclosed ring"));
  CHECK_THAT(reason_of("C(C"), ContainsSubstring("parentheses") || ContainsSubstring("syntax"));
  CHECK_THAT(reason_of("c1ccc"), ContainsSubstring("c1ccc"));
  CHECK_THAT(reason_of("C(C)(C)(C)(C)C"), ContainsSubstring("valence"));
  CHECK_THAT(reason_of("c1cccc1"), ContainsSubstring("kekulize"));
  CHECK_THAT(reason_of("*C"), ContainsSubstring("wildcard"));
  CHECK_THAT(reason_of(""), ContainsSubstring("no atoms"));
  CHECK_THAT(reason_of("C C"), ContainsSubstring("space"));
  CHECK_THAT(reason_of(std::string(30000, 'C')), ContainsSubstring("longer"));
  CHECK_THAT(reason_of(std::string(3000, '(')), ContainsSubstring("not a molecule"));
  CHECK_THAT(reason_of("N->[Fe]"), ContainsSubstring("bond"));
}

TEST_CASE("reasons of failures do not mix between threads") {
  std::vector<std::string> reasons(8);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < reasons.size(); ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) reasons[t] = reason_of(t % 2 ? "C1CC" : "C(C)(C)(C)(C)C");
    });
  for (auto& thread : threads) thread.join();
  for (std::size_t t = 0; t < reasons.size(); ++t)
    CHECK_THAT(reasons[t], ContainsSubstring(t % 2 ? "unclosed ring" : "valence"));
}

TEST_CASE("impossible graphs are refused") {
  Molecule molecule;
  molecule.atoms = {{6, 0}, {9, 0}};
  molecule.bonds = {{0, 1, 3}};
  CHECK_THROWS_AS(canonical_smiles(molecule), DataError);
  molecule.bonds = {{0, 2, 1}};
  CHECK_THROWS_AS(canonical_smiles(molecule), DataError);
  molecule.bonds = {{0, 1, 1}, {1, 0, 1}};
  CHECK_THROWS_AS(canonical_smiles(molecule), DataError);
}

TEST_CASE("an aromatic bond outside of rings is refused, not followed without end") {
  CHECK_THROWS_AS(parse_smiles("CC:CC"), DataError);
  CHECK_THROWS_AS(parse_smiles("CCC:C.c1ccccc1"), DataError);
}

TEST_CASE("listed hydrogens that their neighbours imply can be left out") {
  Molecule molecule = parse_smiles("CO");
  molecule.atoms.insert(molecule.atoms.begin(), Atom{1, 0});
  molecule.bonds = {{1, 2, 1}, {2, 0, 1}};
  molecule.positions = {{0, 0, 0}, {1, 0, 0}, {2, 0, 0}};
  const Molecule heavy = without_hydrogens(molecule);
  CHECK(heavy.atoms == parse_smiles("CO").atoms);
  CHECK(heavy.bonds == std::vector<Bond>{{0, 1, 1}});
  CHECK(heavy.positions.front()[0] == 1);
  Molecule hydrogen;
  hydrogen.atoms = {{1, 0}, {1, 0}};
  hydrogen.bonds = {{0, 1, 1}};
  CHECK(without_hydrogens(hydrogen) == hydrogen);
}
