// SPDX-License-Identifier: MIT
#include "equigen/molecule/bond_perception.h"

#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/parallel.h"
#include "equigen/base/random.h"
#include "equigen/molecule/molecule_files.h"
#include "equigen/molecule/smiles.h"
#include "paths.h"

using namespace equigen;

namespace {

Molecule atoms_only(Molecule molecule) {
  molecule.bonds.clear();
  molecule.smiles.clear();
  for (Atom& atom : molecule.atoms) atom.formal_charge = 0;
  return molecule;
}

int charge_of(const Molecule& molecule) {
  int charge = 0;
  for (const Atom& atom : molecule.atoms) charge += atom.formal_charge;
  return charge;
}

std::string smiles_or_reason(const Molecule& molecule) {
  try {
    return canonical_smiles(molecule);
  } catch (const DataError& error) {
    return error.message();
  }
}

std::string perceived_smiles(const Molecule& molecule, int charge = 0) {
  try {
    return canonical_smiles(with_perceived_bonds(molecule, charge));
  } catch (const DataError& error) {
    return error.message();
  }
}

struct Agreement {
  std::int64_t count = 0;
  std::int64_t same = 0;
  double seconds = 0;
};

/// Whether a source gives bonds that leave room for hydrogens it does not list: then they are
/// wrong.
bool has_hidden_hydrogens(const Molecule& molecule) {
  std::vector<int> sum(molecule.atoms.size(), 0);
  for (const Bond& bond : molecule.bonds) {
    sum[static_cast<std::size_t>(bond.begin)] += bond.order;
    sum[static_cast<std::size_t>(bond.end)] += bond.order;
  }
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const Atom& atom = molecule.atoms[i];
    if (atom.formal_charge != 0) continue;
    if (atom.atomic_number == 6 && sum[i] < 4) return true;
    if (atom.atomic_number == 7 && sum[i] < 3) return true;
    if (atom.atomic_number == 8 && sum[i] < 2) return true;
  }
  return false;
}

/// Strips the bonds of a file's molecules, perceives them, and counts those that come back.
Agreement agreement_of(const std::filesystem::path& path) {
  const MoleculeFile file = read_molecule_file(path, {.smiles_column = {}, .keep_hydrogens = true});
  std::vector<std::string> found(file.records.size());
  const auto start = std::chrono::steady_clock::now();
  parallel_for(std::ssize(file.records), [&](std::int64_t i) {
    const Molecule& molecule = file.records[static_cast<std::size_t>(i)].molecule;
    found[static_cast<std::size_t>(i)] =
        perceived_smiles(atoms_only(molecule), charge_of(molecule));
  });
  Agreement result;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (has_hidden_hydrogens(file.records[i].molecule)) continue;
    const std::string truth = smiles_or_reason(file.records[i].molecule);
    ++result.count;
    result.same += found[i] == truth;
    if (found[i] != truth) UNSCOPED_INFO(truth << " came back as " << found[i]);
  }
  return result;
}

/// Atoms from "C 0 0 0 H 1.09 0 0 ...".
Molecule placed(std::initializer_list<std::pair<int, std::array<double, 3>>> atoms) {
  Molecule molecule;
  for (const auto& [element, position] : atoms) {
    molecule.atoms.push_back({static_cast<std::uint8_t>(element), 0});
    molecule.positions.push_back(position);
  }
  return molecule;
}

}  // namespace

TEST_CASE("bonds stripped from molecules with force-field geometries come back", "[slow]") {
  const auto folder = testing::data_beside_checkout("qm9_conformers");
  if (!folder) {
    WARN("skipped: qm9_conformers is not beside the checkout");
    return;
  }
  for (const char* name : {"test.sdf.gz", "val.sdf.gz", "train_0.sdf.gz", "train_1.sdf.gz",
                           "train_2.sdf.gz", "train_3.sdf.gz"}) {
    const Agreement agreement = agreement_of(*folder / name);
    WARN(name << ": " << agreement.same << " of " << agreement.count << " in " << agreement.seconds
              << " s");
    CHECK(static_cast<double>(agreement.same) > 0.99 * static_cast<double>(agreement.count));
  }
}

