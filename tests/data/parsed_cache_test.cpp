// SPDX-License-Identifier: MIT
#include "equigen/data/parsed_cache.h"

#include <fstream>

#include "catch.h"
#include "equigen/molecule/smiles.h"
#include "paths.h"

using namespace equigen;
using testing::TemporaryFolder;

namespace {

SampleFile mixed_file() {
  SampleFile file;
  Molecule molecule = parse_smiles("C[C@H](F)[N+](=O)[O-]");
  molecule.positions.assign(molecule.atoms.size(), {0.1, -2.5, 1e-300});
  molecule.name = "fluoronitroethane";
  file.samples = {{molecule, {{"gap", -0.25}}},
                  {Graph{200, {{0, 199}, {5, 6}}}, {}},
                  {Molecule{}, {{"valid", 0}}}};
  file.rows = {0, 3, 2};
  file.row_count = 4;
  file.skipped_count = 1;
  file.skipped = {{"a.smi:2", "broken"}};
  return file;
}

bool same(const SampleFile& a, const SampleFile& b) {
  return a.samples == b.samples && a.rows == b.rows && a.row_count == b.row_count &&
         a.skipped_count == b.skipped_count && a.skipped.size() == b.skipped.size() &&
         a.skipped.front().source == b.skipped.front().source;
}

std::filesystem::path only_file(const std::filesystem::path& folder) {
  return std::filesystem::directory_iterator(folder)->path();
}

}  // namespace

TEST_CASE("parsed data reads back as it was") {
  const auto again = decode_sample_file(encode_sample_file(mixed_file()));
  REQUIRE(again.has_value());
  CHECK(same(*again, mixed_file()));
}

TEST_CASE("parsed data with a missing or altered byte is not read") {
  const auto bytes = encode_sample_file(mixed_file());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto altered = bytes;
    altered[i] = static_cast<char>(altered[i] ^ 0x10);
    CHECK_FALSE(decode_sample_file(altered).has_value());
    CHECK_FALSE(decode_sample_file(std::string_view(bytes).substr(0, i)).has_value());
  }
}

TEST_CASE("a second look-up comes from the cache") {
  const TemporaryFolder folder;
  int made = 0;
  const auto make = [&] {
    ++made;
    return mixed_file();
  };
  CHECK(same(cached(folder.path(), "a", make), mixed_file()));
  CHECK(same(cached(folder.path(), "a", make), mixed_file()));
  CHECK(made == 1);
  cached(folder.path(), "b", make);
  CHECK(made == 2);
}

TEST_CASE("a damaged cache entry is made anew") {
  const TemporaryFolder folder;
  int made = 0;
  const auto make = [&] {
    ++made;
    return mixed_file();
  };
  cached(folder.path(), "a", make);
  for (const std::string content : {"", "rubbish", "\x1f\x8b\x08 no gzip"}) {
    std::ofstream(only_file(folder.path()), std::ios::binary) << content;
    CHECK(same(cached(folder.path(), "a", make), mixed_file()));
    CHECK(same(cached(folder.path(), "a", make), mixed_file()));
  }
  CHECK(made == 4);
}

TEST_CASE("a cache folder that cannot be written does not stop the run") {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "x";
  CHECK(same(cached(folder / "file/below", "a", mixed_file), mixed_file()));
}
