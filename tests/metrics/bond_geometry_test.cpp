// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/bond_geometry.h"

#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/molecule/descriptors.h"
#include "paths.h"
#include "safetensors_file.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

using GoldenTensors = std::map<std::string, GoldenTensor>;

/// The elements of the published tables.
constexpr std::array<std::uint8_t, 16> kElements{1,  5,  6,  7,  8,  9,  13, 14,
                                                 15, 16, 17, 33, 35, 53, 80, 83};

/// Molecules with bonds of the kinds 1 to 4, aromatic ones not kekulised.
BondGeometry geometry_of_golden(const GoldenTensors& tensors) {
  const auto at = [&](const char* name, std::size_t i) { return tensors.at(name).values.at(i); };
  const auto molecules = tensors.at("ptr").values.size() - 1;
  const auto bonds = tensors.at("bond_types").values.size();
  BondGeometry geometry;
  for (std::size_t m = 0; m < molecules; ++m) {
    const auto first = static_cast<std::size_t>(at("ptr", m));
    const auto last = static_cast<std::size_t>(at("ptr", m + 1));
    Molecule molecule;
    std::vector<std::uint8_t> kinds;
    for (std::size_t i = first; i < last; ++i) {
      const auto element = static_cast<std::size_t>(at("atom_types", i));
      molecule.atoms.push_back({kElements.at(element), 0});
      molecule.positions.push_back(
          {at("positions", 3 * i), at("positions", 3 * i + 1), at("positions", 3 * i + 2)});
    }
    for (std::size_t k = 0; k < bonds; ++k) {
      const auto begin = static_cast<std::size_t>(at("bond_index", k));
      const auto end = static_cast<std::size_t>(at("bond_index", bonds + k));
      if (begin < first || begin >= last) continue;
      kinds.push_back(static_cast<std::uint8_t>(at("bond_types", k)));
      molecule.bonds.push_back({static_cast<std::int32_t>(begin - first),
                                static_cast<std::int32_t>(end - first), kinds.back()});
    }
    geometry.add(molecule, kinds);
  }
  return geometry;
}

/// The published table of a data set's part.
BondGeometry table_of(const GoldenTensors& tables, const std::string& prefix) {
  BondGeometry geometry;
  const auto fill = [](const GoldenTensor& rows, std::size_t row, Histogram& histogram) {
    const auto width = static_cast<std::size_t>(rows.shape.at(1));
    for (std::size_t k = 0; k < width; ++k)
      if (const double share = rows.values.at(row * width + k); share > 0)
        histogram[static_cast<std::int64_t>(k)] = share;
  };
  for (std::size_t kind = 0; kind < BondGeometry::kKinds; ++kind) {
    geometry.pairs[kind] = tables.at(prefix + "bond_types").values.at(kind);
    if (kind > 0) fill(tables.at(prefix + "bond_lengths"), kind - 1, geometry.lengths[kind]);
  }
  const GoldenTensor& valencies = tables.at(prefix + "valency");
  const auto width = static_cast<std::size_t>(valencies.shape.at(1));
  for (std::size_t k = 0; k < kElements.size(); ++k) {
    const double share = tables.at(prefix + "atom_types").values.at(k);
    if (share == 0) continue;
    geometry.elements[kElements[k]] = share;
    geometry.of_few_bonds[kElements[k]] =
        share * (valencies.values.at(k * width) + valencies.values.at(k * width + 1));
    fill(tables.at(prefix + "angles"), k, geometry.angles[kElements[k]]);
  }
  return geometry;
}

Molecule bent(double angle, double length) {
  const double radian = angle * 3.14159265358979 / 180;
  Molecule water;
  water.atoms = {{8, 0}, {1, 0}, {1, 0}};
  water.bonds = {{0, 1, 1}, {0, 2, 1}};
  water.positions = {
      {0, 0, 0}, {length, 0, 0}, {length * std::cos(radian), length * std::sin(radian), 0}};
  return water;
}

}  // namespace

