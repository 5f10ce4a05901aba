// SPDX-License-Identifier: MIT
#include "equigen/molecule/generated_molecule.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/random.h"
#include "equigen/molecule/smiles.h"
#include "paths.h"

using namespace equigen;

namespace {

struct Input {
  std::vector<int> atoms;
  std::vector<int> orders;
};

Input input_of(const nlohmann::json& line) {
  Input input{line["atoms"].get<std::vector<int>>(), {}};
  const std::size_t n = input.atoms.size();
  input.orders.assign(n * n, 0);
  for (const auto& bond : line["bonds"]) {
    const auto begin = bond[0].get<std::size_t>();
    const auto end = bond[1].get<std::size_t>();
    input.orders[begin * n + end] = input.orders[end * n + begin] = bond[2].get<int>();
  }
  return input;
}

std::vector<std::vector<int>> triples(const std::vector<Bond>& bonds) {
  std::vector<std::vector<int>> result;
  for (const Bond& bond : bonds) result.push_back({bond.begin, bond.end, bond.order});
  return result;
}

void check_line(const nlohmann::json& line) {
  const Input input = input_of(line);
  const Molecule built = generated_molecule::build(input.atoms, input.orders);
  std::vector<int> charges;
  for (const Atom& atom : built.atoms) charges.push_back(atom.formal_charge);
  CHECK(charges == line["charges"].get<std::vector<int>>());
  CHECK(triples(built.bonds) == line["bonds"].get<std::vector<std::vector<int>>>());
  CHECK(generated_molecule::valid_without_correction(built) ==
        line["valid_without_correction"].get<bool>());
  const Molecule corrected = generated_molecule::correct(built);
  CHECK(triples(corrected.bonds) == line["bonds_corrected"].get<std::vector<std::vector<int>>>());
  CHECK(canonical_smiles(corrected) ==
        canonical_smiles(line["smiles_corrected"].get<std::string>(), false));
  const auto finished = generated_molecule::finish(corrected);
  REQUIRE(finished.has_value() == !line["smiles_final"].is_null());
  if (finished)
    CHECK(finished->smiles == canonical_smiles(line["smiles_final"].get<std::string>(), false));
}

}  // namespace

TEST_CASE("golden.gdss.molecule_post: building, correction and largest part") {
  int lines = 0;
  read_lines(testing::golden_folder("gdss") / "molecule_post.jsonl",
             [&](std::string_view text, std::int64_t) {
               const auto line = nlohmann::json::parse(text);
               if (line.contains("error")) return true;
               INFO("set " << line["set"] << ", item " << line["i"]);
               check_line(line);
               ++lines;
               return true;
             });
  CHECK(lines > 0);
}

TEST_CASE("a nitrogen with four bonds is charged, a carbon with five is not") {
  const std::vector<int> ammonium = {7, 6, 6, 6, 6};
  std::vector<int> orders(25, 0);
  for (std::size_t i = 1; i < 5; ++i) orders[i * 5] = 1;
  const Molecule built = generated_molecule::build(ammonium, orders);
  CHECK(built.atoms[0].formal_charge == 1);
  CHECK(generated_molecule::valid_without_correction(built));
  CHECK(generated_molecule::make(ammonium, orders).molecule.smiles == "C[N+](C)(C)C");

  const std::vector<int> carbons(6, 6);
  std::vector<int> star(36, 0);
  for (std::size_t i = 1; i < 6; ++i) star[i * 6] = 1;
  const auto outcome = generated_molecule::make(carbons, star);
  CHECK_FALSE(outcome.valid_without_correction);
  CHECK(outcome.molecule.smiles == "CC(C)(C)C");
}

TEST_CASE("nothing generated is a molecule without atoms") {
  const auto outcome = generated_molecule::make({}, {});
  CHECK(outcome.molecule.atoms.empty());
  CHECK(outcome.valid_without_correction);
}

TEST_CASE("generated arrays that do not fit are refused") {
  const std::vector<int> atoms = {6, 8};
  CHECK_THROWS_AS(generated_molecule::build(atoms, std::vector<int>{0, 1}), DataError);
  CHECK_THROWS_AS(generated_molecule::build(atoms, std::vector<int>{0, 4, 4, 0}), DataError);
  CHECK_THROWS_AS(generated_molecule::build(atoms, std::vector<int>{0, -1, -1, 0}), DataError);
  CHECK_THROWS_AS(generated_molecule::build(std::vector<int>{6, 119}, std::vector<int>{0, 1, 1, 0}),
                  DataError);
  Molecule impossible;
  impossible.atoms = {{6, 100}};
  CHECK_THROWS_AS(generated_molecule::correct(impossible), DataError);
}

TEST_CASE("any random bond matrix ends as a molecule that is read again unchanged") {
  RandomStream random(7, "random molecules");
  const int elements[] = {6, 7, 8, 9, 15, 16, 17};
  for (int trial = 0; trial < 300; ++trial) {
    const std::size_t n = 1 + random.below(12);
    std::vector<int> atoms(n), orders(n * n, 0);
    for (int& atom : atoms) atom = elements[random.below(7)];
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j)
        orders[i * n + j] = orders[j * n + i] =
            random.below(3) == 0 ? static_cast<int>(random.below(4)) : 0;
    const auto outcome = generated_molecule::make(atoms, orders);
    REQUIRE_FALSE(outcome.molecule.atoms.empty());
    CHECK(generated_molecule::valid_without_correction(outcome.molecule));
    CHECK(canonical_smiles(outcome.molecule) == canonical_smiles(outcome.molecule.smiles, false));
  }
}
