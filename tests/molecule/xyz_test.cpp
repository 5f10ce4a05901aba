// SPDX-License-Identifier: MIT
#include <chrono>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/random.h"
#include "equigen/molecule/molecule_files.h"
#include "equigen/molecule/smiles.h"
#include "paths.h"

using namespace equigen;

namespace {

const std::string kWater =
    "3\nwater gap=0.5\nO 0 0 0.119\nH 0 0.763 -0.477\nh 0 -0.763 -0.477 extra 1\n";
const std::string kHydroxide = "2\ncharge=-1\nO 0 0 0\nH 0.97 0 0\n";

MoleculeFile parsed(const std::string& text, const MoleculeFileOptions& options = {}) {
  return parse_molecule_file(text, ".xyz", "file.xyz", options);
}

MoleculeFileOptions to_be_judged() {
  MoleculeFileOptions options;
  options.to_be_judged = true;
  return options;
}

}  // namespace

TEST_CASE("frames of an xyz file become molecules with title, properties and charge") {
  const MoleculeFile file = parsed(kWater + "\n" + kHydroxide + "0\ninvalid\n");
  CHECK(file.broken.empty());
  REQUIRE(file.records.size() == 3);
  const Molecule& water = file.records[0].molecule;
  CHECK(water.name == "water");
  CHECK(water.smiles == "O");
  CHECK(water.atoms.size() == 3);
  CHECK(water.bonds.size() == 2);
  CHECK(water.positions[1] == std::array<double, 3>{0, 0.763, -0.477});
  CHECK(file.records[0].properties == MoleculeProperties{{"gap", 0.5}});
  CHECK(file.records[1].molecule.smiles == "[OH-]");
  CHECK(file.records[1].line == 7);
  CHECK(file.records[2].molecule.atoms.empty());
  CHECK(parsed("2\n\nO 0 0 0\nH 0.97 0 0\n", {.smiles_column = {}, .charge = -1})
            .records.at(0)
            .molecule.smiles == "[OH-]");
}

TEST_CASE("the extended format tells its columns") {
  const MoleculeFile file = parsed(
      "3\nProperties=id:I:1:forces:R:3:pos:R:3:species:S:1 energy=-76.4 name=\"a water\" "
      "pbc=\"F F F\"\n1 0 0 0 0 0 0.119 O\n2 0 0 0 0 0.763 -0.477 H\n3 0 0 0 0 -0.763 -0.477 1\n");
  REQUIRE(file.records.size() == 1);
  CHECK(file.records[0].molecule.smiles == "O");
  CHECK(file.records[0].molecule.name == "a water");
  CHECK(file.records[0].properties == MoleculeProperties{{"energy", -76.4}});
}

TEST_CASE("QM9's own files are read past their frequencies") {
  const MoleculeFile file = parsed(
      "3\ngdb 3\t799.58812\t437.90386\nO -0.0343604951 0.9775395708 0.0076015923 -0.589706\n"
      "H 0.0647664923 0.0205721989 0.0015346341 0.294853\n"
      "H 0.8717903737 1.3007924048 6.9*^-6 0.294853\n1671.4222\t3803.6305\t3907.698\nO\tO\n"
      "InChI=1S/H2O/h1H2\tInChI=1S/H2O/h1H2\n" +
      kWater);
  CHECK(file.broken.empty());
  REQUIRE(file.records.size() == 2);
  CHECK(file.records[0].molecule.smiles == "O");
  CHECK(file.records[0].molecule.name == "gdb_3");
}

