// SPDX-License-Identifier: MIT
#include <torch/types.h>

#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/file.h"
#include "equigen/molecule/smiles.h"
#include "paths.h"
#include "plugins/gdss/golden.h"

namespace equigen::gdss::testing {

TEST_CASE("golden.gdss.quantize") {
  const auto file = golden_file("quantize.safetensors");
  if (!file) return;
  const Batch& stored = file->tensors;
  const at::Tensor& adjacency = stored.at("adj");
  CHECK(quantised_edges(adjacency).equal(stored.at("binary").to(torch::kLong)));
  const at::Tensor bonds = quantised_bonds(adjacency);
  CHECK(bonds.equal(stored.at("bonds")));
  const at::Tensor channels = torch::stack({bonds == 1, bonds == 2, bonds == 3, bonds == 0}, 1);
  CHECK(channels.to(torch::kLong).equal(stored.at("bond_onehot")));
  CHECK(atom_indicators(stored.at("x")).equal(stored.at("atom_onehot")));
  CHECK(atom_classes(stored.at("x")).equal(stored.at("atom_argmax_numpy")));
}

namespace {

NodeVocabulary vocabulary(std::int64_t channels) {
  const std::vector<int> all{6, 7, 8, 9, 15, 16, 17, 35, 53};
  return {0, std::vector<int>(all.begin(), all.begin() + channels)};
}

void check_molecule(const nlohmann::json& line, const at::Tensor& x, const at::Tensor& adjacency) {
  const NodeVocabulary elements = vocabulary(x.size(-1));
  std::vector<int> atoms;
  const at::Tensor classes = atom_classes(x);
  for (std::int64_t i = 0; i < classes.size(0); ++i) {
    const auto channel = classes[i].item<std::int64_t>();
    if (channel < elements.size())
      atoms.push_back(elements.elements[static_cast<std::size_t>(channel)]);
  }
  CHECK(atoms == line.at("atoms").get<std::vector<int>>());
  const Sample sample = decode_molecule(x, adjacency, elements);
  CHECK((property_or(sample, "valid_without_correction", -1) == 1.0) ==
        line.at("valid_without_correction").get<bool>());
  const auto& molecule = std::get<Molecule>(sample.structure);
  if (line.at("smiles_final").is_null()) {
    CHECK(molecule.atoms.empty());
  } else {
    CHECK(molecule.smiles == canonical_smiles(line.at("smiles_final").get<std::string>(), true));
  }
}

}  // namespace

TEST_CASE("golden.gdss.molecule_tensors") {
  const auto file = golden_file("molecule_post.safetensors");
  const auto lines = equigen::testing::golden_folder("gdss") / "molecule_post.jsonl";
  if (!file || !std::filesystem::exists(lines)) {
    equigen::testing::report_missing_golden("gdss", lines);
    return;
  }
  read_lines(lines, [&](std::string_view text, std::int64_t number) {
    const auto line = nlohmann::json::parse(text);
    if (line.contains("error")) return true;  // the published code itself stops there
    INFO("molecule_post.jsonl:" << number);
    const auto set = line.at("set").get<std::string>();
    const auto i = line.at("i").get<std::int64_t>();
    check_molecule(line, file->tensors.at(set + ".x")[i], file->tensors.at(set + ".adj")[i]);
    return true;
  });
}

}  // namespace equigen::gdss::testing
