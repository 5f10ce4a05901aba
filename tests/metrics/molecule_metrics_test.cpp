// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/molecule_metrics.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/metrics/molecule/molecule_statistics.h"
#include "equigen/molecule/smiles.h"
#include "equigen/plugin/registry.h"
#include "paths.h"

using namespace equigen;

namespace {

Sample sample_of(const std::string& smiles, double valid_without_correction = -1) {
  Sample sample{Molecule{}, {}};
  try {
    sample.structure = parse_smiles(smiles);
  } catch (const DataError&) {
    sample.structure = Molecule{};
  }
  if (valid_without_correction >= 0)
    sample.properties = {{"valid_without_correction", valid_without_correction}};
  return sample;
}

std::vector<Sample> samples_of(const std::vector<std::string>& smiles) {
  std::vector<Sample> samples;
  for (const std::string& text : smiles) samples.push_back(sample_of(text));
  return samples;
}

template <typename M>
std::vector<MetricValue> computed(const MetricInput& input) {
  return M({}).compute(input);
}

const MetricValue& value_of(const std::vector<MetricValue>& values, const std::string& name) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const MetricValue& value) { return value.name == name; });
  INFO(name);
  REQUIRE(found != values.end());
  return *found;
}

}  // namespace

TEST_CASE("golden.gdss.valid_unique_novel: fractions of the published program") {
  const auto file = nlohmann::json::parse(
      read_file(testing::golden_folder("gdss") / "molecule_metrics.json"))["valid_unique_novel"];
  const auto generated = samples_of(file["gen"]);
  const auto train = samples_of(file["train"]);
  const MetricInput input{generated, {}, train};
  const auto validity = computed<MoleculeValidity>(input);
  CHECK(validity.size() == 1);
  CHECK(validity[0].value == Approx(100 * file["valid"].get<double>()).epsilon(1e-12));
  const auto others = computed<MoleculeUniquenessNovelty>(input);
  CHECK(value_of(others, "uniqueness").value ==
        Approx(100 * file["unique"].get<double>()).epsilon(1e-12));
  CHECK(value_of(others, "novelty_stereo").value ==
        Approx(100 * file["novelty"].get<double>()).epsilon(1e-12));
}

TEST_CASE("validity without correction is given over kept and over all samples") {
  std::vector<Sample> samples = {sample_of("CCO", 1), sample_of("CC", 0), sample_of("C", 1),
                                 sample_of("broken", 0)};
  auto values = computed<MoleculeValidity>({samples, {}, {}});
  CHECK(value_of(values, "validity").value == Approx(75));
  CHECK(value_of(values, "validity_without_correction").value == Approx(200.0 / 3));
  CHECK(value_of(values, "validity_without_correction").sample_count == 3);
  CHECK(value_of(values, "validity_without_correction_over_all").value == Approx(50));
  CHECK(values[1].note.empty());
  CHECK(values[1].unit == "%");

  samples.push_back(sample_of("CN"));
  values = computed<MoleculeValidity>({samples, {}, {}});
  CHECK(value_of(values, "validity_without_correction_over_all").value == Approx(50));
  CHECK_THAT(values[1].note, ContainsSubstring("1 of 5"));
}

TEST_CASE("novelty is given with and without stereochemistry") {
  const auto generated = samples_of({"CC(N)O", "CCO", "OCC", "CCCC"});
  const auto train = samples_of({"C[C@H](N)O", "CCO"});
  const auto values = computed<MoleculeUniquenessNovelty>({generated, {}, train});
  CHECK(value_of(values, "uniqueness").value == Approx(75));
  CHECK(value_of(values, "novelty").value == Approx(100.0 / 3));
  CHECK(value_of(values, "novelty_stereo").value == Approx(200.0 / 3));
  CHECK_THAT(value_of(values, "novelty_stereo").note, ContainsSubstring("overstated"));
  CHECK(computed<MoleculeUniquenessNovelty>({generated, {}, {}}).size() == 1);
}

TEST_CASE("molecules without canonical SMILES are compared by their graph") {
  Molecule ethanol;
  ethanol.atoms = {{8, 0}, {6, 0}, {6, 0}};
  ethanol.bonds = {{0, 1, 1}, {1, 2, 1}};
  Molecule impossible;
  impossible.atoms = {{9, 0}, {9, 0}};
  impossible.bonds = {{0, 1, 3}};
  const std::vector<Sample> samples = {{ethanol, {}}, sample_of("CCO"), {impossible, {}}};
  const auto values = computed<MoleculeUniquenessNovelty>({samples, {}, samples});
  CHECK(value_of(values, "uniqueness").value == Approx(50));
  CHECK(value_of(values, "novelty").value == Approx(0));
  CHECK(computed<MoleculeValidity>({samples, {}, {}})[0].value == Approx(200.0 / 3));
}

