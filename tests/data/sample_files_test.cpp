// SPDX-License-Identifier: MIT
#include "equigen/data/sample_files.h"

#include <cmath>
#include <fstream>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/data/convert_samples.h"
#include "equigen/data/sample_json.h"
#include "equigen/molecule/smiles.h"
#include "paths.h"

using namespace equigen;
using testing::TemporaryFolder;

namespace {

std::vector<Sample> some_graphs() {
  return {{Graph{3, {{0, 1}, {1, 2}}}, {}}, {Graph{1, {}}, {}}, {Graph{4, {{0, 3}}}, {}}};
}

std::vector<Sample> some_molecules() {
  std::vector<Sample> samples;
  for (const auto* smiles : {"CCO", "c1ccccc1", "C[N+](C)(C)C", "N#Cc1ccccc1F"}) {
    samples.push_back({parse_smiles(smiles), {{"valid_without_correction", 1}}});
  }
  samples.push_back({Molecule{}, {{"valid_without_correction", 0}}});
  return samples;
}

void write_all(const std::filesystem::path& path, const std::vector<Sample>& samples) {
  open_sample_writer(path)->write(std::span(samples));
}

std::string stored_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void store(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

TEST_CASE("graphs read back from every format that holds them") {
  const TemporaryFolder folder;
  for (const std::string name :
       {"a.jsonl", "a.jsonl.gz", "a.g6", "a.g6.gz", "a.edges", "a.edgelist.gz"}) {
    INFO(name);
    write_all(folder / name, some_graphs());
    const auto file = read_sample_file(folder / name);
    CHECK(file.samples == some_graphs());
    CHECK(file.rows == std::vector<std::int64_t>{0, 1, 2});
    CHECK(file.row_count == 3);
    CHECK(file.skipped_count == 0);
  }
}

TEST_CASE("molecules and their properties read back from every format that holds them") {
  const TemporaryFolder folder;
  for (const std::string name :
       {"a.smi", "a.smi.gz", "a.csv", "a.tsv.gz", "a.sdf", "a.sdf.gz", "a.jsonl", "a.jsonl.gz"}) {
    INFO(name);
    const auto samples = some_molecules();
    write_all(folder / name, samples);
    const auto file = read_sample_file(folder / name);
    REQUIRE(file.samples.size() == samples.size());
    CHECK(file.skipped_count == 0);
    for (std::size_t i = 0; i < file.samples.size(); ++i) {
      const auto& molecule = std::get<Molecule>(file.samples[i].structure);
      const auto& original = samples[i];
      CHECK(canonical_smiles(molecule) == canonical_smiles(std::get<Molecule>(original.structure)));
      CHECK(property_or(file.samples[i], "valid_without_correction", -1) ==
            property_or(original, "valid_without_correction", -2));
    }
    CHECK(node_count(file.samples.back()) == 0);
  }
}

TEST_CASE("JSON lines keep every part of a sample") {
  Molecule molecule = parse_smiles("C[NH3+]");
  molecule.name = "methylammonium \"x\"";
  molecule.positions = {{0, 0.5, -1e-3}, {1.25, 0, 3}};
  const Sample sample{molecule, {{"energy", -0.1}, {"gap", 3}}};
  CHECK(parse_sample_json(to_sample_json(sample)) == sample);
  const Sample unknown{Graph{2, {{0, 1}}}, {{"score", std::nan("")}}};
  CHECK(std::isnan(property_or(parse_sample_json(to_sample_json(unknown)), "score", 0)));
}

TEST_CASE("a molecule may be given by SMILES in JSON lines") {
  const auto sample = parse_sample_json(R"({"smiles": "OC", "properties": {"gap": 2.5}})");
  CHECK(std::get<Molecule>(sample.structure).atoms.size() == 2);
  CHECK(property_or(sample, "gap", 0) == 2.5);
}

TEST_CASE("broken rows are skipped, counted and named with file and line") {
  const TemporaryFolder folder;
  store(folder / "a.jsonl",
        "{\"n\": 2, \"edges\": [[0, 1]]}\n"
        "{\"n\": 2, \"edges\": [[0, 5]]}\n"
        "\n"
        "not json\n"
        "{\"atoms\": [6], \"bonds\": [[0, 0, 1]]}\n"
        "{\"atoms\": [6, 600]}\n"
        "{\"smiles\": \"C(\"}\n"
        "{\"m\": 1}\n"
        "[1]\n"
        "{\"n\": 1, \"edges\": []}\n");
  const auto file = read_sample_file(folder / "a.jsonl");
  CHECK(file.samples.size() == 2);
  CHECK(file.rows == std::vector<std::int64_t>{0, 8});
  CHECK(file.row_count == 9);
  CHECK(file.skipped_count == 7);
  REQUIRE(file.skipped.size() == 7);
  CHECK(file.skipped[0].source.ends_with("a.jsonl:2"));
  CHECK(file.skipped[1].source.ends_with("a.jsonl:4"));
}

TEST_CASE("broken JSON lines among molecules to be judged are invalid samples") {
  const TemporaryFolder folder;
  SampleFileOptions options;
  options.to_be_judged = true;
  store(folder / "a.jsonl",
        "{\"smiles\": \"CCO\"}\n{\"smiles\": \"C(\"}\nnot JSON\n"
        "{\"smiles\": \"CO\"}\n");
  const SampleFile file = read_sample_file(folder / "a.jsonl", options);
  REQUIRE(file.samples.size() == 4);
  CHECK(file.invalid_count == 2);
  CHECK(file.skipped_count == 0);
  REQUIRE(file.invalid.size() == 2);
  CHECK_THAT(file.invalid[1].source, ContainsSubstring("a.jsonl:3"));
  CHECK(node_count(file.samples[2]) == 0);
  CHECK(node_count(file.samples[3]) == 2);
  CHECK(read_sample_file(folder / "a.jsonl").skipped_count == 2);

  store(folder / "b.jsonl", "{\"n\": 2, \"edges\": [[0, 1]]}\nnot JSON\n");
  CHECK(read_sample_file(folder / "b.jsonl", options).skipped_count == 1);
  store(folder / "c.jsonl", "not JSON\n");
  CHECK(read_sample_file(folder / "c.jsonl", options).skipped_count == 1);
}

TEST_CASE("samples to be judged keep rows that are no molecules, as invalid ones") {
  const TemporaryFolder folder;
  store(folder / "a.smi", "CCO\nNone\nC(C)(C)(C)(C)C\nCO\n");
  SampleFileOptions options;
  options.to_be_judged = true;
  const SampleFile file = read_sample_file(folder / "a.smi", options);
  REQUIRE(file.samples.size() == 4);
  CHECK(file.skipped_count == 0);
  CHECK(file.invalid_count == 2);
  REQUIRE(file.invalid.size() == 2);
  CHECK_THAT(file.invalid[1].source, ContainsSubstring("a.smi:3"));
  CHECK(node_count(file.samples[1]) == 0);
  CHECK(node_count(file.samples[3]) == 2);
  CHECK(file.rows == std::vector<std::int64_t>{0, 1, 2, 3});
  CHECK(read_sample_file(folder / "a.smi").skipped_count == 2);

  store(folder / "b.smi", "None\nNone\n");
  CHECK(read_sample_file(folder / "b.smi", options).samples.empty());
}

TEST_CASE("of many broken rows the first twenty are named") {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 50; ++i) text += "?!\n";
  store(folder / "a.g6", text);
  const auto file = read_sample_file(folder / "a.g6");
  CHECK(file.skipped_count == 50);
  CHECK(file.skipped.size() == 20);
}

TEST_CASE("a format that cannot hold the samples is refused with what is possible") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(open_sample_writer(folder / "a.smi")->write(some_graphs()[0]), ConfigError);
  CHECK_THROWS_AS(open_sample_writer(folder / "a.g6")->write(some_molecules()[0]), ConfigError);
  CHECK_THROWS_WITH(open_sample_writer(folder / "a.pdb"), ContainsSubstring(".jsonl"));
  CHECK_THROWS_AS(require_writable_format("a.tar", "crystal"), ConfigError);
  CHECK_THROWS_AS(require_writable_format("a.csv", "graph"), ConfigError);
  CHECK_THROWS_WITH(require_writable_format("a.smi", "graph"), ContainsSubstring("graphs to"));
  CHECK_NOTHROW(require_writable_format("a.sdf.gz", "molecule"));
}

