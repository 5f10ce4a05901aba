// SPDX-License-Identifier: MIT
#include <zip.h>

#include <algorithm>

#include "catch.h"
#include "equigen/base/error.h"
#include "equigen/base/file.h"
#include "equigen/base/gzip_members.h"
#include "equigen/data/parsed_cache.h"
#include "equigen/data/plain_text.h"
#include "equigen/data/sample_files.h"
#include "paths.h"
#include "tar_writer.h"

using namespace equigen;
using equigen::testing::tar_end;
using equigen::testing::tar_entry;
using equigen::testing::TemporaryFolder;

namespace {

constexpr const char* kMark = "\xEF\xBB\xBF";

std::string cif_of(const std::string& name, const std::string& element) {
  return "data_" + name +
         "\n_cell_length_a 4\n_cell_length_b 4\n_cell_length_c 4\n_cell_angle_alpha 90\n"
         "_cell_angle_beta 90\n_cell_angle_gamma 90\nloop_\n_atom_site_type_symbol\n"
         "_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n" +
         element + " 0 0 0\n";
}

std::string json_of(const std::string& lattice, const std::string& name) {
  return R"({"lattice":)" + lattice + R"(,"atoms":[26],"fractional":[[0,0,0]],"name":")" + name +
         "\"}\n";
}

SampleFile judged(const std::filesystem::path& path) {
  SampleFileOptions options;
  options.to_be_judged = true;
  return read_sample_file(path, options);
}

std::vector<std::string> names_of(const SampleFile& file) {
  std::vector<std::string> names;
  for (const Sample& sample : file.samples) names.push_back(crystal_in(sample).name);
  return names;
}

void write_zip(const std::filesystem::path& path,
               const std::vector<std::pair<std::string, std::string>>& files) {
  int code = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  REQUIRE(archive != nullptr);
  for (const auto& [name, text] : files) {
    const auto index = zip_file_add(archive, name.c_str(),
                                    zip_source_buffer(archive, text.data(), text.size(), 0), 0);
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
  }
  REQUIRE(zip_close(archive) == 0);
}

}  // namespace

TEST_CASE("rows that cannot be read keep their names and say why") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a.cif", cif_of("x", "Fe") + cif_of("y", "Qq"));
  write_file_atomically(folder / "a.csv", "material_id,cif\nx,\"" + cif_of("1", "Fe") + "\"\ny,\"" +
                                              cif_of("2", "Qq") + "\"\n");
  write_file_atomically(
      folder / "a.extxyz",
      "1\nLattice=\"4 0 0 0 4 0 0 0 4\" name=x\nFe 0 0 0\n"
      "1\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3 name=y\nQq 0 0 0\n");
  write_file_atomically(folder / "a.jsonl",
                        json_of("[4,4,4,90,90,90]", "x") + json_of("[4,4,4]", "y"));
  for (const char* name : {"a.cif", "a.csv", "a.extxyz", "a.jsonl"}) {
    INFO(name);
    const SampleFile file = judged(folder / name);
    CHECK(names_of(file) == std::vector<std::string>{"x", "y"});
    REQUIRE(file.samples.size() == 2);
    CHECK(node_count(file.samples[1]) == 0);
    CHECK(file.samples[0].fault.empty());
    CHECK_FALSE(file.samples[1].fault.empty());
    CHECK(file.samples[1].fault == file.invalid.at(0).reason);
    const auto again = decode_sample_file(encode_sample_file(file));
    REQUIRE(again);
    CHECK(again->samples == file.samples);
  }
}

TEST_CASE("broken lines of JSON count as invalid crystals, and cells must be possible") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a.jsonl", "{\"broken\n" + json_of("[4,4,4,90,90,90]", "x") +
                                                json_of("[4,4,-4,90,90,90]", "length") +
                                                json_of("[4,4,4,90,90,400]", "angle") +
                                                json_of("[40000,4,4,90,90,90]", "long") +
                                                json_of("[[40000,0,0],[0,4,0],[0,0,4]]", "vector"));
  const SampleFile file = judged(folder / "a.jsonl");
  CHECK(file.samples.size() == 6);
  CHECK(file.invalid_count == 5);
  CHECK(file.skipped_count == 0);
  CHECK(node_count(file.samples.at(1)) == 1);
}

TEST_CASE("a byte order mark and other line ends cost no crystal") {
  const TemporaryFolder folder;
  const std::string cif = cif_of("x", "Fe") + cif_of("y", "Cu");
  std::string carriage_returns = cif;
  std::ranges::replace(carriage_returns, '\n', '\r');
  std::string indented;
  for (const char* name : {"x", "y"}) indented.append("  ").append(cif_of(name, "Fe"));
  const std::string frame = "1\nLattice=\"4 0 0 0 4 0 0 0 4\"\nFe 0 0 0\n";
  const std::string line = json_of("[4,4,4,90,90,90]", "x");
  const std::string table = "material_id,cif\nx,\"" + cif_of("1", "Fe") + "\"\n";
  write_file_atomically(folder / "mark.cif", kMark + cif);
  write_file_atomically(folder / "returns.cif", carriage_returns);
  write_file_atomically(folder / "indented.cif", indented);
  write_file_atomically(folder / "mark.extxyz", kMark + frame + frame);
  write_file_atomically(folder / "mark.jsonl", kMark + line + line);
  write_file_atomically(folder / "mark.csv.gz",
                        kMark + table + "y,\"" + cif_of("2", "Fe") + "\"\n");
  for (const char* name :
       {"mark.cif", "returns.cif", "indented.cif", "mark.extxyz", "mark.jsonl", "mark.csv.gz"}) {
    INFO(name);
    const SampleFile file = judged(folder / name);
    CHECK(file.samples.size() == 2);
    CHECK(file.invalid_count + file.skipped_count == 0);
  }
  CHECK(crystal_in(judged(folder / "mark.csv.gz").samples.at(0)).name == "x");
  CHECK_THROWS_WITH(plain_text("\xFF\xFEx"), ContainsSubstring("UTF-16"));
}

