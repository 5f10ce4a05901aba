// SPDX-License-Identifier: MIT
#include <zip.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/config/value.h"
#include "equigen/crystal/files/poscar.h"
#include "equigen/data/builtin_datasets.h"
#include "equigen/data/convert_samples.h"
#include "equigen/data/data_folders.h"
#include "equigen/data/parsed_cache.h"
#include "equigen/data/sample_files.h"
#include "equigen/data/sample_json.h"
#include "equigen/data/sample_statistics.h"
#include "equigen/data/sample_stream.h"
#include "equigen/testing/example_samples.h"
#include "paths.h"
#include "tar_writer.h"

using namespace equigen;
using equigen::testing::example_crystals;
using equigen::testing::tar_end;
using equigen::testing::tar_entry;
using equigen::testing::TemporaryFolder;

namespace {

const std::string kCifHead =
    "_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n"
    "_cell_angle_beta 90\n_cell_angle_gamma 90\nloop_\n_atom_site_type_symbol\n"
    "_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n";

std::string cif_of(const std::string& element) {
  return "data_a\n" + kCifHead + element + " 0 0 0\n";
}

/// Three rows; the second has an unknown element.
const std::string kTable = ",material_id,cif,gap\n0,m-1,\"" + cif_of("Fe") + "\",1.5\n1,m-2,\"" +
                           cif_of("Qq") + "\",2\n2,m-3,\"" + cif_of("Cu") + "\",\n";

void write_zip(const std::filesystem::path& path,
               const std::vector<std::pair<std::string, std::string>>& files) {
  int code = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  REQUIRE(archive != nullptr);
  for (const auto& [name, text] : files)
    zip_file_add(archive, name.c_str(), zip_source_buffer(archive, text.data(), text.size(), 0), 0);
  REQUIRE(zip_close(archive) == 0);
}

void check_same(const Sample& a, const Sample& b) {
  const Crystal& left = crystal_in(a);
  const Crystal& right = crystal_in(b);
  CHECK(left.atomic_numbers == right.atomic_numbers);
  CHECK(written_identity(left) == written_identity(right));
  CHECK(a.properties == b.properties);
}

std::vector<Sample> generated_crystals() {
  auto samples = example_crystals(7);
  for (Sample& sample : samples) sample.properties = {{"valid_without_correction", 1}};
  samples.insert(samples.begin() + 3, Sample{Crystal{}, {}});
  // A target that nothing could be predicted for keeps its name, which pairs it.
  Crystal named;
  named.name = "target-8";
  samples.emplace_back().structure = named;
  return samples;
}

}  // namespace

TEST_CASE("crystals read back from every format that holds them, record k being sample k") {
  const TemporaryFolder folder;
  const auto samples = generated_crystals();
  for (const std::string name :
       {"a.cif", "a.cif.gz", "a.csv", "a.tsv.gz", "a.extxyz", "a.jsonl", "a.jsonl.gz"}) {
    INFO(name);
    open_sample_writer(folder / name)->write(std::span(samples));
    const auto file = read_sample_file(folder / name);
    CHECK(file.skipped_count == 0);
    REQUIRE(file.samples.size() == samples.size());
    for (std::size_t k = 0; k < samples.size(); ++k) check_same(file.samples[k], samples[k]);
    CHECK(crystal_in(file.samples[3]).name.empty());
    CHECK(crystal_in(file.samples[8]).name == "target-8");
    auto writer = open_sample_writer(folder / name, true);
    CHECK(writer->count() == 9);
    writer->write(samples[0]);
    writer->flush();
    CHECK(read_sample_file(folder / name).samples.size() == 10);
  }
  auto writer = open_sample_writer(folder / "POSCAR");
  writer->write(samples[0]);
  writer->flush();
  check_same(read_sample_file(folder / "POSCAR").samples.at(0), {samples[0].structure, {}});
  CHECK_THROWS_AS(writer->write(samples[1]), ConfigError);
}

