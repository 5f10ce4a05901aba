// SPDX-License-Identifier: MIT
#include "equigen/crystal/matching/structure_groups.h"

#include <algorithm>

#include "catch.h"
#include "crystal/golden_crystals.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

std::vector<std::optional<PreparedCrystal>> prepare_all(const std::vector<Crystal>& crystals) {
  std::vector<std::optional<PreparedCrystal>> result;
  for (const Crystal& crystal : crystals) result.push_back(prepared_crystal(crystal));
  return result;
}

std::vector<const PreparedCrystal*> pointers_to(
    const std::vector<std::optional<PreparedCrystal>>& crystals) {
  std::vector<const PreparedCrystal*> result;
  for (const auto& crystal : crystals) result.push_back(crystal ? &*crystal : nullptr);
  return result;
}

std::vector<const Crystal*> pointers_to(const std::vector<Crystal>& crystals) {
  std::vector<const Crystal*> result;
  for (const Crystal& crystal : crystals) result.push_back(&crystal);
  return result;
}

}  // namespace

TEST_CASE("golden.crystal_metrics.uniqueness_and_novelty", "[crystal]") {
  const auto tensors =
      read_golden_tensors(golden_folder("crystal_metrics") / "uniqueness_novelty.safetensors");
  const auto training = golden_crystals(tensors, "train.");
  const auto generated = prepare_all(golden_crystals(tensors, "gen."));
  const auto known = prepare_all(training);
  const std::size_t n = generated.size();
  for (const auto& [name, tolerances] :
       {std::pair<std::string, MatchTolerances>{"default.", {}},
        std::pair<std::string, MatchTolerances>{"recon.", kReconstructionTolerances}}) {
    INFO(name);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        INFO("crystals " << i << " and " << j);
        CHECK(fit(*generated[i], *generated[j], tolerances) ==
              (tensors.at(name + "fit_matrix").values.at(i * n + j) == 1));
      }
      for (std::size_t j = 0; j < known.size(); ++j) {
        INFO("crystal " << i << " and training crystal " << j);
        CHECK(fit(*generated[i], *known[j], tolerances) ==
              (tensors.at(name + "fit_to_train").values.at(i * known.size() + j) == 1));
      }
    }
    const auto groups = group_structures(pointers_to(generated), tolerances);
    std::size_t unique = 0;
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(groups[i] == static_cast<std::size_t>(tensors.at(name + "group_label").integer(i)));
      unique += groups[i] == i;
    }
    const auto count = static_cast<double>(n);
    CHECK(static_cast<double>(unique) / count ==
          Approx(tensors.at(name + "uniqueness").values.at(0)));
    const auto novel = std::ranges::count(
        KnownStructures(pointers_to(training)).first_fits(pointers_to(generated), tolerances),
        kNoStructure);
    CHECK(static_cast<double>(novel) / count == Approx(tensors.at(name + "novelty").values.at(0)));
  }
}

TEST_CASE("crystals that cannot be reduced are in no group", "[crystal]") {
  const Crystal iron{.lattice = Lattice::from_parameters({{2.87, 2.87, 2.87}, {90, 90, 90}}),
                     .fractional_coordinates = {{0, 0, 0}, {.5, .5, .5}},
                     .atomic_numbers = {26, 26},
                     .name = {}};
  const std::vector<Crystal> crystals{Crystal{}, iron, iron};
  const auto prepared = prepare_all(crystals);
  CHECK_FALSE(prepared[0].has_value());
  CHECK(group_structures(pointers_to(prepared), {}) ==
        std::vector<std::size_t>{kNoStructure, 1, 1});
  CHECK(group_structures(pointers_to(prepared), {}, std::vector<int>{0, 229, 1}) ==
        std::vector<std::size_t>{kNoStructure, 1, 2});
  const std::vector<Crystal> training{iron};
  CHECK(KnownStructures(pointers_to(training)).first_fits(pointers_to(prepared), {}) ==
        std::vector<std::size_t>{kNoStructure, 0, 0});
}
