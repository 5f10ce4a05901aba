// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/geometry_metrics.h"

#include <chrono>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/data/sample_files.h"
#include "equigen/molecule/smiles.h"
#include "paths.h"

using namespace equigen;

namespace {

std::vector<Sample> golden_samples() {
  SampleFileOptions options;
  options.to_be_judged = true;
  return read_sample_file(testing::golden_folder("geometry_checks") / "geometry_checks.sdf",
                          options)
      .samples;
}

double figure(const std::vector<MetricValue>& values, const std::string& name) {
  for (const MetricValue& value : values)
    if (value.name == name) return value.value;
  FAIL("no figure " << name);
  return 0;
}

std::vector<MetricValue> geometry_of(const std::vector<Sample>& samples, std::int64_t relaxed,
                                     std::int64_t conformers) {
  MoleculeGeometry::Config config;
  config.relaxed = relaxed;
  config.conformers = conformers;
  return MoleculeGeometry(config).compute({samples, {}, {}});
}

}  // namespace

TEST_CASE("geometry figures are shares of all samples") {
  auto samples = golden_samples();
  const auto failures = geometry_failures(samples);
  const auto passing = std::count(failures.begin(), failures.end(), "");
  const auto values = geometry_of(samples, 5, 0);
  CHECK(figure(values, "pb_valid") == Approx(100.0 * static_cast<double>(passing) / 24));
  CHECK(figure(values, "sanitises_share") == 100);
  CHECK(figure(values, "relaxation_energy") > 0);
  CHECK(figure(values, "bond_deviation") > 0);
  samples.push_back({Molecule{}, {}});
  samples.push_back({parse_smiles("CCO"), {}});
  CHECK(figure(geometry_of(samples, 0, 0), "pb_valid") ==
        Approx(100.0 * static_cast<double>(passing) / 26));
  CHECK(geometry_failures(samples).back() != "");
}

TEST_CASE("the energy ratio is a check where conformers are asked for") {
  const auto samples = golden_samples();
  const std::vector<Sample> benzene(samples.begin(), samples.begin() + 3);
  const auto values = geometry_of(benzene, 0, 3);
  CHECK(figure(values, "energy_ratio_share") == Approx(200.0 / 3));
  CHECK_THAT(values.front().protocol, ContainsSubstring("3 conformers"));
}

TEST_CASE("metrics of positions and hydrogens say what they miss") {
  const std::vector<Sample> flat{{parse_smiles("CCO"), {}}};
  CHECK_THROWS_AS(geometry_of(flat, 0, 0), DataError);
  CHECK_THROWS_AS(MoleculeStability({}).compute({flat, {}, {}}), DataError);
  CHECK_THROWS_AS(MoleculeStability({}).compute({}), DataError);
  const std::vector<Sample> graphs{{Graph{1, {}}, {}}};
  CHECK_THROWS_AS(MoleculeStability({}).compute({graphs, {}, {}}), DataError);
}

TEST_CASE("stability figures stand for each table") {
  auto samples = golden_samples();
  samples.push_back({Molecule{}, {}});
  const auto values = MoleculeStability({}).compute({samples, {}, {}});
  CHECK(values.size() == 6);
  CHECK(figure(values, "atom_stability_corrected") == 100);
  CHECK(figure(values, "molecule_stability_corrected") == Approx(100.0 * 24 / 25));
  CHECK(figure(values, "molecule_stability_edm") < 100.0 * 24 / 25);
}

TEST_CASE("conformers of QM9 molecules pass the checks, by the thousand in seconds", "[slow]") {
  const auto folder = testing::data_beside_checkout("qm9_conformers");
  if (!folder) {
    WARN("skipped: qm9_conformers is not beside the checkout");
    return;
  }
  SampleFileOptions options;
  options.to_be_judged = true;
  const auto file = read_sample_file(*folder / "test.sdf.gz", options);
  const auto start = std::chrono::steady_clock::now();
  const auto values = geometry_of(file.samples, 0, 0);
  WARN("geometry checks of "
       << file.samples.size() << " molecules: "
       << std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() << " s");
  for (const MetricValue& value : values) WARN(value.name << " " << value.value);
  CHECK(figure(values, "pb_valid") > 90);
  const auto stability = MoleculeStability({}).compute({file.samples, {}, {}});
  CHECK(figure(stability, "molecule_stability_corrected") == 100);
  CHECK(figure(stability, "atom_stability_corrected") == 100);
}