TEST_CASE("crystals are converted to CIF with their space groups") {
  const TemporaryFolder folder;
  Crystal salt{Lattice::from_parameters({{5.64, 5.64, 5.64}, {90, 90, 90}}), {}, {}, "salt"};
  const double half = 0.5;
  for (const Vector3& at : {Vector3{0, 0, 0}, {0, half, half}, {half, 0, half}, {half, half, 0}}) {
    salt.fractional_coordinates.push_back(at);
    salt.atomic_numbers.push_back(11);
    salt.fractional_coordinates.push_back({at[0] + half, at[1], at[2]});
    salt.atomic_numbers.push_back(17);
  }
  open_sample_writer(folder / "a.jsonl")->write({salt, {}});
  const SampleWriteOptions write{.symmetry_tolerance = 0.01};
  convert_samples(folder / "a.jsonl", folder / "a.cif", {}, {}, write);
  CHECK_THAT(read_file(folder / "a.cif"), ContainsSubstring("_space_group_IT_number 225"));
  const Crystal again = crystal_in(read_sample_file(folder / "a.cif").samples.at(0));
  CHECK(written_identity(again) == written_identity(salt));
  CHECK_THROWS_AS(convert_samples(folder / "a.jsonl", folder / "b.extxyz", {}, {}, write),
                  ConfigError);
}

TEST_CASE("crystals and what cannot hold them are refused with their names") {
  const TemporaryFolder folder;
  const auto samples = example_crystals(1);
  CHECK_THROWS_AS(require_writable_format(folder / "a.smi", "crystal"), ConfigError);
  CHECK_THROWS_AS(require_writable_format(folder / "a.cif", "molecule"), ConfigError);
  CHECK_THROWS_AS(open_sample_writer(folder / "a.smi")->write(samples[0]), ConfigError);
  CHECK_THROWS_WITH(molecule_in(samples[0]),
                    ContainsSubstring("a molecule is needed") && ContainsSubstring("is a crystal"));
}

TEST_CASE("a table with a column of CIF holds crystals, and dirty rows are named") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a.csv.gz", kTable);
  const auto file = read_sample_file(folder / "a.csv.gz");
  REQUIRE(file.samples.size() == 2);
  CHECK(file.rows == std::vector<std::int64_t>{0, 2});
  CHECK(crystal_in(file.samples[1]).name == "m-3");
  CHECK(file.samples[0].properties == std::vector<std::pair<std::string, double>>{{"gap", 1.5}});
  CHECK(file.samples[1].properties.empty());
  REQUIRE(file.skipped_count == 1);
  CHECK(file.skipped[0].source.ends_with("a.csv.gz:16"));
  CHECK_THAT(file.skipped[0].reason, ContainsSubstring("'Qq'"));
  const auto judged = read_sample_file(
      folder / "a.csv.gz", {.smiles_column = {}, .to_be_judged = true, .cif_column = {}});
  CHECK(judged.samples.size() == 3);
  CHECK(judged.invalid_count == 1);
  CHECK(node_count(judged.samples[1]) == 0);
}

TEST_CASE("the column of CIF may have another name, and molecules stay molecules") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a.csv", "id,structure\nx,\"" + cif_of("Fe") + "\"\n");
  const auto file =
      read_sample_file(folder / "a.csv", {.smiles_column = "structure", .cif_column = "structure"});
  CHECK(structure_kind(file.samples.at(0)) == "crystal");
  write_file_atomically(folder / "b.csv", "smiles,specific_heat\nCCO,1\n");
  CHECK(structure_kind(read_sample_file(folder / "b.csv").samples.at(0)) == "molecule");
  write_file_atomically(folder / "c.csv", "text,heat\nCCO,1\n");
  CHECK(structure_kind(
            read_sample_file(folder / "c.csv", {.smiles_column = "text", .cif_column = "text"})
                .samples.at(0)) == "molecule");
}

