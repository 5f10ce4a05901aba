// SPDX-License-Identifier: MIT
#include "equigen/molecule/geometry_checks.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/molecule/conformer_energy.h"
#include "equigen/molecule/molecule_files.h"
#include "equigen/molecule/smiles.h"
#include "paths.h"
#include "safetensors_file.h"

using namespace equigen;

namespace {

/// The molecules of the golden file with their unrounded positions, and what the reference says.
struct Golden {
  std::vector<Molecule> molecules;
  nlohmann::json rows;
  std::map<std::string, testing::GoldenTensor> tensors;
};

Golden golden() {
  const auto folder = testing::golden_folder("geometry_checks");
  Golden result;
  result.tensors = testing::read_golden_tensors(folder / "geometry_checks.safetensors");
  result.rows = nlohmann::json::parse(read_file(folder / "geometry_checks.json"))["rows"];
  MoleculeFileOptions options;
  options.keep_hydrogens = true;
  const auto& ptr = result.tensors.at("ptr");
  const auto& positions = result.tensors.at("positions").values;
  for (auto& record : read_molecule_file(folder / "geometry_checks.sdf", options).records) {
    const auto first = static_cast<std::size_t>(ptr.integer(result.molecules.size()));
    for (std::size_t i = 0; i < record.molecule.positions.size(); ++i)
      for (std::size_t axis = 0; axis < 3; ++axis)
        record.molecule.positions[i][axis] = positions.at(3 * (first + i) + axis);
    result.molecules.push_back(std::move(record.molecule));
  }
  return result;
}

void check_number(std::optional<double> own, const nlohmann::json& golden, double tolerance) {
  CHECK(own.has_value() == !golden.is_null());
  if (own && !golden.is_null()) CHECK(*own == Approx(golden.get<double>()).margin(tolerance));
}

void check_distances(std::vector<double> own, const nlohmann::json& golden) {
  auto expected = golden.get<std::vector<double>>();
  std::ranges::sort(own);
  std::ranges::sort(expected);
  REQUIRE(own.size() == expected.size());
  for (std::size_t i = 0; i < own.size(); ++i) CHECK(own[i] == Approx(expected[i]).margin(1e-5));
}

}  // namespace

TEST_CASE("golden.geometry_checks.bounds: bounds of distance geometry") {
  const Golden file = golden();
  for (std::size_t k = 0; file.tensors.contains("bounds." + std::to_string(k)); ++k) {
    const auto& expected = file.tensors.at("bounds." + std::to_string(k)).values;
    const std::size_t each = file.molecules.size() / 8;
    const auto own = distance_bounds(file.molecules.at(k * each), true);
    REQUIRE(own.size() == expected.size());
    double worst = 0;
    const auto n = static_cast<std::size_t>(std::lround(std::sqrt(own.size())));
    for (std::size_t i = 0; i < own.size(); ++i)
      if (i / n != i % n) worst = std::max(worst, std::abs(own[i] - expected[i]));
    INFO("molecule " << k);
    CHECK(worst < 1e-4);
  }
}

TEST_CASE("golden.geometry_checks.distances: bonds, angles and contacts") {
  const Golden file = golden();
  REQUIRE(file.molecules.size() == file.rows.size());
  for (std::size_t i = 0; i < file.molecules.size(); ++i) {
    const auto& row = file.rows[i];
    INFO(row["name"]);
    const GeometryChecks checks = check_geometry(file.molecules[i]);
    const DistanceChecks& own = checks.distances;
    CHECK(own.bonds == row["number_bonds"]);
    CHECK(own.short_bonds == row["number_short_outlier_bonds"]);
    CHECK(own.long_bonds == row["number_long_outlier_bonds"]);
    CHECK(own.angles == row["number_angles"]);
    CHECK(own.outlier_angles == row["number_outlier_angles"]);
    CHECK(own.contacts == row["number_noncov_pairs"]);
    CHECK(own.clashes == row["number_clashes"]);
    check_number(own.shortest_bond, row["shortest_bond_relative_length"], 1e-4);
    check_number(own.longest_bond, row["longest_bond_relative_length"], 1e-4);
    check_number(own.extreme_angle, row["most_extreme_relative_angle"], 1e-4);
    check_number(own.nearest_contact, row["shortest_noncovalent_relative_distance"], 1e-4);
    CHECK(checks.bond_lengths == row["bond_lengths_within_bounds"]);
    CHECK(checks.bond_angles == row["bond_angles_within_bounds"]);
    CHECK(checks.no_clash == row["no_internal_clash"]);
  }
}

