// SPDX-License-Identifier: MIT
#include "equigen/data/crystal_collections.h"

#include <algorithm>
#include <map>
#include <set>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/crystal/symmetry/symmetry.h"
#include "equigen/crystal/validity/validity.h"
#include "equigen/data/sample_files.h"
#include "paths.h"

using namespace equigen;
using equigen::testing::TemporaryFolder;

namespace {

constexpr const char* kPackageFolder = "/usr/share/avogadro2/crystals";

DataContext context_in(const TemporaryFolder& folder) {
  return {.roots = {folder.path()}, .cache = folder / "cache", .seed = 0};
}

std::map<std::string, Crystal> by_name(const DataSplits& splits) {
  std::map<std::string, Crystal> crystals;
  for (const auto* part : {&splits.train, &splits.validation, &splits.test})
    for (const Sample& sample : *part) crystals[crystal_in(sample).name] = crystal_in(sample);
  return crystals;
}

std::string cif_of(const std::string& element, const std::string& second = "") {
  return "data_a\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n"
         "_cell_angle_beta 90\n_cell_angle_gamma 90\nloop_\n_atom_site_type_symbol\n"
         "_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n" +
         element + " 0 0 0\n" + second;
}

}  // namespace

TEST_CASE("the public-domain crystals are read from their folder, the broken ones named") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "crystals/oxides/A.cif", cif_of("Mg", "O .5 .5 .5\n"));
  write_file_atomically(folder / "crystals/elements/B.cif", cif_of("Fe", "Fe .5 .5 .5\n"));
  write_file_atomically(folder / "crystals/elements/C.cif", cif_of("Fe", "Fe .01 0 0\n"));
  write_file_atomically(folder / "crystals/elements/D.cif", cif_of("Qq"));
  write_file_atomically(folder / "crystals/README.md", "text");
  PublicDomainCrystalDataset::Config config;
  config.folder = (folder / "crystals").string();
  config.split = {.method = "first_fraction", .test_fraction = 0.5, .validation_fraction = 0};
  const auto splits = PublicDomainCrystalDataset(config, context_in(folder)).load();
  CHECK(splits.skipped_count == 2);
  const auto crystals = by_name(splits);
  REQUIRE(crystals.size() == 2);
  CHECK(crystals.at("elements/B").size() == 1);  // the primitive cell
  CHECK(crystals.at("oxides/A").size() == 2);
  config.primitive = false;
  CHECK(by_name(PublicDomainCrystalDataset(config, context_in(folder)).load())
            .at("elements/B")
            .size() == 2);
  config.folder = (folder / "nowhere").string();
  CHECK_THROWS_WITH(PublicDomainCrystalDataset(config, context_in(folder)).load(),
                    ContainsSubstring("libavogadro-data") && ContainsSubstring("nowhere"));
}

TEST_CASE("the package's crystals hold all that the cleaned list of the field's tools holds",
          "[slow]") {
  const auto cleaned = equigen::testing::data_beside_checkout("crystals_public_domain");
  if (!cleaned || !std::filesystem::is_directory(kPackageFolder)) {
    WARN("skipped: no crystals_public_domain beside the checkout, or no libavogadro-data");
    return;
  }
  const TemporaryFolder folder;
  const auto crystals = by_name(PublicDomainCrystalDataset({}, context_in(folder)).load());
  const auto expected = read_sample_file(*cleaned / "crystals.csv.gz");
  REQUIRE(!expected.samples.empty());
  std::vector<std::string> missing, different;
  for (const Sample& sample : expected.samples) {
    const Crystal& other = crystal_in(sample);
    const auto found = crystals.find(other.name);
    if (found == crystals.end())
      missing.push_back(other.name);
    else if (reduced(composition(found->second)) != reduced(composition(other)) ||
             density(found->second) != Approx(density(other)).epsilon(1e-3))
      different.push_back(other.name);
  }
  std::string names;
  for (const auto& name : missing) names += " -" + name;
  for (const auto& name : different) names += " ~" + name;
  WARN(expected.samples.size() << " in the cleaned list, " << crystals.size() << " here, "
                               << missing.size() << " missing, " << different.size()
                               << " different:" << names);
  CHECK(missing.size() <= 3);
  CHECK(different.size() <= 8);
  CHECK(crystals.size() >= expected.samples.size());
}

TEST_CASE("prototypes come with reduced cells where that is asked for") {
  const TemporaryFolder folder;
  PrototypeCrystalDataset::Config config;
  config.prototypes = {"rock_salt"};
  config.elements = {"Mg", "Ca", "Sr", "Ba", "O"};
  config.split = {.method = "fraction", .test_fraction = 0.3, .validation_fraction = 0};
  const auto angles = [&] {
    const auto crystals = by_name(PrototypeCrystalDataset(config, context_in(folder)).load());
    return crystals.at("rock_salt/MgO").lattice.parameters().angles;
  };
  const auto plain = angles();
  config.reduce = "niggli";
  for (const double angle : angles()) CHECK(angle == Approx(60).margin(1e-6));
  CHECK(plain[0] > 0);
}

TEST_CASE("prototypes are a data set by element, size and type") {
  const TemporaryFolder folder;
  PrototypeCrystalDataset::Config config;
  config.prototypes = {"perovskite", "rock_salt"};
  config.elements = {"Sr", "Ba", "Ti", "Zr", "O", "Mg", "Ca"};
  config.split = {.method = "fraction", .test_fraction = 0.3, .validation_fraction = 0};
  const auto crystals = by_name(PrototypeCrystalDataset(config, context_in(folder)).load());
  CHECK(crystals.contains("perovskite/SrTiO3"));
  CHECK(crystals.contains("rock_salt/MgO"));
  for (const auto& [name, crystal] : crystals) CHECK(crystal_verdict(crystal).valid());
  config.max_atoms = 2;
  CHECK_FALSE(by_name(PrototypeCrystalDataset(config, context_in(folder)).load())
                  .contains("perovskite/SrTiO3"));
  config.elements = {"Qq"};
  CHECK_THROWS_AS(PrototypeCrystalDataset(config, context_in(folder)).load(), ConfigError);
  config.split.method = "rows";
  CHECK_THROWS_AS(PrototypeCrystalDataset(config, context_in(folder)), ConfigError);
}