TEST_CASE("bonds stripped from molecules with quantum-chemistry geometries come back", "[slow]") {
  const auto folder = testing::data_beside_checkout("gdb1k");
  if (!folder) {
    WARN("skipped: gdb1k is not beside the checkout");
    return;
  }
  const Agreement agreement = agreement_of(*folder / "gdb1k.sdf.gz");
  WARN(agreement.same << " of " << agreement.count << " in " << agreement.seconds << " s");
  CHECK(static_cast<double>(agreement.same) > 0.99 * static_cast<double>(agreement.count));
}

TEST_CASE("small molecules and ions get their bonds, orders and charges") {
  const auto water =
      placed({{8, {0, 0, 0.119}}, {1, {0, 0.763, -0.477}}, {1, {0, -0.763, -0.477}}});
  CHECK(perceived_smiles(water) == "O");
  CHECK(perceived_smiles(placed({{1, {0, 0, 0}}, {1, {0.74, 0, 0}}})) == "[H][H]");
  CHECK(perceived_smiles(placed({{8, {-1.16, 0, 0}}, {6, {0, 0, 0}}, {8, {1.16, 0, 0}}})) ==
        "O=C=O");
  CHECK(perceived_smiles(placed({{7, {0, 0, 0}}, {7, {1.1, 0, 0}}})) == "N#N");
  CHECK(perceived_smiles(placed({{6, {0, 0, 0}}, {8, {1.13, 0, 0}}})) == "[C-]#[O+]");
  const auto hydroxide = placed({{8, {0, 0, 0}}, {1, {0.97, 0, 0}}});
  CHECK(perceived_smiles(hydroxide, -1) == "[OH-]");
  CHECK_THAT(perceived_smiles(hydroxide), ContainsSubstring("charge"));
  CHECK(perceived_smiles(placed({{17, {0, 0, 0}}, {11, {9, 0, 0}}})) == "[Cl-].[Na+]");
}

TEST_CASE("what is no molecule is refused with the reason") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THAT(perceived_smiles(placed({{6, {0, 0, 0}}, {6, {1.5, nan, 0}}})),
             ContainsSubstring("not finite"));
  CHECK_THAT(perceived_smiles(placed({{6, {0, 0, 0}}, {6, {0.1, 0, 0}}})),
             ContainsSubstring("apart"));
  CHECK_THAT(perceived_smiles(placed({{6, {0, 0, 0}}, {6, {1.5, 0, 0}}})),
             ContainsSubstring("hydrogens may be missing"));
  CHECK_THAT(perceived_smiles(placed({{92, {0, 0, 0}}})), ContainsSubstring("no valences"));
  Molecule huge;
  huge.atoms.resize(kLargestPerceivedMolecule + 1);
  huge.positions.resize(huge.atoms.size());
  CHECK_THAT(perceived_smiles(huge), ContainsSubstring("more than"));
}

TEST_CASE("perception of random clouds of atoms ends quickly") {
  RandomStream random(1, "clouds");
  const auto start = std::chrono::steady_clock::now();
  for (int round = 0; round < 200; ++round) {
    Molecule cloud;
    const double edge = 1 + 12 * random.uniform();
    for (int i = 0; i < 60; ++i) {
      constexpr std::array<std::uint8_t, 6> elements{1, 6, 7, 8, 15, 16};
      cloud.atoms.push_back({elements[random.below(elements.size())], 0});
      cloud.positions.push_back(
          {edge * random.uniform(), edge * random.uniform(), edge * random.uniform()});
    }
    perceived_smiles(cloud);
  }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
}

TEST_CASE("a sheet of sixty carbon atoms is perceived or refused, never endless") {
  Molecule sheet;
  for (int row = 0; row < 30; ++row) {
    for (int column = 0; column < 60; ++column) {
      const bool up = (row + column) % 2 == 0;
      sheet.atoms.push_back({6, 0});
      sheet.positions.push_back({1.23 * column, 2.13 * row + (up ? 0.355 : -0.355), 0});
    }
  }
  const auto start = std::chrono::steady_clock::now();
  CHECK_FALSE(perceived_smiles(sheet).empty());
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}