TEST_CASE("unknown, missing and pointer files are data errors") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(read_sample_file(folder / "missing.smi"), DataError);
  store(folder / "a.pdb", "1\n");
  CHECK_THROWS_WITH(read_sample_file(folder / "a.pdb"), ContainsSubstring(".sdf"));
  store(folder / "a.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
  CHECK_THROWS_WITH(read_sample_file(folder / "a.csv"), ContainsSubstring("Git LFS"));
}

TEST_CASE("a writer that appends goes on behind the last whole record") {
  const TemporaryFolder folder;
  for (const std::string name :
       {"a.smi", "a.sdf", "a.jsonl", "a.csv", "a.smi.gz", "a.sdf.gz", "a.jsonl.gz", "a.tsv.gz"}) {
    INFO(name);
    const auto samples = some_molecules();
    {
      const auto writer = open_sample_writer(folder / name);
      writer->write(samples[0]);
      writer->flush();
      writer->write(samples[1]);
      writer->flush();
      writer->write(samples[2]);
    }
    const auto whole = stored_bytes(folder / name);
    store(folder / name, std::string_view(whole).substr(0, whole.size() - 3));
    const auto writer = open_sample_writer(folder / name, true);
    CHECK(writer->count() == 2);
    writer->write(samples[2]);
    CHECK(writer->count() == 3);
    writer->flush();
    CHECK(stored_bytes(folder / name) == whole);
    CHECK(read_sample_file(folder / name).samples.size() == 3);
  }
}