TEST_CASE("golden.eqgat_diff.bond_lengths_and_angles") {
  const auto folder = golden_folder("eqgat_diff");
  if (!std::filesystem::exists(folder / "dataset_statistics.safetensors")) {
    WARN("skipped: the tables of EQGAT-diff are not beside the checkout");
    return;
  }
  const auto stored = nlohmann::json::parse(read_file(folder / "metrics.json"));
  const auto tables = read_golden_tensors(folder / "dataset_statistics.safetensors");
  const BondGeometry generated =
      geometry_of_golden(read_golden_tensors(folder / "metrics.safetensors"));
  int cases = 0;
  for (const std::string dataset : {"geom", "qm9"}) {
    const std::string name = dataset + "_fresh";
    if (!stored.at("accumulated").contains(name)) continue;
    INFO(name);
    ++cases;
    const auto& lengths = stored.at("accumulated").at(name);
    const BondGeometry reference = table_of(tables, dataset + ".val.");
    CHECK(bond_length_distance(generated, reference) ==
          Approx(lengths.at("BondLengthsW1").get<double>()).margin(1e-6));
    const auto parts = bond_length_distances(generated, reference);
    for (std::size_t kind = 1; kind < BondGeometry::kKinds; ++kind) {
      const double part = lengths.at("per_class").at(kind - 1).get<double>();
      CHECK(parts[kind].has_value() == (part >= 0));
      if (parts[kind]) CHECK(*parts[kind] == Approx(part).margin(1e-5));
    }
    CHECK(bond_angle_distance(generated, reference) ==
          Approx(stored.at("aggregate").at(name).at("AnglesW1").get<double>()).margin(1e-3));
  }
  CHECK(cases > 0);
}

TEST_CASE("bond lengths and angles are as far apart as they were moved") {
  const std::vector<Sample> generated{{bent(110, 1.00), {}}, {bent(112, 1.00), {}}};
  const std::vector<Sample> reference{{bent(104, 0.96), {}}};
  const auto values =
      MoleculeBondGeometry(MoleculeBondGeometry::Config()).compute({generated, reference, {}});
  REQUIRE(values.size() == 2);
  // Two of three pairs are bonds.
  CHECK(values[0].name == "d_bond_lengths");
  CHECK(values[0].value == Approx(0.04 * 2 / 3));
  CHECK(values[0].note == "single 0.04 Å");
  CHECK(values[1].value == Approx(7).epsilon(1e-3));
  CHECK(values[1].sample_count == 2);
  const auto same =
      MoleculeBondGeometry(MoleculeBondGeometry::Config()).compute({reference, reference, {}});
  CHECK(same[0].value == 0);
  CHECK(same[1].value == 0);
}

TEST_CASE("molecules without positions have no bond lengths") {
  Molecule flat = bent(104, 0.96);
  flat.positions.clear();
  const std::vector<Sample> none{{flat, {}}}, some{{bent(104, 0.96), {}}, {flat, {}}};
  const MoleculeBondGeometry metric{MoleculeBondGeometry::Config()};
  CHECK_THROWS_AS(metric.compute({none, some, {}}), DataError);
  CHECK_THROWS_AS(metric.compute({some, none, {}}), DataError);
  const auto values = metric.compute({some, some, {}});
  CHECK(values[0].sample_count == 1);
  CHECK(values[0].protocol.find("1 without positions left out") != std::string::npos);
}

TEST_CASE("atoms that coincide or are not finite do not break the histograms") {
  Molecule broken = bent(104, 0.96);
  broken.positions[1] = {0, 0, 0};
  Molecule far = bent(104, 0.96);
  far.positions[2] = {std::numeric_limits<double>::quiet_NaN(), 1e300, 0};
  const std::vector<Sample> generated{{broken, {}}, {far, {}}}, reference{{bent(104, 0.96), {}}};
  for (const MetricValue& value :
       MoleculeBondGeometry(MoleculeBondGeometry::Config()).compute({generated, reference, {}}))
    CHECK(std::isfinite(value.value));
}

TEST_CASE("bonds of benzene are aromatic, of what does not sanitise as they are written") {
  Molecule benzene;
  for (int k = 0; k < 6; ++k) {
    benzene.atoms.push_back({6, 0});
    benzene.bonds.push_back({k, (k + 1) % 6, static_cast<std::uint8_t>(1 + k % 2)});
  }
  CHECK(bond_kinds(benzene) == std::vector<std::uint8_t>(6, kAromaticBond));
  benzene.atoms[0].atomic_number = 9;
  CHECK(bond_kinds(benzene) == std::vector<std::uint8_t>{1, 2, 1, 2, 1, 2});
}
