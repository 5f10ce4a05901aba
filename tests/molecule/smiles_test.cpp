// SPDX-License-Identifier: MIT
#include "equigen/molecule/smiles.h"

#include <algorithm>
#include <thread>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/molecule/hydrogens.h"
#include "equigen/molecule/rdkit_molecule.h"

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

TEST_CASE("what RDKit wrote is read the quick way as by its whole parser") {
  for (const char* source :
       {"C", "CC(C)(C)c1ccc2occ(CC(=O)Nc3ccccc3F)c2c1", "O=C1c2ccccc2C(=O)c2ccccc21",
        "c1ccc2c(c1)[nH]c1ccccc12", "C[n+]1ccccc1.[Cl-]", "O=[N+]([O-])c1cc[n+]([O-])cc1",
        "c1ccc2cc3ccccc3cc2c1", "C[CH2]", "[H][H]", "[H+]", "O=c1[nH]c(=O)c2[nH]cnc2[nH]1",
        "N#CC1=C(SCC(=O)Nc2cccc(Cl)c2)N=C([O-])C(C#N)C12CCCCC2", "c1cc[se]c1", "OB(O)c1ccsc1",
        "CS(C)(=O)=NC", "C1=CC=CC=CC=C1", "c1ccc2cccc-2cc1", "CP(C)(C)=C", "[Na+].[O-]c1ccccc1"}) {
    const std::string smiles = canonical_smiles(source, false);
    INFO(smiles);
    CHECK(rdkit::parse_canonical(smiles) == rdkit::to_plain(*rdkit::parse(smiles)));
  }
  CHECK_THROWS_AS(rdkit::parse_canonical("CC:CC"), DataError);
  CHECK_THROWS_AS(rdkit::parse_canonical("c1cccc1"), DataError);
}

TEST_CASE("SMILES without stereochemistry are kept from reading, or found") {
  Molecule molecule = parse_smiles("C[C@H](N)O");
  CHECK(molecule.plain_smiles == "CC(N)O");
  CHECK(plain_smiles(molecule) == "CC(N)O");
  molecule.plain_smiles.clear();
  CHECK(plain_smiles(molecule) == "CC(N)O");
  molecule.smiles.clear();
  CHECK(plain_smiles(molecule) == "CC(N)O");
  CHECK(plain_smiles(Molecule{}).empty());
  CHECK(parse_smiles("CCO").plain_smiles.empty());
  CHECK(plain_smiles(parse_smiles("[13CH4]")) == "C");
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