TEST_CASE("a writer of xyz goes on behind the last whole record") {
  const TemporaryFolder folder;
  Molecule water = parse_smiles("O");
  water.atoms = {{8, 0}, {1, 0}, {1, 0}};
  water.bonds = {{0, 1, 1}, {0, 2, 1}};
  water.positions = {{0, 0, 0.119}, {0, 0.763, -0.477}, {0, -0.763, -0.477}};
  const std::vector<Sample> samples{{water, {{"gap", 1}}}, {Molecule{}, {}}, {water, {}}};
  for (const std::string name : {"a.xyz", "a.extxyz", "a.xyz.gz"}) {
    INFO(name);
    const auto writer = open_sample_writer(folder / name);
    for (const Sample& sample : samples) {
      writer->write(sample);
      writer->flush();
    }
    const auto whole = stored_bytes(folder / name);
    store(folder / name, std::string_view(whole).substr(0, whole.size() - 3));
    const auto again = open_sample_writer(folder / name, true);
    CHECK(again->count() == 2);
    again->write(samples[2]);
    again->flush();
    CHECK(stored_bytes(folder / name) == whole);
    const auto file = read_sample_file(folder / name);
    REQUIRE(file.samples.size() == 3);
    CHECK(std::get<Molecule>(file.samples[2].structure).smiles == "O");
    CHECK(property_or(file.samples[0], "gap", 0) == 1);
  }
  CHECK_THROWS_AS(open_sample_writer(folder / "b.xyz")->write({parse_smiles("O"), {}}),
                  ConfigError);
}

TEST_CASE("text files hold edges or SMILES, and .smiles is .smi") {
  const TemporaryFolder folder;
  store(folder / "a.txt", "0 1\n1 2\n\n0 1\n");
  store(folder / "b.txt", "CCO\nC1CC\n");
  store(folder / "c.smiles", "CCO\n");
  CHECK(read_sample_file(folder / "a.txt").samples.size() == 2);
  CHECK(read_sample_file(folder / "b.txt").samples.size() == 1);
  CHECK(read_sample_file(folder / "b.txt").skipped_count == 1);
  CHECK(read_sample_file(folder / "c.smiles").samples.size() == 1);
}

TEST_CASE("a file cut at any byte loses no whole record") {
  const TemporaryFolder folder;
  write_all(folder / "a.jsonl", some_graphs());
  const auto whole = stored_bytes(folder / "a.jsonl");
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const auto part = whole.substr(0, length);
    store(folder / "cut.jsonl", part);
    const auto lines = std::count(part.begin(), part.end(), '\n');
    CHECK(open_sample_writer(folder / "cut.jsonl", true)->count() == lines);
  }
}

TEST_CASE("without append an old file is replaced, with append a missing one is made") {
  const TemporaryFolder folder;
  write_all(folder / "deep/er/a.g6", some_graphs());
  write_all(folder / "deep/er/a.g6", {some_graphs()[0]});
  CHECK(read_sample_file(folder / "deep/er/a.g6").samples.size() == 1);
  CHECK(open_sample_writer(folder / "new.g6", true)->count() == 0);
}

TEST_CASE("a full disk is a resource error") {
  if (!std::filesystem::exists("/dev/full")) return;
  const TemporaryFolder folder;
  std::filesystem::create_symlink("/dev/full", folder / "a.jsonl");
  const auto writer = open_sample_writer(folder / "a.jsonl");
  writer->write(some_graphs()[0]);
  CHECK_THROWS_WITH(writer->flush(), ContainsSubstring("disk is full"));
}