TEST_CASE("statistics tell parts, size, charges, elements, bonds and rings") {
  const auto samples = samples_of({"CCO", "C[NH3+]", "xx", "C1CC1C=C.C"});
  const auto values = computed<MoleculeStatistics>({samples, samples_of({"CF", "c1ccccc1"}), {}});
  CHECK(value_of(values, "connectivity").value == Approx(200.0 / 3));
  CHECK(value_of(values, "mean_heavy_atoms").value == Approx(11.0 / 3));
  CHECK_THAT(value_of(values, "mean_heavy_atoms").label, ContainsSubstring("reference 4"));
  CHECK(value_of(values, "charged_share").value == Approx(100.0 / 3));
  CHECK(value_of(values, "element_share_C").value == Approx(900.0 / 11));
  CHECK(value_of(values, "element_share_F").value == Approx(0));
  CHECK(value_of(values, "element_distance").value == Approx(2.0 / 11));
  CHECK(value_of(values, "bond_share_double").value == Approx(100.0 / 8));
  CHECK(value_of(values, "bond_share_aromatic").value == Approx(0));
  CHECK(value_of(values, "bond_distance").value == Approx(6.0 / 7));
  CHECK(value_of(values, "ring_share_3").value == Approx(100));
  CHECK(value_of(values, "ring_distance").value == Approx(1));
  CHECK(value_of(values, "mean_rings").value == Approx(1.0 / 3));
  CHECK(value_of(values, "ring_count_distance").value == Approx(1.0 / 6));
  CHECK(value_of(values, "heavy_atoms_distance").value == Approx(2.0 / 3));
}

TEST_CASE("statistics need no reference") {
  const auto values = computed<MoleculeStatistics>({samples_of({"CCO"}), {}, {}});
  CHECK(value_of(values, "connectivity").value == Approx(100));
  CHECK(std::none_of(values.begin(), values.end(),
                     [](const MetricValue& value) { return value.name.ends_with("_distance"); }));
}

TEST_CASE("metrics of molecules refuse graphs and empty sets") {
  const auto molecules = samples_of({"CCO"});
  const std::vector<Sample> graphs = {{Graph{}, {}}};
  CHECK_THROWS_AS(computed<MoleculeValidity>({}), DataError);
  CHECK_THROWS_AS(computed<MoleculeValidity>({graphs, {}, {}}), DataError);
  CHECK_THROWS_AS(computed<NspdkMmd>({molecules, {}, {}}), DataError);
  CHECK_THROWS_AS(computed<NspdkMmd>({samples_of({"xx"}), molecules, {}}), DataError);
  CHECK(computed<NspdkMmd>({molecules, molecules, {}})[0].value == Approx(0).margin(1e-15));
}

TEST_CASE("metrics of molecules are found in the registry by name") {
  Registry registry;
  RegistryBuilder builder("equigen");
  register_molecule_metrics(builder);
  registry.commit(builder.take());
  for (const char* name :
       {"molecule_validity", "molecule_uniqueness_novelty", "nspdk_mmd", "molecule_statistics"}) {
    const auto metric = registry.create<Metric>({name, config::Value::map()});
    CHECK(metric->structure() == "molecule");
  }
}

TEST_CASE("unique@k is of the first k valid molecules, where there are so many") {
  std::vector<Sample> samples;
  samples.push_back({Molecule{}, {}});
  for (std::size_t i = 0; i < 1010; ++i) {
    Molecule molecule;
    molecule.atoms = {{}};
    molecule.smiles = std::string(i < 1000 ? i / 2 + 1 : i, 'C');
    samples.push_back({molecule, {}});
  }
  const auto values = MoleculeUniquenessNovelty({}).compute({samples, {}, {}});
  REQUIRE(values.size() == 2);
  CHECK(values[1].name == "unique_at_1000");
  CHECK(values[1].value == Approx(50));
  CHECK(values[1].sample_count == 1000);
  const auto few = std::span(samples).first(1000);
  CHECK(MoleculeUniquenessNovelty({}).compute({few, {}, {}}).size() == 1);
}
