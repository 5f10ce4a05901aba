// SPDX-License-Identifier: MIT
#include "equigen/metrics/molecule/nspdk.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/file.h"
#include "equigen/base/parallel.h"
#include "equigen/molecule/enumeration.h"
#include "equigen/molecule/smiles.h"
#include "paths.h"

using namespace equigen;

namespace {

nlohmann::json golden() {
  return nlohmann::json::parse(read_file(testing::golden_folder("gdss") / "molecule_metrics.json"));
}

nspdk::Features mean_of(const std::vector<std::string>& smiles) {
  std::vector<Molecule> molecules;
  for (const std::string& text : smiles) molecules.push_back(parse_smiles(text));
  std::vector<const Molecule*> pointers;
  for (const Molecule& molecule : molecules) pointers.push_back(&molecule);
  return nspdk::mean_features(pointers);
}

nspdk::Features features_of(const std::string& smiles) {
  return nspdk::features(nspdk::labelled_graph(parse_smiles(smiles)));
}

}  // namespace

TEST_CASE("golden.gdss.nspdk: MMD of sets of molecules") {
  const auto file = golden();
  REQUIRE_FALSE(file["nspdk"].empty());
  for (const auto& entry : file["nspdk"]) {
    const std::string reference = entry["ref"], generated = entry["pred"];
    INFO(reference << " and " << generated);
    const double value =
        nspdk::squared_distance(mean_of(file["sets"][reference]), mean_of(file["sets"][generated]));
    CHECK(std::abs(value - entry["nspdk_exact"].get<double>()) <= 1e-9);
  }
}

TEST_CASE("golden.gdss.nspdk_tiny_gram: kernel values and numbers of features") {
  const auto gram = golden()["tiny_gram"];
  std::vector<nspdk::Features> features;
  for (const std::string smiles : gram["smiles"]) features.push_back(features_of(smiles));
  REQUIRE_FALSE(features.empty());
  for (std::size_t i = 0; i < features.size(); ++i) {
    CHECK(features[i].size() == gram["n_features"][i].get<std::size_t>());
    for (std::size_t j = 0; j < features.size(); ++j) {
      INFO(gram["smiles"][i] << " and " << gram["smiles"][j]);
      const double value = nspdk::inner_product(features[i], features[j]);
      CHECK(std::abs(value - gram["gram_exact"][i][j].get<double>()) <= 1e-9);
    }
  }
}

TEST_CASE("NSPDK features do not depend on the order of the atoms") {
  const nspdk::LabelledGraph graph{{6, 6, 8, 7}, {{0, 1, 1}, {1, 2, 2}, {1, 3, 1}}};
  const nspdk::LabelledGraph shuffled{{7, 8, 6, 6}, {{3, 0, 1}, {3, 1, 2}, {2, 3, 1}}};
  const auto a = nspdk::features(graph);
  const auto b = nspdk::features(shuffled);
  REQUIRE(a.size() == b.size());
  CHECK(nspdk::squared_distance(a, b) < 1e-30);
  CHECK(nspdk::inner_product(a, a) == Approx(1));
}

TEST_CASE("NSPDK of nothing and of one atom is defined") {
  CHECK(nspdk::features({}).empty());
  CHECK(nspdk::mean_features({}).empty());
  CHECK(nspdk::features({{6}, {}}).size() == 2);
  const Molecule none;
  const Molecule* const nothing[] = {&none};
  CHECK(nspdk::mean_features(nothing).empty());
}

TEST_CASE("the mean of NSPDK features is the same on any number of threads") {
  const auto molecules = enumerate_molecules(5);
  std::vector<const Molecule*> pointers;
  for (const Molecule& molecule : molecules) pointers.push_back(&molecule);
  const auto all_cores = nspdk::mean_features(pointers);
  set_parallel_threads(1);
  const auto one_core = nspdk::mean_features(pointers);
  set_parallel_threads(0);
  CHECK(all_cores == one_core);
}

TEST_CASE("described molecules have the NSPDK features of their graphs") {
  for (const char* smiles : {"c1ccc2c(c1)[nH]c1ccccc12", "[2H]C([2H])O", "[H][H]", "C[n+]1ccccc1",
                             "C[C@H](N)C(=O)O", "C/C=C/C#N", "C", "[2H]O", "O=C1C=CC(=O)C=C1"}) {
    INFO(smiles);
    const Molecule molecule = parse_smiles(smiles);
    const Molecule* const plain[] = {&molecule};
    const std::shared_ptr<const MoleculeDescriptors> described[] = {
        std::make_shared<const MoleculeDescriptors>(describe(molecule, MoleculeParts::skeleton))};
    CHECK(nspdk::mean_described_features(described) == nspdk::mean_features(plain));
  }
}

TEST_CASE("listed hydrogens and impossible molecules do not count in NSPDK") {
  Molecule methanol = parse_smiles("CO");
  const auto plain = nspdk::features(nspdk::labelled_graph(methanol));
  methanol.atoms.push_back({1, 0});
  methanol.bonds.push_back({1, 2, 1});
  CHECK(nspdk::features(nspdk::labelled_graph(methanol)) == plain);
  Molecule impossible = parse_smiles("CCCC");
  for (Bond& bond : impossible.bonds) bond.order = 0;
  const std::vector<const Molecule*> mixed{&methanol, &impossible};
  CHECK(nspdk::mean_features(mixed) == plain);
}