TEST_CASE("texts beside molecules go into formats that hold them, and are named where not") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a.csv",
                        "name,smiles,logp,source,remark\nethanol,CCO,-0.1,PubChem,\"one\n\n> "
                        "<two>\"\nmethane,C,1,,\n");
  SampleFileOptions options;
  options.keep_texts = true;
  convert_samples(folder / "a.csv", folder / "a.sdf", {});
  const auto sdf = read_sample_file(folder / "a.sdf", options);
  REQUIRE(sdf.texts.size() == 2);
  CHECK(sdf.texts[0] == SampleTexts{{"source", "PubChem"}, {"remark", "one\n \n > <two>"}});
  CHECK(sdf.texts[1].empty());
  CHECK(sdf.samples[0].properties.size() == 1);
  CHECK(molecule_in(sdf.samples[0]).name == "ethanol");
  const auto json = convert_samples(folder / "a.sdf", folder / "a.jsonl", {});
  // JSON knows no order of names.
  const SampleTexts sorted{sdf.texts[0][1], sdf.texts[0][0]};
  CHECK(read_sample_file(folder / "a.jsonl", options).texts ==
        std::vector<SampleTexts>{sorted, {}});
  const auto lines = convert_samples(folder / "a.csv", folder / "a.smi", {});
  REQUIRE(lines.losses.size() == 1);
  CHECK(lines.losses[0] == "what 1 rows have beside numbers and a name is not kept by .smi");
  // The same, in the order and number of the samples, where broken rows count.
  write_file_atomically(folder / "b.csv", "smiles,source\nC1,bad\nCC,good\n");
  options.to_be_judged = true;
  const auto judged = read_sample_file(folder / "b.csv", options);
  REQUIRE(judged.texts.size() == 2);
  CHECK(judged.texts[0].empty());
  CHECK(judged.texts[1] == SampleTexts{{"source", "good"}});
}

TEST_CASE("a table has a column for everything that stands beside some structure") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a.jsonl",
                        R"({"smiles": "CCO", "name": "a, b", "properties": {"logp": -0.1}})"
                        "\n"
                        R"({"smiles": "C", "properties": {"qed": 0.4}, "texts": {"who": "x\"y"}})"
                        "\n");
  SampleFileOptions options;
  options.keep_texts = true;
  const auto source = read_sample_file(folder / "a.jsonl", options);
  for (const char* name : {"a.csv", "a.tsv"}) {
    INFO(name);
    CHECK(convert_samples(folder / "a.jsonl", folder / name, {}).losses.empty());
    const auto table = read_sample_file(folder / name, options);
    CHECK(table.samples == source.samples);
    CHECK(table.texts == source.texts);
  }
  CHECK(read_file(folder / "a.csv") ==
        "smiles,name,logp,qed,who\nCCO,\"a, b\",-0.1,,\nC,,,0.4,\"x\"\"y\"\n");
}

TEST_CASE("names of columns may hold what parts other tables") {
  const TemporaryFolder folder;
  const std::vector<Sample> samples{
      {parse_smiles("CCO"), {{"a;b;c;d", 1}, {"e\tf", 2}, {"g,h", 3}}}};
  for (const char* name : {"a.csv", "a.tsv"}) {
    INFO(name);
    write_all(folder / name, samples);
    CHECK(read_sample_file(folder / name).samples == samples);
  }
}

TEST_CASE("a table that grows takes no sample that its heading has no column for") {
  const TemporaryFolder folder;
  const Sample plain{parse_smiles("CC"), {}};
  const Sample rated{parse_smiles("CCO"), {{"qed", 0.5}}};
  {
    const auto writer = open_sample_writer(folder / "a.csv");
    writer->write(rated);
    writer->write(plain);
  }
  const auto writer = open_sample_writer(folder / "a.csv", true);
  CHECK(writer->count() == 2);
  CHECK_THROWS_WITH(writer->write(Sample{parse_smiles("C"), {{"gap", 1}}}),
                    ContainsSubstring("'gap'"));
  store(folder / "b.csv", "molecule\nCC\n");
  CHECK_THROWS_AS(open_sample_writer(folder / "b.csv", true), ConfigError);
  CHECK_THROWS_WITH(
      open_sample_writer(folder / "c.csv")->write(Sample{parse_smiles("C"), {{"smiles", 1}}}),
      ContainsSubstring("two columns 'smiles'"));
}

TEST_CASE("lists of edges keep the order of nodes, and refuse a graph without any") {
  const TemporaryFolder folder;
  const std::vector<Sample> samples{{Graph{5, {{0, 3}, {1, 3}, {2, 4}}}, {}}, {Graph{2, {}}, {}}};
  write_all(folder / "a.edges", samples);
  CHECK(read_file(folder / "a.edges") == "0\n1\n2\n0 3\n1 3\n2 4\n\n0\n1\n\n");
  CHECK(read_sample_file(folder / "a.edges").samples == samples);
  CHECK_THROWS_AS(open_sample_writer(folder / "b.edges")->write(Sample{Graph{}, {}}), DataError);
}