TEST_CASE("damaged files within an archive count, and packed ones are unpacked") {
  const TemporaryFolder folder;
  write_zip(folder / "a.zip", {{"1.cif", cif_of("x", "Fe")},
                               {"2.cif.gz", gzip_compress(cif_of("y", "Cu"))},
                               {"3.cif", cif_of("z", "Co")}});
  std::string bytes = read_file(folder / "a.zip");
  bytes[bytes.find("Co 0 0 0")] = 'X';
  write_file_atomically(folder / "b.zip", bytes);
  write_file_atomically(folder / "c.tar",
                        tar_entry("1.cif", cif_of("x", "Fe")) +
                            tar_entry("2.cif.gz", gzip_compress(cif_of("y", "Cu"))) +
                            tar_entry("3.cif", cif_of("z", "Qq")) + tar_end());
  CHECK(names_of(judged(folder / "a.zip")) == std::vector<std::string>{"x", "y", "z"});
  for (const char* name : {"b.zip", "c.tar"}) {
    const SampleFile file = judged(folder / name);
    CHECK(file.samples.size() == 3);
    CHECK(file.invalid_count == 1);
    CHECK_FALSE(file.samples.at(2).fault.empty());
    CHECK(read_sample_file(folder / name).skipped_count == 1);
  }
}

TEST_CASE("of a zip that is cut off the whole files are read") {
  const TemporaryFolder folder;
  write_zip(folder / "a.zip", {{"1.cif", cif_of("x", "Fe")},
                               {"2.cif.gz", gzip_compress(cif_of("y", "Cu"))},
                               {"3.cif", cif_of("z", "Co")}});
  const std::string bytes = read_file(folder / "a.zip");
  write_file_atomically(folder / "b.zip", bytes.substr(0, bytes.find("Co 0 0 0")));
  const SampleFile file = judged(folder / "b.zip");
  CHECK(names_of(file) == std::vector<std::string>{"x", "y", ""});
  CHECK(file.invalid_count == 1);
  CHECK_THAT(file.samples.back().fault, ContainsSubstring("cut off"));
  write_file_atomically(folder / "c.zip", bytes.substr(0, 20));
  CHECK_THROWS_AS(judged(folder / "c.zip"), DataError);
}

TEST_CASE("of a file that gzip cut off the whole crystals are read") {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 200; ++i) text += cif_of(std::to_string(i), i % 2 == 0 ? "Fe" : "Cu");
  const std::string packed = gzip_compress(text);
  write_file_atomically(folder / "a.cif", packed.substr(0, packed.size() * 3 / 4));
  const SampleFile file = judged(folder / "a.cif");
  CHECK(file.samples.size() > 20);
  CHECK(file.samples.size() < 200);
  CHECK(file.invalid_count == 1);
  CHECK_THAT(file.samples.back().fault, ContainsSubstring("ends too early"));
  write_file_atomically(folder / "b.cif", packed.substr(0, 12));
  CHECK_THROWS_AS(judged(folder / "b.cif"), DataError);
  CHECK(unpacked(packed + packed).text == text + text);
  CHECK(unpacked(packed, 100).text.size() == 100);
}

TEST_CASE("a folder of crystals is read in the order of its names") {
  const TemporaryFolder folder;
  make_folder(folder / "set/sub");
  write_file_atomically(folder / "set/b.cif", cif_of("second", "Fe"));
  write_file_atomically(folder / "set/a.cif", cif_of("first", "Fe"));
  write_file_atomically(folder / "set/sub/c.cif.gz", cif_of("third", "Qq"));
  write_file_atomically(folder / "set/notes.md", "text");
  const SampleFile file = judged(folder / "set");
  CHECK(names_of(file) == std::vector<std::string>{"first", "second", "third"});
  CHECK(file.invalid_count == 1);
  make_folder(folder / "empty");
  CHECK_THROWS_AS(judged(folder / "empty"), DataError);
}

TEST_CASE("text that is no crystal at all is not judged as one") {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a.cif", "hello world\n");
  const SampleFile file = judged(folder / "a.cif");
  CHECK(file.samples.empty());
  CHECK(file.skipped_count == 1);
  // Beside others it is meant to be one.
  write_file_atomically(folder / "set/a.cif", "hello world\n");
  write_file_atomically(folder / "set/b.cif", cif_of("x", "Fe"));
  CHECK(judged(folder / "set").invalid_count == 1);
  CHECK(judged(folder / "set").samples.size() == 2);
}
