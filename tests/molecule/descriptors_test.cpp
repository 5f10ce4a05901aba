// SPDX-License-Identifier: MIT
#include "equigen/molecule/descriptors.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/molecule/smiles.h"
#include "paths.h"

using namespace equigen;

namespace {

using Json = nlohmann::json;

constexpr MoleculeParts kAllButSa = MoleculeParts::statistics | MoleculeParts::properties |
                                    MoleculeParts::physchem | MoleculeParts::fingerprint |
                                    MoleculeParts::fragments | MoleculeParts::scaffold |
                                    MoleculeParts::filters;

const Json& golden_molecules() {
  static const Json molecules = Json::parse(
      read_file(testing::tests_folder() / "data/golden/molecule_descriptors" / "molecules.json"));
  return molecules;
}

Molecule molecule_of(const std::string& smiles) {
  Molecule molecule;
  molecule.atoms = {{}};
  molecule.smiles = smiles;
  return molecule;
}

MoleculeDescriptors described(const Json& golden, MoleculeParts parts) {
  return describe(molecule_of(golden["smiles"].get<std::string>()), parts);
}

std::vector<int> bits_of(const MoleculeDescriptors& found, int length) {
  std::vector<int> bits;
  for (int i = 0; i < 4096; ++i)
    if (found.bits[static_cast<std::size_t>(i / 64)] >> (i % 64) & 1) bits.push_back(i % length);
  std::sort(bits.begin(), bits.end());
  bits.erase(std::unique(bits.begin(), bits.end()), bits.end());
  return bits;
}

FilterOutcome expected_outcome(const Json& golden) {
  if (golden["large_ring"].get<bool>()) return FilterOutcome::large_ring;
  if (!golden["matched"].empty()) return FilterOutcome::pattern;
  return FilterOutcome::passed;
}

}  // namespace

TEST_CASE("golden.molecule_descriptors.numbers: weight, logP, QED and the rest are RDKit's") {
  for (const Json& golden : golden_molecules()) {
    INFO(golden["smiles"]);
    const auto found = described(golden, kAllButSa);
    REQUIRE(found.valid);
    CHECK(found.plain_smiles == golden["plain_smiles"].get<std::string>());
    CHECK(found.weight == Approx(golden["weight"].get<double>()).epsilon(1e-12));
    CHECK(found.logp == Approx(golden["logp"].get<double>()).epsilon(1e-12).margin(1e-12));
    CHECK(found.qed == Approx(golden["qed"].get<double>()).epsilon(1e-12));
    CHECK(found.tpsa == Approx(golden["tpsa"].get<double>()).epsilon(1e-12));
    CHECK(found.bertz == Approx(golden["bertz"].get<double>()).epsilon(1e-10).margin(1e-10));
    CHECK(found.acceptors == golden["acceptors"].get<int>());
    CHECK(found.donors == golden["donors"].get<int>());
    CHECK(found.rotatable_bonds == golden["rotatable_bonds"].get<int>());
    CHECK(found.aliphatic_rings == golden["aliphatic_rings"].get<int>());
    CHECK(found.aromatic_rings == golden["aromatic_rings"].get<int>());
  }
}

TEST_CASE(
    "golden.molecule_descriptors.sa_score: synthetic accessibility is that of Ertl's program") {
  if (const std::string problem = sa_table_problem(); !problem.empty()) {
    WARN("skipped: " << problem);
    return;
  }
  for (const Json& golden : golden_molecules()) {
    INFO(golden["smiles"]);
    const auto found = described(golden, MoleculeParts::sa_score);
    CHECK(found.sa_score == Approx(golden["sa"].get<double>()).epsilon(1e-6));
  }
}

TEST_CASE("golden.molecule_descriptors.parts: bits, fragments and scaffolds are RDKit's") {
  for (const Json& golden : golden_molecules()) {
    INFO(golden["smiles"]);
    const auto found = described(golden, kAllButSa);
    CHECK(bits_of(found, 4096) == golden["bits_4096"].get<std::vector<int>>());
    CHECK(bits_of(found, 1024) == golden["bits"].get<std::vector<int>>());
    auto fragments = found.fragments;
    std::sort(fragments.begin(), fragments.end());
    CHECK(fragments == golden["fragments"].get<std::vector<std::string>>());
    CHECK(found.scaffold == golden["scaffold"].get<std::string>());
    CHECK(found.scaffold_rings == golden["scaffold_rings"].get<int>());
    std::vector<int> rings(found.ring_sizes.begin(), found.ring_sizes.end());
    std::sort(rings.begin(), rings.end());
    CHECK(rings == golden["ring_sizes"].get<std::vector<int>>());
  }
}

TEST_CASE("golden.molecule_descriptors.filters: the same molecules pass the filters of MOSES") {
  for (const Json& golden : golden_molecules()) {
    INFO(golden["smiles"]);
    const auto found = described(golden, MoleculeParts::filters);
    const bool by_atoms = golden["charged"].get<bool>() || golden["other_element"].get<bool>();
    if (by_atoms && !golden["large_ring"].get<bool>())
      CHECK((found.filter == FilterOutcome::charged || found.filter == FilterOutcome::element));
    else
      CHECK(found.filter == expected_outcome(golden));
    if (found.filter == FilterOutcome::pattern)
      CHECK(golden["matched"][0].get<std::string>() == found.filter_pattern);
  }
}

TEST_CASE("what is no molecule has no descriptors") {
  CHECK_FALSE(describe(Molecule{}, kAllButSa).valid);
  Molecule impossible;
  impossible.atoms = {{9, 0}, {9, 0}};
  impossible.bonds = {{0, 1, 3}};
  CHECK_FALSE(describe(impossible, kAllButSa).valid);
}

TEST_CASE("a graph without SMILES is described, its hydrogens folded in") {
  Molecule water;
  water.atoms = {{8, 0}, {1, 0}, {1, 0}};
  water.bonds = {{0, 1, 1}, {0, 2, 1}};
  const auto found = describe(water, kAllButSa);
  CHECK(found.heavy_atoms == 1);
  CHECK(found.weight == Approx(18.015));
  CHECK(found.part_count == 1);
  CHECK(describe(parse_smiles("CC.[Na+].[Cl-]"), kAllButSa).part_count == 3);
}

TEST_CASE("bonds are counted by kind") {
  const auto found = describe(parse_smiles("C#CC=Cc1ccccc1"), MoleculeParts::statistics);
  CHECK(found.bond_counts == std::array<std::int32_t, 4>{2, 1, 1, 6});
}