TEST_CASE("damaged frames cost one record each and are named") {
  const MoleculeFile file = parsed("3\nshort\nO 0 0 0\n" + kWater +                   //
                                   "no count\nat all\n" +                             //
                                   "1\nnot a number\nO 0 0 nan\n" +                   //
                                   "1\nno element\nXx 0 0 0\n" +                      //
                                   "1\ntoo far\nO 0 0 1e300\n" +                      //
                                   "1\ncolumns\nO 0 0\n" +                            //
                                   "2\nno orders\nO 0 0 0\nH 0.97 0 0\n" +            //
                                   "1\npbc=\"T T T\" Lattice=\"1 0 0\"\nO 0 0 0\n" +  //
                                   kWater + "99999999999\nhuge\nO 0 0 0\n");
  CHECK(file.records.size() == 2);
  CHECK(file.row_count == 11);
  REQUIRE(file.broken.size() == 9);
  CHECK(file.broken[0].line == 1);
  CHECK_THAT(file.broken[0].reason, ContainsSubstring("3 atoms are announced and 1 follow"));
  CHECK(file.broken[1].line == 9);
  CHECK_THAT(file.broken[2].reason, ContainsSubstring("'nan' is no coordinate"));
  CHECK_THAT(file.broken[3].reason, ContainsSubstring("'Xx' is no element"));
  CHECK_THAT(file.broken[6].reason, ContainsSubstring("bond orders not determined"));
  CHECK_THAT(file.broken[7].reason, ContainsSubstring("periodic"));
  CHECK_THAT(file.broken[8].reason, ContainsSubstring("99999999999"));
}

TEST_CASE("what is to be judged stays a record without canonical SMILES") {
  const MoleculeFile file =
      parsed("2\nradical\nO 0 0 0\nH 0.97 0 0\n2\napart\nC 0 0 0\nC 99 0 0\n", to_be_judged());
  REQUIRE(file.records.size() == 2);
  for (const MoleculeRecord& record : file.records) {
    CHECK(record.molecule.atoms.size() == 2);
    REQUIRE(record.molecule.bonds.size() == 1);
    CHECK(record.molecule.bonds[0].order == 0);
    CHECK(record.molecule.smiles.empty());
    CHECK_THROWS_AS(canonical_smiles(record.molecule), DataError);
  }
}

TEST_CASE("molecules written as xyz read back") {
  const testing::TemporaryFolder folder;
  const MoleculeFile file = parsed(kWater + kHydroxide + "0\n\n");
  for (const char* name : {"a.xyz", "a.xyz.gz", "a.extxyz", "a.extxyz.gz"}) {
    INFO(name);
    write_molecule_file(folder / name, file.records);
    const MoleculeFile again = read_molecule_file(folder / name);
    REQUIRE(again.records.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(again.records[i].molecule == file.records[i].molecule);
      CHECK(again.records[i].properties == file.records[i].properties);
    }
  }
}

TEST_CASE("an SD record that is no possible molecule is kept when it is to be judged") {
  const std::string block =
      "five bonds\n  test\n\n  6  5  0  0  0  0  0  0  0  0999 V2000\n"
      "    0.0000    0.0000    0.1000 C   0  0\n    1.0000    0.0000    0.0000 F   0  0\n"
      "   -1.0000    0.0000    0.0000 F   0  0\n    0.0000    1.0000    0.0000 F   0  0\n"
      "    0.0000   -1.0000    0.0000 F   0  0\n    0.0000    0.0000    1.5000 F   0  0\n"
      "  1  2  1  0\n  1  3  1  0\n  1  4  1  0\n  1  5  1  0\n  1  6  1  0\nM  END\n$$$$\n";
  CHECK(parse_molecule_file(block, ".sdf", "a.sdf").records.empty());
  const MoleculeFile judged = parse_molecule_file(block, ".sdf", "a.sdf", to_be_judged());
  REQUIRE(judged.records.size() == 1);
  CHECK(judged.records[0].molecule.atoms.size() == 6);
  CHECK(judged.records[0].molecule.positions.size() == 6);
  CHECK_THROWS_AS(canonical_smiles(judged.records[0].molecule), DataError);
}

TEST_CASE("damaged xyz text never crashes the reader") {
  RandomStream random(2, "xyz");
  const std::string text = kWater + kHydroxide + "1\n\nC 1 2 3\n";
  const std::string alphabet = "0123456789.-eE \n\tnaifHCOX=\"{}*^";
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = text;
    for (int change = 0; change < 4; ++change) {
      const std::size_t place = random.below(damaged.size());
      switch (random.below(3)) {
        case 0:
          damaged[place] = alphabet[random.below(alphabet.size())];
          break;
        case 1:
          damaged.erase(place, random.below(8));
          break;
        default:
          damaged.insert(place, 1, alphabet[random.below(alphabet.size())]);
      }
    }
    const MoleculeFile file = parsed(damaged, round % 2 ? to_be_judged() : MoleculeFileOptions{});
    CHECK(file.row_count == std::ssize(file.records) + std::ssize(file.broken));
  }
}
