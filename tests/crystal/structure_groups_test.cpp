// SPDX-License-Identifier: MIT
#include "equigen/crystal/structure_groups.h"

#include <algorithm>

#include "catch.h"
#include "crystal/golden_crystals.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::testing;

TEST_CASE("golden.crystal_metrics.uniqueness_and_novelty", "[crystal]") {
  const auto tensors =
      read_golden_tensors(golden_folder("crystal_metrics") / "uniqueness_novelty.safetensors");
  const auto training = golden_crystals(tensors, "train.");
  const auto generated = prepare_crystals(golden_crystals(tensors, "gen."));
  const auto known = prepare_crystals(training);
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
    const auto groups = group_structures(generated, tolerances);
    std::size_t unique = 0;
    for (std::size_t i = 0; i < n; ++i) {
      CHECK(groups[i] == static_cast<std::size_t>(tensors.at(name + "group_label").integer(i)));
      unique += groups[i] == i;
    }
    const auto count = static_cast<double>(n);
    CHECK(static_cast<double>(unique) / count ==
          Approx(tensors.at(name + "uniqueness").values.at(0)));
    const auto novel =
        std::ranges::count(first_training_match(generated, training, tolerances), kNoStructure);
    CHECK(static_cast<double>(novel) / count == Approx(tensors.at(name + "novelty").values.at(0)));
  }
}

TEST_CASE("crystals that cannot be reduced are in no group", "[crystal]") {
  const Crystal iron{.lattice = Lattice::from_parameters({{2.87, 2.87, 2.87}, {90, 90, 90}}),
                     .fractional_coordinates = {{0, 0, 0}, {.5, .5, .5}},
                     .atomic_numbers = {26, 26},
                     .name = {}};
  const std::vector<Crystal> crystals{Crystal{}, iron, iron};
  const auto prepared = prepare_crystals(crystals);
  CHECK_FALSE(prepared[0].has_value());
  CHECK(group_structures(prepared, {}) == std::vector<std::size_t>{kNoStructure, 1, 1});
  CHECK(group_structures(prepared, {}, std::vector<int>{0, 229, 1}) ==
        std::vector<std::size_t>{kNoStructure, 1, 2});
  CHECK(first_training_match(prepared, std::vector{iron}, {}) ==
        std::vector<std::size_t>{kNoStructure, 0, 0});
}