TEST_CASE("tables and frames of crystals come in pieces with the lines of the file") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a.csv", kTable);
  std::vector<std::string> names, skipped;
  stream_sample_file(
      folder / "a.csv", {},
      [&](const SampleFile& piece) {
        for (const Sample& sample : piece.samples) names.push_back(crystal_in(sample).name);
        for (const SkippedRow& row : piece.skipped) skipped.push_back(row.source);
      },
      1);
  CHECK(names == std::vector<std::string>{"m-1", "m-3"});
  REQUIRE(skipped.size() == 1);
  CHECK(skipped[0].ends_with("a.csv:16"));
  const auto result = convert_samples(folder / "a.csv", folder / "a.cif", {});
  CHECK(result.written == 2);
  CHECK(read_sample_file(folder / "a.cif").samples.size() == 2);
  CHECK_THROWS_AS(convert_samples(folder / "a.cif", folder / "a.smi", {}), ConfigError);
}

TEST_CASE("a zip of crystals is read in its order, other files apart, broken ones named") {
  const TemporaryFolder folder;
  const auto samples = example_crystals(1);
  write_zip(folder / "a.zip", {{"x/1.cif", cif_of("Fe")},
                               {"x/README.md", "text"},
                               {"x/2.cif", cif_of("Qq")},
                               {"POSCAR_3", poscar_text(crystal_in(samples[0]))},
                               {"4.csv", kTable}});
  const auto file = read_sample_file(folder / "a.zip");
  CHECK(file.row_count == 6);
  CHECK(file.rows == std::vector<std::int64_t>{0, 2, 3, 5});
  REQUIRE(file.skipped_count == 2);
  CHECK(file.skipped[0].source.ends_with("a.zip:x/2.cif, line 1"));
  write_file_atomically(folder / "b.zip", "no archive");
  CHECK_THROWS_AS(read_sample_file(folder / "b.zip"), DataError);
}

TEST_CASE("a tar of crystals is read as a zip of them is") {
  const TemporaryFolder folder;
  const std::string archive =
      tar_entry("x/1.cif", cif_of("Fe")) + tar_entry("x/README.md", "text") +
      tar_entry("x/2.cif", cif_of("Qq")) + tar_entry("4.csv", kTable) + tar_end();
  write_file_atomically(folder / "a.tar.gz", archive);
  write_file_atomically(folder / "b.tar", archive);
  write_file_atomically(folder / "c.tgz", gzip_compress(archive));
  for (const char* name : {"a.tar.gz", "b.tar", "c.tgz"}) {
    const auto file = read_sample_file(folder / name);
    CHECK(file.row_count == 5);
    CHECK(file.rows == std::vector<std::int64_t>{0, 2, 4});
    REQUIRE(file.skipped_count == 2);
    CHECK(file.skipped[0].source.ends_with(std::string(name) + ":x/2.cif, line 1"));
  }
  CHECK(convert_samples(folder / "a.tar.gz", folder / "a.jsonl", {}).written == 3);
}

TEST_CASE("texts beside crystals go into formats that hold them") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a.csv", "material_id,cif,gap,mineral,remark\nm-1,\"" +
                                              cif_of("Fe") +
                                              "\",1.5,it's iron,\"two\n\n;lines\"\nm-2,\"" +
                                              cif_of("Cu") + "\",,,data_x\n");
  const std::vector<SampleTexts> expected{{{"mineral", "it's iron"}, {"remark", "two\n\n;lines"}},
                                          {{"remark", "data_x"}}};
  SampleFileOptions options;
  options.keep_texts = true;
  CHECK(read_sample_file(folder / "a.csv", options).texts == expected);
  CHECK(read_sample_file(folder / "a.csv").texts.empty());
  SampleWriteOptions symmetric;
  symmetric.symmetry_tolerance = 0.01;
  const auto converted = [&](const char* name, const SampleWriteOptions& write = {}) {
    const auto result = convert_samples(folder / "a.csv", folder / name, {}, {}, write);
    for (const std::string& loss : result.losses)
      CHECK(loss.find("beside numbers") == std::string::npos);
    const auto file = read_sample_file(folder / name, options);
    CHECK(file.samples[0].properties.size() == 1);
    return file.texts;
  };
  CHECK(converted("a.jsonl") == expected);
  // An empty line ends a record of a .cif that grows, and a ; a text: both get a blank in front.
  for (const auto& texts : {converted("a.cif"), converted("b.cif", symmetric)}) {
    REQUIRE(texts.size() == 2);
    CHECK(texts[0][0] == expected[0][0]);
    CHECK(texts[0][1].second == "two\n \n ;lines");
    CHECK(texts[1] == expected[1]);
  }
  const auto frames = converted("a.extxyz");
  CHECK(frames[0][0] == expected[0][0]);
  CHECK(frames[0][1].second == "two  ;lines");
}