TEST_CASE("golden.geometry_checks.planes: flat rings and double bonds") {
  const Golden file = golden();
  for (std::size_t i = 0; i < file.molecules.size(); ++i) {
    const auto& row = file.rows[i];
    INFO(row["name"]);
    const GeometryChecks checks = check_geometry(file.molecules[i]);
    check_distances(checks.aromatic_rings.distances, row["aromatic_flat.abs_distances"]);
    check_distances(checks.double_bonds.distances, row["double_bond_flat.abs_distances"]);
    check_distances(checks.saturated_rings.distances, row["ring_nonflat.abs_distances"]);
    CHECK(checks.valences == row["passes_valence_checks"]);
    CHECK(checks.kekulises == row["passes_kekulization"]);
    CHECK(checks.sanitises == row["passes_rdkit_sanity_checks"]);
    CHECK(checks.connected == row["all_atoms_connected"]);
    CHECK(checks.no_radicals == row["no_radicals"]);
    CHECK(checks.round_trip);
  }
}

TEST_CASE("golden.geometry_checks.energies: UFF and MMFF94 single points") {
  const Golden file = golden();
  for (std::size_t i = 0; i < file.molecules.size(); ++i) {
    const auto& row = file.rows[i];
    INFO(row["name"]);
    CHECK(uff_energy(file.molecules[i]).value() ==
          Approx(row["uff_energy"].get<double>()).epsilon(1e-3));
    CHECK(mmff94_energy(file.molecules[i]).value() ==
          Approx(row["mmff94_energy"].get<double>()).epsilon(1e-3));
  }
}

TEST_CASE("a noisy molecule relaxes far, a relaxed one stays") {
  const Golden file = golden();
  const auto far = relax(file.molecules.at(2));
  REQUIRE(far);
  CHECK(far->used_mmff94);
  CHECK(far->energy_after < far->energy_before);
  CHECK(far->bond_deviation > 0.05);
  CHECK(far->rmsd > 0.1);
  const auto near = relax(far->relaxed);
  REQUIRE(near);
  CHECK(near->energy_before - near->energy_after < 0.1);
  CHECK(near->bond_deviation < 1e-2);
  CHECK(near->rmsd < 0.05);
}

TEST_CASE("the mean energy of an ensemble is near that of the relaxed molecule") {
  const Golden file = golden();
  const auto energy = mean_ensemble_energy(file.molecules.at(0), {.conformers = 3});
  REQUIRE(energy);
  CHECK(*energy == Approx(file.rows[0]["ensemble_avg_energy"].get<double>()).epsilon(0.05));
}

TEST_CASE("molecules that are none fail their checks with names") {
  CHECK_FALSE(check_geometry({}).all_pass());
  Molecule methane = parse_smiles("C");
  CHECK(check_geometry(methane).sanitises);
  CHECK_FALSE(check_geometry(methane).has_positions);
  methane.positions = {{0, std::numeric_limits<double>::quiet_NaN(), 0}};
  CHECK_FALSE(check_geometry(methane).has_positions);
  methane.positions = {{0, 0, 0}};
  CHECK(check_geometry(methane).all_pass());
  Molecule two;
  two.atoms = {{6, 0}, {6, 0}};
  two.positions = {{0, 0, 0}, {5, 0, 0}};
  CHECK(check_geometry(two).failures() == "connected");
  two.bonds = {{0, 1, 0}};
  CHECK_FALSE(check_geometry(two).sanitises);
  two.bonds = {{0, 1, 1}};
  CHECK(check_geometry(two).failures() == "bond_lengths");
}
