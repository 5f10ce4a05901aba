// SPDX-License-Identifier: MIT
#include "equigen/molecule/molecule_files.h"

#include <algorithm>
#include <chrono>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/random.h"
#include "equigen/molecule/smiles.h"
#include "paths.h"

using namespace equigen;

namespace {

MoleculeFile parsed(const std::string& text, const std::string& extension,
                    const MoleculeFileOptions& options = {}) {
  return parse_molecule_file(text, extension, "file" + extension, options);
}

MoleculeRecord record_of(const std::string& smiles, const std::string& name = {}) {
  MoleculeRecord record;
  record.molecule = parse_smiles(smiles);
  record.molecule.name = name;
  return record;
}

}  // namespace

TEST_CASE("a SMILES file has titles, properties, comments and a heading") {
  const auto file = parsed(
      "smiles name\n"
      "# a comment\n"
      "OCC ethyl alcohol mu=1.5\n"
      "\n"
      "C\tmethane\tgap=-2e-3\tvalid_without_correction=1\r\n"
      "CC |c:1| named\n"
      "invalid\t\tvalid_without_correction=0\n"
      "N",
      ".smi");
  REQUIRE(file.records.size() == 5);
  CHECK(file.broken.empty());
  CHECK(file.records[0].molecule.smiles == "CCO");
  CHECK(file.records[0].molecule.name == "ethyl alcohol");
  CHECK(file.records[0].properties == MoleculeProperties{{"mu", 1.5}});
  CHECK(file.records[0].line == 3);
  CHECK(file.records[1].molecule.name == "methane");
  CHECK(file.records[1].properties ==
        MoleculeProperties{{"gap", -2e-3}, {"valid_without_correction", 1}});
  CHECK(file.records[2].molecule.name == "named");
  CHECK(file.records[3].molecule.atoms.empty());
  CHECK(file.records[3].properties == MoleculeProperties{{"valid_without_correction", 0}});
  CHECK(file.records[4].molecule.smiles == "N");
}

TEST_CASE("broken rows of a SMILES file are named and the others are kept in order") {
  std::string text;
  for (int i = 0; i < 1000; ++i)
    text += i % 10 == 3 ? "C1CC\n" : std::string(1 + i % 7, 'C') + "\n";
  const auto file = parsed(text, ".smi");
  CHECK(file.row_count == 1000);
  CHECK(file.records.size() == 900);
  REQUIRE(file.broken.size() == 100);
  CHECK(file.broken[1].row == 13);
  CHECK(file.broken[1].line == 14);
  CHECK_THAT(file.broken[1].reason, ContainsSubstring("unclosed ring"));
  for (const auto& record : file.records)
    CHECK(record.molecule.atoms.size() == static_cast<std::size_t>(1 + record.row % 7));
}

TEST_CASE("a CSV file's SMILES column is found or named") {
  const std::string text = "id,SMILES,logP,note\n7,CCO,-0.3,\"a, b\"\n8,xx,1,\n9,C\n";
  const auto file = parsed(text, ".csv");
  REQUIRE(file.records.size() == 1);
  CHECK(file.records[0].molecule.name == "7");
  CHECK(file.records[0].properties == MoleculeProperties{{"logP", -0.3}});
  REQUIRE(file.broken.size() == 2);
  CHECK(file.broken[0].line == 3);
  CHECK_THAT(file.broken[1].reason, ContainsSubstring("2 fields where the heading has 4"));

  CHECK(parsed("a,b\nC,N\n", ".csv", {"b", false}).records.at(0).molecule.smiles == "N");
  CHECK(parsed("molecule\nC\n", ".csv").records.size() == 1);
  CHECK(parsed("x,SMILES1\n1,C\n", ".csv").records.size() == 1);
  CHECK(parsed("id,structure\nm1,CCO\nm2,C\n", ".csv").records.at(0).molecule.smiles == "CCO");
  CHECK(parsed("id;SMILES;x\n1;CCO;2,5\n", ".csv").records.at(0).molecule.smiles == "CCO");
  CHECK(parsed("id\tsmiles\n1\tCCO\n", ".csv").records.size() == 1);
  CHECK_THROWS_WITH(parsed("a,b\nC,N\n", ".csv"),
                    ContainsSubstring("more than one column") || ContainsSubstring("no column"));
  CHECK_THROWS_AS(parsed("smiles_a,smiles_b\nC,N\n", ".csv"), DataError);
  CHECK_THROWS_AS(parsed("", ".csv"), DataError);
  CHECK_THROWS_WITH(parsed("smiles,b\nC,N\n", ".csv", {"smile", false}),
                    ContainsSubstring("did you mean 'smiles'"));
}

TEST_CASE("molecules survive the way through a SMILES file") {
  std::vector<MoleculeRecord> records = {record_of("OCC", "first\tof all"), record_of("C[C@H](N)O"),
                                         MoleculeRecord{}};
  records[1].properties = {{"gap", 0.1}, {"x", 1e-5}};
  records[2].properties = {{"valid_without_correction", 0}};
  const testing::TemporaryFolder folder;
  for (const char* name : {"a.smi", "b.smi.gz"}) {
    write_molecule_file(folder / name, records);
    const auto file = read_molecule_file(folder / name);
    REQUIRE(file.records.size() == 3);
    CHECK(file.records[0].molecule.smiles == "CCO");
    CHECK(file.records[0].molecule.name == "first of all");
    CHECK(file.records[1].molecule == records[1].molecule);
    CHECK(file.records[1].properties == records[1].properties);
    CHECK(file.records[2].molecule.atoms.empty());
    CHECK(file.records[2].properties == records[2].properties);
  }
}

