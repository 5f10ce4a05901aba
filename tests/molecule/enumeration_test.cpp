// SPDX-License-Identifier: MIT
#include "equigen/molecule/enumeration.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/molecule/smiles.h"

using namespace equigen;

namespace {

std::map<std::size_t, int> counts_by_size(const std::vector<Molecule>& molecules) {
  std::map<std::size_t, int> counts;
  for (const Molecule& molecule : molecules) ++counts[molecule.atoms.size()];
  return counts;
}

bool valences_fit(const Molecule& molecule) {
  std::vector<int> sum(molecule.atoms.size(), 0);
  for (const Bond& bond : molecule.bonds) {
    sum[static_cast<std::size_t>(bond.begin)] += bond.order;
    sum[static_cast<std::size_t>(bond.end)] += bond.order;
  }
  for (std::size_t i = 0; i < sum.size(); ++i)
    if (sum[i] > 10 - molecule.atoms[i].atomic_number) return false;
  return true;
}

/// Every matrix of bond orders with every choice of elements: 4^(n(n-1)/2 + n) candidates.
std::set<std::string> all_by_brute_force(int n) {
  std::set<std::string> found;
  const int pairs = n * (n - 1) / 2;
  for (std::uint64_t code = 0; code < std::uint64_t{1} << (2 * (pairs + n)); ++code) {
    Molecule molecule;
    std::uint64_t rest = code;
    for (int v = 0; v < n; ++v, rest >>= 2)
      molecule.atoms.push_back({static_cast<std::uint8_t>(6 + (rest & 3)), 0});
    for (int a = 0; a < n; ++a)
      for (int b = 0; b < a; ++b, rest >>= 2)
        if (rest & 3) molecule.bonds.push_back({a, b, static_cast<std::uint8_t>(rest & 3)});
    if (static_cast<int>(molecule.bonds.size()) + 1 < n || !valences_fit(molecule)) continue;
    if (!broken_rule(molecule)) found.insert(canonical_smiles(molecule));
  }
  return found;
}

}  // namespace

TEST_CASE("enumeration finds what trying every bond matrix and element finds") {
  for (int n = 1; n <= 4; ++n) {
    std::set<std::string> enumerated;
    for (const Molecule& molecule : enumerate_molecules(n))
      if (molecule.atoms.size() == static_cast<std::size_t>(n)) enumerated.insert(molecule.smiles);
    CHECK(enumerated == all_by_brute_force(n));
  }
}

TEST_CASE("enumerated molecules are counted, distinct, canonical, ordered and within the rules") {
  const auto molecules = enumerate_molecules(6);
  CHECK(counts_by_size(molecules) ==
        std::map<std::size_t, int>{{1, 1}, {2, 8}, {3, 25}, {4, 110}, {5, 557}, {6, 3475}});
  std::set<std::string> distinct;
  for (std::size_t i = 0; i < molecules.size(); ++i) {
    const Molecule& molecule = molecules[i];
    distinct.insert(molecule.smiles);
    INFO(molecule.smiles);
    REQUIRE_FALSE(broken_rule(molecule).has_value());
    if (i > 0 && molecules[i - 1].atoms.size() == molecule.atoms.size())
      REQUIRE(molecules[i - 1].smiles < molecule.smiles);
  }
  CHECK(distinct.size() == molecules.size());
  CHECK(distinct.count("c1ccccc1") == 1);
  CHECK(distinct.count("c1cn[nH]n1") == 1);
  CHECK(molecules == enumerate_molecules(6));
}

TEST_CASE("seven heavy atoms are enumerated, each aromatic molecule once", "[slow]") {
  const auto molecules = enumerate_molecules(7);
  CHECK(counts_by_size(molecules)[7] == 23400);
  for (const char* smiles : {"Cc1ccccc1", "Oc1ccccc1", "Nc1ccccc1", "Fc1ccccn1", "C1CC2CCC1C2"})
    CHECK(std::count_if(molecules.begin(), molecules.end(),
                        [&](const Molecule& m) { return m.smiles == smiles; }) == 1);
}

TEST_CASE("the rules allow what is common") {
  for (const char* smiles :
       {"C", "CCO", "c1cc[nH]c1", "CC(=O)O", "CC(N)=O", "COC(C)OC", "C1CC1C=O", "CN=NC", "C=NO",
        "NC(=N)N", "FC(F)F", "N#CC#N", "C1CC2CCC1C2", "O=c1cccc[nH]1", "c1conn1", "C1=CCCC1"}) {
    INFO(smiles << ": " << broken_rule(parse_smiles(smiles)).value_or("allowed"));
    CHECK_FALSE(broken_rule(parse_smiles(smiles)).has_value());
  }
}

TEST_CASE("the rules name what they refuse") {
  const std::vector<std::pair<std::string, std::string>> refused = {
      {"O", "carbon"},
      {"CS", "elements"},
      {"C[NH3+]", "charges"},
      {"C.C", "one part"},
      {"C=C=C", "multiple bond"},
      {"O=C=O", "multiple bond"},
      {"C1=CC1", "three-membered"},
      {"O=C1CC1", "three-membered"},
      {"C1=CC=C1", "four-membered"},
      {"C1CC12CC2", "share no atom"},
      {"C1CC2CC12", "share no atom"},
      {"C1NN1", "at most one atom other"},
      {"C1CCC#CCCC1", "triple"},
      {"C1CC2=CCC1C2", "bridgehead"},
      {"C12C3C4C1C5C2C3C45", "three independent rings"},
      {"COO", "oxygen"},
      {"CNF", "fluorine"},
      {"CN=O", "single bonds"},
      {"CNNN", "in a row"},
      {"OCO", "no hydrogen"},
      {"OC(O)C", "no hydrogen"},
      {"FCO", "fluorine"},
      {"COC(OC)OC", "at most two"},
      {"CC(F)=O", "fluorine"},
      {"OC=C", "enols"},
      {"NC=C", "enols"},
      {"OC#C", "C#C"},
      {"COC#N", "C#N"},
      {"CN=CO", "imidic"},
      {"CC=N", "C=NH"},
      {"CN=N", "N=N"},
      {"OC(=O)O", "carbonic"},
      {"NC(=O)O", "carbonic"},
      {"CCCCCCCCCC", "heavy atoms"}};
  for (const auto& [smiles, word] : refused) {
    INFO(smiles);
    CHECK_THAT(broken_rule(parse_smiles(smiles)).value_or("allowed"), ContainsSubstring(word));
  }
}

TEST_CASE("sizes that cannot be enumerated are refused") {
  CHECK_THROWS_AS(enumerate_molecules(0), ConfigError);
  CHECK_THROWS_AS(enumerate_molecules(kLargestEnumeration + 1), ConfigError);
}
