// SPDX-License-Identifier: MIT
#include "equigen/molecule/stability.h"

#include <algorithm>
#include <set>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/molecule/bond_classes.h"
#include "equigen/molecule/bond_perception.h"
#include "equigen/molecule/smiles.h"
#include "paths.h"
#include "safetensors_file.h"

using namespace equigen;
using testing::GoldenTensor;

namespace {

std::vector<int> integers(const GoldenTensor& tensor) {
  return {tensor.values.begin(), tensor.values.end()};
}

nlohmann::json json_of(const std::filesystem::path& path) {
  return nlohmann::json::parse(read_file(path));
}

/// The elements that EQGAT-diff's class indices stand for.
constexpr std::array<int, 16> kElements{1, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 33, 35, 53, 80, 83};

}  // namespace

TEST_CASE("golden.pard.metrics_molecules_h: stability and SMILES of molecules of classes") {
  const auto folder = testing::golden_folder("pard");
  const auto tensors = testing::read_golden_tensors(folder / "metrics_molecules_h.safetensors");
  const auto file = json_of(folder / "metrics_molecules_h.json");
  std::vector<int> decoder;
  for (const std::string symbol : file["decoder"]) decoder.push_back(atomic_number_of(symbol));

  std::int64_t count = 0, strict_valid = 0, atoms = 0, stable_atoms = 0, stable = 0;
  std::vector<std::string> relaxed_valid;
  std::vector<double> parts;
  for (; tensors.contains("mol." + std::to_string(count) + ".x"); ++count) {
    const std::string name = "mol." + std::to_string(count);
    INFO(name);
    std::vector<int> elements;
    for (const int index : integers(tensors.at(name + ".x")))
      elements.push_back(decoder.at(static_cast<std::size_t>(index)));
    const std::vector<int> bonds = integers(tensors.at(name + ".e"));
    const auto strict = bond_classes::make(elements, bonds, false);
    const auto relaxed = bond_classes::make(elements, bonds, true);
    const auto& strict_golden = file["smiles_strict"][static_cast<std::size_t>(count)];
    const auto& relaxed_golden = file["smiles_relaxed"][static_cast<std::size_t>(count)];
    CHECK(strict.smiles.value_or("null") == (strict_golden.is_null() ? "null" : strict_golden));
    CHECK(relaxed.smiles.value_or("null") == (relaxed_golden.is_null() ? "null" : relaxed_golden));
    const std::int64_t own = bond_classes::stable_atoms(elements, bonds);
    const auto k = static_cast<std::size_t>(count);
    CHECK(own == tensors.at("result.stable_atoms").integer(k));
    CHECK((own == std::ssize(elements)) == (tensors.at("result.stable_mol").integer(k) == 1));
    atoms += std::ssize(elements);
    stable_atoms += own;
    stable += own == std::ssize(elements);
    strict_valid += strict.smiles.has_value();
    if (relaxed.smiles) relaxed_valid.push_back(*relaxed.smiles);
    if (strict.parts > 0) parts.push_back(static_cast<double>(strict.parts));
  }
  REQUIRE(count > 0);
  const auto result = [&](const char* name) { return file["result"][name][0].get<double>(); };
  const auto share = [](auto part, auto whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
  };
  const std::set<std::string> distinct(relaxed_valid.begin(), relaxed_valid.end());
  std::set<std::string> known;
  for (const std::string smiles : file["train_smiles"]) known.insert(smiles);
  const auto novel =
      std::ranges::count_if(distinct, [&](const auto& s) { return !known.contains(s); });
  CHECK(share(strict_valid, count) == Approx(result("validity")).margin(1e-12));
  CHECK(share(relaxed_valid.size(), count) == Approx(result("relaxed_validity")).margin(1e-12));
  CHECK(share(distinct.size(), relaxed_valid.size()) == Approx(result("uniqueness")).margin(1e-12));
  CHECK(share(novel, distinct.size()) == Approx(result("novelty")).margin(1e-12));
  CHECK(share(stable, count) == Approx(result("mol_stable")).margin(1e-12));
  CHECK(share(stable_atoms, atoms) == Approx(result("atm_stable")).margin(1e-12));
  double sum = 0;
  for (const double one : parts) sum += one;
  CHECK(*std::ranges::max_element(parts) == result("nc_max"));
  CHECK(sum / static_cast<double>(parts.size()) == Approx(result("nc_mu")).margin(1e-12));
}