TEST_CASE("molecules survive the way through an SD file") {
  std::vector<MoleculeRecord> records = {record_of("OCC", "ethanol"), record_of("C[C@H](N)O"),
                                         record_of("c1ccccc1C(=O)[O-]"), MoleculeRecord{}};
  records[0].properties = {{"gap", 0.1}};
  const testing::TemporaryFolder folder;
  write_molecule_file(folder / "a.sdf.gz", records);
  const auto file = read_molecule_file(folder / "a.sdf.gz");
  CHECK(file.broken.empty());
  REQUIRE(file.records.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(file.records[i].molecule == records[i].molecule);
    CHECK(file.records[i].properties == records[i].properties);
  }
}

TEST_CASE("an SD file keeps 3-D positions and, when asked, hydrogens") {
  Molecule water;
  water.atoms = {{8, 0}, {1, 0}, {1, 0}};
  water.bonds = {{0, 1, 1}, {0, 2, 1}};
  water.positions = {{0, 0, 0.12}, {0, 0.76, -0.48}, {0, -0.76, -0.48}};
  const std::string text = sdf_record(water, {});
  const auto all = parsed(text, ".sdf", {"", true});
  REQUIRE(all.records.size() == 1);
  CHECK(all.records[0].molecule.atoms == water.atoms);
  CHECK(all.records[0].molecule.bonds == water.bonds);
  CHECK(all.records[0].molecule.positions[1][1] == Approx(0.76));
  CHECK(all.records[0].molecule.smiles == "O");
  const auto heavy = parsed(text, ".sdf");
  CHECK(heavy.records.at(0).molecule.atoms.size() == 1);
  CHECK(heavy.records.at(0).molecule.positions.size() == 1);
}

TEST_CASE("damaged SD records are named, whole ones kept") {
  const std::string good = sdf_record(parse_smiles("CCO"), {});
  std::string cut = good.substr(0, good.find("M  END"));
  std::string wrong = good;
  wrong.replace(wrong.find("V2000"), 5, "V9000");
  std::string windows;
  for (const char c : good) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const auto file = parsed(good + wrong + good + windows + cut, ".sdf");
  CHECK(file.records.size() == 3);
  REQUIRE(file.broken.size() == 2);
  CHECK(file.broken[0].row == 1);
  CHECK_THAT(file.broken[1].reason, ContainsSubstring("cut off"));
  CHECK(parsed("", ".sdf").row_count == 0);
  CHECK(parsed("garbage\n$$$$\n$$$$\n", ".sdf").broken.size() == 2);
}

TEST_CASE("files with damaged bytes are read to the end, whatever they hold") {
  RandomStream random(11, "damaged files");
  const std::string smi = "CC(=O)O acid x=1\nc1ccccc1\tbenzene\nC[C@H](N)O\n[NH4+]\n";
  const std::string csv = "smiles,x\n\"CCO\",1\nc1ccncc1,2\n";
  const std::string sdf =
      sdf_record(parse_smiles("CC(=O)Nc1ccccc1"), {}) + sdf_record(parse_smiles("OCC[NH3+]"), {});
  for (const auto& [whole, extension] :
       {std::pair(smi, ".smi"), std::pair(csv, ".csv"), std::pair(sdf, ".sdf")}) {
    for (int trial = 0; trial < 150; ++trial) {
      std::string text = whole;
      for (std::uint64_t changes = 1 + random.below(4); changes > 0; --changes)
        text[random.below(text.size())] = static_cast<char>(random.below(128));
      text.resize(text.size() - random.below(text.size() / 3));
      try {
        const auto file = parsed(text, extension);
        CHECK(file.row_count == std::ssize(file.records) + std::ssize(file.broken));
      } catch (const DataError&) {
        CHECK(std::string(extension) == ".csv");  // a heading without SMILES
      }
    }
  }
}

TEST_CASE("files that are missing or of another format are refused") {
  const testing::TemporaryFolder folder;
  CHECK_THROWS_AS(read_molecule_file(folder / "none.smi"), DataError);
  CHECK_THROWS_AS(parsed("C", ".pdb"), DataError);
  CHECK_THROWS_AS(write_molecule_file(folder / "a.csv", std::vector<MoleculeRecord>{}),
                  ConfigError);
}

TEST_CASE("all molecules of QM9 are read", "[slow]") {
  const auto folder = testing::data_beside_checkout("qm9");
  if (!folder) {
    WARN("skipped: the data set qm9 is not beside the checkout");
    return;
  }
  const auto start = std::chrono::steady_clock::now();
  const auto file = read_molecule_file(*folder / "qm9.smi.gz");
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  CHECK(file.broken.empty());
  CHECK(file.records.size() == 133885);
  std::vector<std::string> smiles;
  for (const auto& record : file.records) smiles.push_back(record.molecule.smiles);
  std::sort(smiles.begin(), smiles.end());
  CHECK(std::unique(smiles.begin(), smiles.end()) - smiles.begin() == 133798);
  UNSCOPED_INFO("read in " << seconds.count() << " s");
  CHECK(seconds.count() < 120);
}
