// SPDX-License-Identifier: MIT
#include "equigen/crystal/prototypes/prototypes.h"

#include <algorithm>
#include <map>
#include <set>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/crystal/elements.h"
#include "equigen/crystal/neighbours.h"
#include "equigen/crystal/prototypes/ionic_radii.h"
#include "equigen/crystal/prototypes/prototype_geometry.h"
#include "equigen/crystal/symmetry/symmetry.h"
#include "equigen/crystal/validity/validity.h"

using namespace equigen;

namespace {

const Crystal& named(const std::vector<Crystal>& crystals, const std::string& name) {
  const auto found = std::ranges::find(crystals, name, &Crystal::name);
  INFO(name);
  REQUIRE(found != crystals.end());
  return *found;
}

double conventional_length(const Crystal& crystal) {
  return standardised(crystal, StandardCell::conventional, true)->lattice.parameters().lengths[0];
}

}  // namespace

TEST_CASE("ionic radii are those of the table", "[crystal]") {
  CHECK(ionic_radius(11, 1, 6) == 1.02);
  CHECK(ionic_radius(17, -1, 4) == 1.81);
  CHECK(ionic_radius(22, 4, 6) == 0.605);
  CHECK_FALSE(ionic_radius(22, 4, 12));
  CHECK_FALSE(ionic_radius(2, 1, 6));
  for (const IonKind& cation : common_cations()) {
    INFO(cation.atomic_number << " " << cation.charge);
    bool has_radius = false;
    for (const int coordination : {4, 6, 8, 9, 12})
      has_radius = has_radius || ionic_radius(cation.atomic_number, cation.charge, coordination);
    CHECK(has_radius);
  }
}

TEST_CASE("each structure type has its space group, neighbours and composition", "[crystal]") {
  const auto crystals =
      decorated_prototypes({.prototypes = {}, .elements = {}, .max_per_prototype = 4});
  std::map<std::string, int> counts;
  for (const Crystal& crystal : crystals) {
    const std::string type = crystal.name.substr(0, crystal.name.find('/'));
    ++counts[type];
    INFO(crystal.name);
    const auto found = std::ranges::find_if(
        prototypes(), [&](const Prototype& prototype) { return type == prototype.name; });
    REQUIRE(found != prototypes().end());
    CHECK(space_group_number(crystal) == found->space_group);
    CHECK_FALSE(structure_fault(crystal, {.least_distance = 1.3}));
    CHECK(crystal.size() <= 20);
    CHECK(crystal.lattice.volume() / static_cast<double>(crystal.size()) > 4);
    // Each cation has its anions nearest.
    const int anion = crystal.atomic_numbers.back();
    std::map<std::int64_t, int> anions_around;
    for (const auto& row : nearest_neighbours(crystal, 4, 0.05)) {
      const auto from = static_cast<std::size_t>(row.from);
      if (crystal.atomic_numbers[from] == anion) continue;
      if (crystal.atomic_numbers[static_cast<std::size_t>(row.to)] == anion)
        ++anions_around[row.from];
    }
    for (const auto& [site, count] : anions_around) CHECK(count >= 4);
  }
  CHECK(counts.size() == prototype_names().size());
  for (const auto& [type, count] : counts) {
    INFO(type);
    CHECK(count >= 3);
  }
}

TEST_CASE("lattice constants come near those of real crystals", "[crystal]") {
  const std::vector<int> common{3, 8, 9, 11, 12, 13, 16, 17, 20, 22, 30, 38, 55};
  const auto crystals =
      decorated_prototypes({.prototypes = {}, .elements = common, .max_per_prototype = 0});
  const std::pair<const char*, double> measured[] = {
      {"rock_salt/NaCl", 5.64},     {"rock_salt/MgO", 4.21},  {"caesium_chloride/CsCl", 4.12},
      {"zinc_blende/ZnS", 5.41},    {"fluorite/CaF2", 5.46},  {"rutile/TiO2", 4.59},
      {"perovskite/SrTiO3", 3.905}, {"spinel/MgAl2O4", 8.08}, {"corundum/Al2O3", 4.76},
      {"antifluorite/Li2O", 4.62},  {"wurtzite/ZnO", 3.25},   {"ruddlesden_popper/Sr2TiO4", 3.88}};
  for (const auto& [name, length] : measured) {
    INFO(name);
    CHECK(conventional_length(named(crystals, name)) == Approx(length).epsilon(0.05));
  }
}

TEST_CASE("all prototypes together cover most elements", "[crystal]") {
  const auto crystals = decorated_prototypes({});
  CHECK(crystals.size() > 2000);
  CHECK(crystals.size() < 10000);
  std::set<int> elements;
  for (const Crystal& crystal : crystals)
    elements.insert(crystal.atomic_numbers.begin(), crystal.atomic_numbers.end());
  CHECK(elements.size() > 60);
}

TEST_CASE("prototypes are chosen by name, element and seed", "[crystal]") {
  const auto oxides = decorated_prototypes(
      {.prototypes = {"rock_salt"}, .elements = {8, 12, 20}, .max_per_prototype = 0});
  CHECK(oxides.size() == 2);
  const PrototypeRules few{.prototypes = {"perovskite"}, .elements = {}, .max_per_prototype = 5};
  CHECK(decorated_prototypes(few) == decorated_prototypes(few));
  PrototypeRules others = few;
  others.seed = 1;
  CHECK(decorated_prototypes(few) != decorated_prototypes(others));
  CHECK_THROWS_WITH(decorated_prototypes({.prototypes = {"rocksalt"}, .elements = {}}),
                    ContainsSubstring("did you mean 'rock_salt'"));
}