TEST_CASE("crystals are given as JSON by vectors or by parameters") {
  const Sample sample = parse_sample_json(
      R"({"lattice":[4,4,4,90,90,90],"atoms":["Cs",17],"fractional":[[0,0,0],[0.5,0.5,0.5]]})");
  CHECK(crystal_in(sample).atomic_numbers == std::vector<std::uint8_t>{55, 17});
  CHECK(parse_sample_json(to_sample_json(sample)) == sample);
  for (const char* broken :
       {R"({"lattice":[4,4,4],"atoms":[],"fractional":[]})",
        R"({"lattice":[4,4,4,90,90,90],"atoms":[1],"fractional":[]})",
        R"({"lattice":[4,4,4,90,90,90],"atoms":[104],"fractional":[[0,0,0]]})",
        R"({"lattice":[4,4,4,90,90,90],"atoms":["Qq"],"fractional":[[0,0,0]]})",
        R"({"lattice":[4,4,4,90,90,90],"atoms":[1],"fractional":[[0,0]]})",
        R"({"lattice":null,"atoms":[1],"fractional":[[0,0,0]]})"})
    CHECK_THROWS_AS(parse_sample_json(broken), DataError);
}

TEST_CASE("crystals go through the cache and are described") {
  SampleFile file;
  file.samples = generated_crystals();
  file.rows.resize(9);
  file.row_count = 9;
  const auto again = decode_sample_file(encode_sample_file(file));
  REQUIRE(again);
  CHECK(again->samples == file.samples);
  file.samples.push_back(file.samples[0]);
  const auto statistics = describe_samples(file.samples);
  CHECK(statistics.crystals == 10);
  CHECK(statistics.empty == 2);
  CHECK(statistics.distinct == 7);
  CHECK(statistics.repeated.size() == 1);
  CHECK(std::ranges::any_of(statistics.properties,
                            [](const auto& item) { return item.name == "density (g/cm³)"; }));
  const auto summary = summarise("salts", example_crystals(6));
  CHECK(summary.structure == "crystal");
  CHECK(summary.size_histogram == std::vector<std::int64_t>{0, 0, 2, 2, 2});
  CHECK_FALSE(summary.elements.empty());
  CHECK(DataSummary::from_json(summary.to_json()).size_histogram == summary.size_histogram);
}

TEST_CASE("every crystal of the field's data sets is read", "[slow]") {
  for (const auto& [name, count] : {std::pair{"perov_5/val.csv.gz", 3787},
                                    {"perov_5/test.csv.gz", 3785},
                                    {"carbon_24/test.csv.gz", 2030},
                                    {"mp_20_biternary/test.csv.gz", 7118},
                                    {"mp_20_mini/mp_20_mini.csv.gz", 2573},
                                    {"mpts_52/val.csv.gz", 5000}}) {
    const auto folder =
        equigen::testing::data_beside_checkout(std::filesystem::path(name).parent_path().string());
    if (!folder) {
      WARN("skipped: there is no " << name << " beside the checkout");
      continue;
    }
    const auto file = read_sample_file(*folder / std::filesystem::path(name).filename());
    INFO(name);
    CHECK(static_cast<int>(file.samples.size()) == count);
    CHECK(file.skipped_count == 0);
  }
}
