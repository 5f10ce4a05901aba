// SPDX-License-Identifier: MIT
#include "equigen/crystal/validity/validity.h"

#include <functional>
#include <limits>
#include <map>

#include "catch.h"
#include "crystal/golden_crystals.h"
#include "equigen/base/random.h"
#include "equigen/crystal/elements.h"
#include "paths.h"

using namespace equigen;
using namespace equigen::testing;

namespace {

GoldenTensors golden(const std::string& file) {
  return read_golden_tensors(golden_folder("crystal_metrics") / file);
}

bool passes_electronegativity_test(const std::vector<int>& states,
                                   const std::vector<std::optional<double>>& chi) {
  for (std::size_t i = 0; i < states.size(); ++i)
    for (std::size_t j = i + 1; j < states.size(); ++j) {
      const bool known = chi[i] && chi[j];
      if (states[i] > 0 && states[j] < 0) {
        if (!known) return true;
        if (*chi[i] >= *chi[j]) return false;
      } else if (states[i] < 0 && states[j] > 0) {
        if (!known) return true;
        if (*chi[i] <= *chi[j]) return false;
      } else if (!known) {
        return false;
      }
    }
  return true;
}

/// Tries every combination of states, as the published code does.
bool valid_by_search(const Composition& composition) {
  if (composition.size() == 1) return true;
  std::vector<std::optional<double>> chi;
  bool alloy = true;
  for (const auto& [number, count] : composition) {
    chi.push_back(element(number).smact_electronegativity);
    alloy = alloy && element(number).smact_is_metal;
  }
  if (alloy) return true;
  std::vector<int> states(composition.size());
  const std::function<bool(std::size_t, int)> search = [&](std::size_t at, int charge) {
    if (at == composition.size()) return charge == 0 && passes_electronegativity_test(states, chi);
    for (const int state : element(composition[at].first).smact_oxidation_states) {
      states[at] = state;
      if (search(at + 1, charge + state * composition[at].second)) return true;
    }
    return false;
  };
  return search(0, 0);
}

Composition random_composition(RandomStream& random, std::size_t elements, int largest) {
  std::map<int, int> counts;
  while (counts.size() < elements)
    counts[1 + static_cast<int>(random.uniform() * largest)] =
        1 + static_cast<int>(random.uniform() * 4);
  return reduced({counts.begin(), counts.end()});
}

Crystal cubic(double length, std::vector<Vector3> positions) {
  Crystal crystal{.lattice = Lattice::from_parameters({{length, length, length}, {90, 90, 90}}),
                  .fractional_coordinates = std::move(positions),
                  .atomic_numbers = {},
                  .name = {}};
  crystal.atomic_numbers.assign(crystal.fractional_coordinates.size(), 6);
  return crystal;
}

}  // namespace

TEST_CASE("golden.crystal_metrics.composition_validity", "[crystal]") {
  const auto tensors = golden("smact_validity.safetensors");
  const auto& elements = tensors.at("elements");
  const auto& counts = tensors.at("counts");
  const auto width = static_cast<std::size_t>(elements.shape.at(1));
  std::size_t wrong = 0;
  for (std::size_t row = 0; row < static_cast<std::size_t>(elements.shape.at(0)); ++row) {
    Composition composition;
    for (std::size_t k = row * width; k < (row + 1) * width; ++k)
      if (elements.integer(k) != 0)
        composition.emplace_back(static_cast<int>(elements.integer(k)),
                                 static_cast<int>(counts.integer(k)));
    const bool valid = !composition_fault(composition).has_value();
    wrong += valid != (tensors.at("valid").integer(row) == 1);
  }
  CHECK(wrong == 0);
}

TEST_CASE("golden.crystal_metrics.structure_validity", "[crystal]") {
  const auto tensors = golden("structure_validity.safetensors");
  const auto crystals = golden_crystals(tensors);
  for (std::size_t i = 0; i < crystals.size(); ++i) {
    const auto fault = structure_fault(crystals[i]);
    INFO("case " << i << ": " << fault.value_or("valid"));
    CHECK(!fault.has_value() == (tensors.at("valid").values.at(i) == 1));
    CHECK(crystals[i].lattice.volume() == Approx(tensors.at("volume").values.at(i)).margin(1e-9));
  }
}

TEST_CASE("the balance of charges is that of an exhaustive search", "[crystal]") {
  RandomStream random(11, "compositions");
  // Up to Rn (86): He, Ne, Ar, Pm and Rn, whose electronegativity is unknown, come up often.
  for (int round = 0; round < 3000; ++round) {
    const auto size = 2 + static_cast<std::size_t>(random.uniform() * 3);
    Composition composition = random_composition(random, size, 90);
    if (round % 3 == 0) {
      std::map<int, int> with_unknown(composition.begin(), composition.end());
      with_unknown[round % 2 == 0 ? 61 : 86] = 1 + round % 4;
      composition = reduced({with_unknown.begin(), with_unknown.end()});
    }
    INFO(formula(composition));
    CHECK(!composition_fault(composition).has_value() == valid_by_search(composition));
  }
}

TEST_CASE("invalid compositions are explained", "[crystal]") {
  CHECK_FALSE(composition_fault({{11, 1}, {17, 1}}));
  CHECK_FALSE(composition_fault({{2, 1}}));            // one element
  CHECK_FALSE(composition_fault({{26, 3}, {28, 1}}));  // an alloy
  CHECK(composition_fault({{8, 1}, {9, 3}}).value_or("") ==
        "no charge-neutral oxidation states for OF3");
  CHECK(composition_fault({{2, 1}, {8, 1}}).value_or("") == "He has no oxidation states");
  CHECK(composition_fault({{104, 1}, {8, 1}}).value_or("") ==
        "there are no oxidation states for atomic number 104");
  CHECK(composition_fault({}).value_or("") == "it has no atoms");
}

TEST_CASE("twenty elements at once are judged without a search", "[crystal]") {
  RandomStream random(12, "compositions");
  for (int round = 0; round < 100; ++round) {
    const Composition composition = random_composition(random, 20, 100);
    (void)composition_fault(composition);
    const auto limited = composition_fault(composition, {.search_limit = kPublishedSearchLimit});
    CHECK(limited.has_value());
  }
}

TEST_CASE("close atoms are named", "[crystal]") {
  CHECK_FALSE(structure_fault(cubic(3, {{0, 0, 0}, {.5, .5, .5}})));
  CHECK(structure_fault(cubic(3, {{0, 0, 0}, {.5, .5, .5}, {.9, 0, 1}})).value_or("") ==
        "atoms 1 and 3 are 0.30 Å apart");
  CHECK_FALSE(structure_fault(cubic(0.48, {{0, 0, 0}})));  // its own images do not count
  CHECK(structure_fault(cubic(0.4, {{0, 0, 0}})).value_or("") ==
        "its volume is 0.064 Å³, below 0.1 Å³");
  StructureRule all_images;
  all_images.own_images = true;
  CHECK(structure_fault(cubic(0.48, {{0, 0, 0}}), all_images).value_or("") ==
        "atom 1 is 0.48 Å from its own image");
  CHECK(structure_fault(Crystal{}).value_or("") == "it has no atoms");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(structure_fault(cubic(3, {{0, nan, 0}})).value_or("") == "a coordinate is not finite");
  CHECK(structure_fault(cubic(nan, {{0, 0, 0}})).value_or("") == "its lattice is not finite");
}