TEST_CASE("golden.eqgat_diff.stability: legacy and corrected tables") {
  const auto path = testing::golden_folder("eqgat_diff") / "metrics.safetensors";
  if (!std::filesystem::exists(path)) {
    WARN("skipped: " << path << " is not there");
    return;
  }
  const auto tensors = testing::read_golden_tensors(path);
  const auto& ptr = tensors.at("ptr");
  const auto& ends = tensors.at("bond_index");
  const auto bond_count = static_cast<std::size_t>(ends.shape.at(1));
  for (std::size_t m = 0; m + 1 < ptr.values.size(); ++m) {
    INFO("molecule " << m);
    std::int64_t legacy = 0, corrected = 0;
    for (std::int64_t atom = ptr.integer(m); atom < ptr.integer(m + 1); ++atom) {
      BondSum sum;
      for (std::size_t b = 0; b < bond_count; ++b) {
        if (ends.integer(b) != atom && ends.integer(bond_count + b) != atom) continue;
        const auto type = static_cast<int>(tensors.at("bond_types").integer(b));
        if (type == 4)
          ++sum.aromatic_bonds;
        else
          sum.other_orders += type;
      }
      const auto k = static_cast<std::size_t>(atom);
      const int element =
          kElements.at(static_cast<std::size_t>(tensors.at("atom_types").integer(k)));
      const auto charge = static_cast<int>(tensors.at("charges").integer(k));
      legacy += is_stable_atom(StabilityTable::legacy, element, charge, sum);
      corrected += is_stable_atom(StabilityTable::corrected, element, charge, sum);
    }
    CHECK(legacy == tensors.at("per_mol.legacy_n_stable").integer(m));
    CHECK(corrected == tensors.at("per_mol.tuple_n_stable").integer(m));
  }
}

TEST_CASE("golden.eqgat_diff.edm: bond orders by distance") {
  const auto folder = testing::golden_folder("eqgat_diff");
  if (!std::filesystem::exists(folder / "metrics.json")) {
    WARN("skipped: " << folder << " is not there");
    return;
  }
  const auto tensors = testing::read_golden_tensors(folder / "metrics.safetensors");
  std::vector<int> elements;
  const auto file = json_of(folder / "metrics.json");
  for (const std::string symbol : file["edm_elements"])
    elements.push_back(atomic_number_of(symbol));
  const auto& pair = tensors.at("edm.pair");
  const auto& distance = tensors.at("edm.distance");
  const auto& order = tensors.at("edm.order");
  const std::size_t pairs = static_cast<std::size_t>(pair.shape.at(0));
  REQUIRE(order.values.size() % pairs == 0);
  const std::size_t each = order.values.size() / pairs;
  std::size_t wrong = 0;
  for (std::size_t p = 0; p < pairs; ++p) {
    const int first = elements.at(static_cast<std::size_t>(pair.integer(2 * p)));
    const int second = elements.at(static_cast<std::size_t>(pair.integer(2 * p + 1)));
    for (std::size_t d = 0; d < each; ++d) {
      const double length = distance.values.at(distance.values.size() == each ? d : p * each + d);
      wrong += edm_bond_order(first, second, length) != order.integer(p * each + d);
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("stability is counted by atoms and molecules") {
  Molecule water;
  water.atoms = {{8, 0}, {1, 0}, {1, 0}};
  water.bonds = {{0, 1, 1}, {0, 2, 1}};
  water.positions = {{0, 0, 0.119}, {0, 0.763, -0.477}, {0, -0.763, -0.477}};
  for (const auto table : {StabilityTable::legacy, StabilityTable::corrected, StabilityTable::edm,
                           StabilityTable::without_charges}) {
    CHECK(stability_of(water, table).is_stable());
    CHECK(stability_table(name_of(table)) == table);
  }
  water.bonds.pop_back();
  const Stability broken = stability_of(water, StabilityTable::corrected);
  CHECK(broken.stable_atoms == 1);
  CHECK(broken.unstable == std::vector<std::int32_t>{0, 2});
  water.bonds = {{0, 1, 0}, {0, 2, 0}};
  CHECK(stability_of(water, StabilityTable::corrected).stable_atoms == 0);
  CHECK_FALSE(stability_of({}, StabilityTable::legacy).is_stable());
  CHECK_THROWS_AS(stability_of(parse_smiles("CC"), StabilityTable::edm), DataError);
  CHECK_THROWS_AS(stability_table("lagacy"), ConfigError);
}
